import {Interrupted} from './interrupt.ts'

export interface Kept<T> {
  readonly value: T
  /** Why it ended before all was asked. */
  readonly ended?: 'interrupted' | 'timeout'
}

/** How long the work may take to wind up once it was told to end. */
const graceMs = 5_000

/**
 * Runs work that Ctrl-C, SIGTERM or the time tells to end with what it has. A second Ctrl-C, or work that does not wind up, rejects with Interrupted.
 */
export async function keeping<T>(timeoutMs: number, work: (signal: AbortSignal) => Promise<T>): Promise<Kept<T>> {
  const interrupt = new AbortController()
  const giveUp = new AbortController()
  const onSignal = () => {
    if (interrupt.signal.aborted) return giveUp.abort()
    interrupt.abort(new Interrupted('interrupted'))
    setTimeout(() => giveUp.abort(), graceMs).unref()
  }
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal)
  const time = AbortSignal.timeout(timeoutMs)
  try {
    const value = await Promise.race([work(AbortSignal.any([interrupt.signal, time])), abandoned(giveUp.signal)])
    return {value, ...(interrupt.signal.aborted ? {ended: 'interrupted' as const} : time.aborted && {ended: 'timeout' as const})}
  } catch (error) {
    throw interrupt.signal.aborted ? new Interrupted('interrupted') : error
  } finally {
    process.off('SIGINT', onSignal).off('SIGTERM', onSignal)
  }
}

const abandoned = (signal: AbortSignal) =>
  new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(new Interrupted('interrupted')), {once: true}))

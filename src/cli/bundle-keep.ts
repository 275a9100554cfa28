import {Interrupted} from './interrupt.ts'

/** How the asking ends, while what was said is still written. */
export interface Ending {
  /** Aborts at the first Ctrl-C, SIGTERM or SIGHUP, and when the time is over. */
  readonly signal: AbortSignal
  /** Why it ended before all was asked, if it did. */
  why(): 'interrupted' | 'timeout' | undefined
  /** Waits for work that ends with the signal; work that does not wind up, or fails after Ctrl-C, rejects with Interrupted. */
  asking<T>(work: Promise<T>): Promise<T>
}

/** How long the asking may take to wind up once it was told to end. */
export const graceMs = 5_000

/** A session over ssh that is lost hangs up: what was collected by then is kept, too. */
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/**
 * Runs work that Ctrl-C, SIGTERM, SIGHUP or the time tells to end its asking and to close with what it has. A second signal rejects with Interrupted at once,
 * whatever the work is at.
 */
export async function keeping<T>(timeoutMs: number, work: (ending: Ending) => Promise<T>): Promise<T> {
  const interrupt = new AbortController()
  const giveUp = Promise.withResolvers<never>()
  giveUp.promise.catch(() => {})
  const onSignal = () => {
    if (interrupt.signal.aborted) giveUp.reject(new Interrupted('interrupted twice'))
    interrupt.abort(new Interrupted('interrupted'))
  }
  for (const name of signals) process.on(name, onSignal)
  const time = AbortSignal.timeout(timeoutMs)
  try {
    return await Promise.race([work(endingOf(interrupt.signal, time)), giveUp.promise])
  } finally {
    for (const name of signals) process.off(name, onSignal)
  }
}

function endingOf(interrupt: AbortSignal, time: AbortSignal): Ending {
  return {
    signal: AbortSignal.any([interrupt, time]),
    why: () => (interrupt.aborted ? 'interrupted' : time.aborted ? 'timeout' : undefined),
    async asking(work) {
      const late = Promise.withResolvers<never>()
      const wait = () => void setTimeout(() => late.reject(interrupt.reason), graceMs).unref()
      interrupt.addEventListener('abort', wait, {once: true})
      if (interrupt.aborted) wait()
      try {
        return await Promise.race([work, late.promise])
      } catch (error) {
        throw interrupt.aborted ? interrupt.reason : error
      } finally {
        interrupt.removeEventListener('abort', wait)
      }
    },
  }
}

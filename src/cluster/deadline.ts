import {NoAnswer} from './no-answer.ts'
import {duration} from './words.ts'

/** The time one request or exec has, from now, with all its tries. */
export interface Deadline {
  /** Aborts with a NoAnswer that says which time was over. */
  readonly signal: AbortSignal
  leftMs(): number
  /** `work`, or the NoAnswer when that comes first. */
  race<T>(work: Promise<T>): Promise<T>
  clear(): void
}
export interface Bounds {
  readonly timeoutMs: number
  /** Ends when the overall time is over. */
  readonly signal?: AbortSignal
}

export function startDeadline({timeoutMs, signal}: Bounds): Deadline {
  const started = performance.now()
  const stop = new AbortController()
  const over = Promise.withResolvers<never>()
  over.promise.catch(() => {})
  const end = (message: string) => {
    const error = new NoAnswer('timeout', message)
    over.reject(error)
    stop.abort(error)
  }
  const ended = () => end(isInterrupted(signal) ? 'interrupted before the answer was whole' : 'the overall time was over')
  const timer = setTimeout(() => end(`no complete answer in ${duration(timeoutMs)}`), timeoutMs)
  signal?.addEventListener('abort', ended)
  if (signal?.aborted) ended()
  return {
    signal: stop.signal,
    leftMs: () => timeoutMs - (performance.now() - started),
    race: work => Promise.race([work, over.promise]),
    clear: () => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', ended)
    },
  }
}

/** By its name: the error is the command line's. */
const isInterrupted = (signal: AbortSignal | undefined) => signal?.reason instanceof Error && signal.reason.name === 'Interrupted'

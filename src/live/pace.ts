import {setTimeout as sleep} from 'node:timers/promises'

/** Lets through at most so many a second, evenly: a turn each 1000/n milliseconds, whoever asks. */
export function paceOf(perSecond: number): (signal: AbortSignal) => Promise<void> {
  const gapMs = 1_000 / perSecond
  let next = 0
  return async signal => {
    const now = performance.now()
    const at = Math.max(now, next)
    next = at + gapMs
    if (at > now) await sleep(at - now, undefined, {signal}).catch(() => {})
  }
}

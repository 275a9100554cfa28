import {setTimeout as sleep} from 'node:timers/promises'
import type {Answer} from './exchange.ts'

const maxTries = 4

/**
 * Milliseconds until the server wants to be asked again, if that is within the time that is left. A kube-apiserver says so with 429 (priority and
 * fairness, storage that is not ready) and 503 (start-up); a 503 without Retry-After is an aggregated API that is down, and stays so.
 */
export function retryDelay({status, headers}: Pick<Answer, 'status' | 'headers'>, tries: number, leftMs: number): number | undefined {
  const asked = retryAfter(headers['retry-after'])
  const delay = status === 429 ? (asked ?? 1_000) : status === 503 ? asked : undefined
  return delay !== undefined && tries < maxTries && delay < leftMs ? delay : undefined
}

/** Seconds or a date (RFC 9110, section 10.2.3). */
function retryAfter(header: string | undefined): number | undefined {
  if (header === undefined) return undefined
  if (/^\d{1,6}$/.test(header)) return Number(header) * 1_000
  const until = Date.parse(header) - Date.now()
  return Number.isNaN(until) ? undefined : Math.max(0, until)
}

/** Ends early, without an error, when the signal does. */
export const pause = (ms: number, signal: AbortSignal): Promise<void> => sleep(ms, undefined, {signal}).catch(() => {})

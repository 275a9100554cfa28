import {UsageError} from '../engine/errors.ts'

const unitMs = {ms: 1, s: 1_000, m: 60_000, h: 3_600_000} as const

/** Milliseconds of `15s`, `2m`, `1m30s`, `500ms`, as kubectl takes them; a bare number is seconds. Throws UsageError. */
export function durationMs(text: string): number {
  if (/^\d+$/.test(text) && Number(text) > 0) return Number(text) * 1_000
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/g)]
  const total = parts.reduce((sum, [, count, unit]) => sum + Number(count) * unitMs[unit as keyof typeof unitMs], 0)
  if (parts.map(([part]) => part).join('') !== text || total <= 0)
    throw new UsageError(`not a duration: ${JSON.stringify(text)}`, 'Write it as 15s, 2m or 1m30s.')
  return total
}

/** Numbers in few columns. */
export const bytesText = (bytes: number): string => {
  const power = Math.min(4, Math.max(0, Math.floor(Math.log2(Math.max(1, bytes)) / 10)))
  const value = bytes / 1024 ** power
  return `${value < 10 && power > 0 ? value.toFixed(1) : Math.round(value)}${['B', 'K', 'M', 'G', 'T'][power]}`
}

/** `850µs`, `12ms`, `1.4s`. */
export function secondsText(seconds: number): string {
  if (seconds < 0.001) return `${Math.round(seconds * 1e6)}us`
  if (seconds < 1) return `${seconds < 0.01 ? (seconds * 1e3).toFixed(1) : Math.round(seconds * 1e3)}ms`
  return seconds < 100 ? `${seconds.toFixed(1)}s` : `${Math.round(seconds)}s`
}

/** `0`, `0.4`, `12`, `3.4k`, `2.1M`. */
export function countText(value: number): string {
  if (!Number.isFinite(value)) return 'huge'
  const size = Math.abs(value)
  if (size >= 1e6) return `${(value / 1e6).toFixed(1)}M`
  if (size >= 10_000) return `${(value / 1e3).toFixed(1)}k`
  return Number.isInteger(value) || size >= 10 ? String(Math.round(value)) : value.toFixed(1)
}

/** Of one core, `12%`. */
export const shareText = (share: number): string => `${share < 0.0995 ? (share * 100).toFixed(1) : Math.round(share * 100)}%`

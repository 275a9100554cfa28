/** `45s`, `5m12s`, `12m`, `5h3m`, `20h`, `3d4h`, `77d`, `2y31d`: two units while the larger is small (apimachinery: util/duration.HumanDuration). */
export function ageOf(since: string | undefined, now: string): string {
  const seconds = Math.floor((Date.parse(now) - Date.parse(since ?? '')) / 1000)
  if (Number.isNaN(seconds)) return '<unknown>'
  if (seconds < -1) return '<invalid>'
  const [minutes, hours, days] = [60, 3_600, 86_400].map(unit => Math.floor(seconds / unit)) as [number, number, number]
  if (seconds < 120) return `${Math.max(0, seconds)}s`
  if (minutes < 10) return both(minutes, 'm', seconds % 60, 's')
  if (minutes < 180) return `${minutes}m`
  if (hours < 8) return both(hours, 'h', minutes % 60, 'm')
  if (hours < 48) return `${hours}h`
  if (hours < 192) return both(days, 'd', hours % 24, 'h')
  if (days < 730) return `${days}d`
  return days < 2_920 ? both(Math.floor(days / 365), 'y', days % 365, 'd') : `${Math.floor(days / 365)}y`
}

const both = (large: number, largeUnit: string, small: number, smallUnit: string) => `${large}${largeUnit}${small === 0 ? '' : `${small}${smallUnit}`}`

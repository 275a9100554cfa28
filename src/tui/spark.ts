import type {Look, Series} from './state.ts'

const blocks = '▁▂▃▄▅▆▇█'
const ascii = '_.-=+*#@'

/** The newest values as bars, from 0 to the largest shown; a round without a value is a blank, which is not 0. */
export function spark(series: Series, width: number, {unicode}: Look): string {
  const signs = unicode ? blocks : ascii
  const shown = series.slice(-width)
  const most = shown.reduce<number>((most, value) => Math.max(most, value ?? 0), 0)
  const bars = shown.map(value => (value === undefined ? ' ' : signs[most === 0 ? 0 : Math.min(7, Math.floor((value / most) * 8))]!))
  return bars.join('').padStart(width)
}

import {columns} from '../reporters/wrap.ts'
import type {Line, Style} from './line.ts'
import type {Look} from './state.ts'

/**
 * Blue and orange, which people tell apart whatever their eyes (Okabe and Ito), on dark and on light ground; from the 256 that every terminal of today has.
 */
const colours: Readonly<Record<Style, string>> = {plain: '', strong: '1', dim: '2', good: '38;5;33', bad: '1;38;5;208', warn: '38;5;172', accent: '1;38;5;33'}
/** Bold, faint and inverse are no colours: NO_COLOR leaves them. */
const withoutColour: Readonly<Record<Style, string>> = {plain: '', strong: '1', dim: '2', good: '', bad: '1', warn: '', accent: '1'}

/** One line as a terminal gets it: SGR sequences and text, nothing else. The line under the cursor is inverse over the whole width. */
export function paint({spans, selected, stale}: Line, width: number, {colour}: Look): string {
  const codes = colour ? colours : withoutColour
  const around = [...(selected ? ['7'] : []), ...(stale ? ['2'] : [])]
  const parts = spans.map(({text, style = 'plain'}) => {
    const code = [...around, ...(selected ? [] : codes[style] === '' ? [] : [codes[style]])].join(';')
    return code === '' || text === '' ? text : `\x1b[${code}m${text}\x1b[0m`
  })
  if (!selected) return parts.join('')
  const used = spans.reduce((sum, {text}) => sum + columns(text), 0)
  return `${parts.join('')}\x1b[7m${' '.repeat(Math.max(0, width - used))}\x1b[0m`
}

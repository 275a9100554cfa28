import {printable, toAscii} from '../reporters/printable.ts'
import {columns} from '../reporters/wrap.ts'
import type {Look} from './state.ts'

/** What a piece of a line means: how it looks is for `paint` to say. Each has a sign or words beside it, for colour alone tells nothing. */
export type Style = 'plain' | 'strong' | 'dim' | 'good' | 'bad' | 'warn' | 'accent'
export interface Span {
  readonly text: string
  readonly style?: Style
}
/** One row of the screen, never wider than it. */
export interface Line {
  readonly spans: readonly Span[]
  /** The cursor is here. */
  readonly selected?: boolean
  /** Old data: drawn faint. */
  readonly stale?: boolean
}
export const line = (...spans: readonly (Span | string)[]): Line => ({spans: spans.map(span => (typeof span === 'string' ? {text: span} : span))})
export const empty: Line = {spans: []}

/** Text that came from a cluster: one line, nothing a terminal obeys. */
export function safe(text: string, {unicode}: Look, max = 400): string {
  return plain.test(text) && text.length <= 100 ? text : printable(text, {ascii: !unicode, max})
}
const plain = /^[\x20-\x7e]*$/

/** Our own words: typographic signs where the terminal shows them. */
export const ours = (text: string, {unicode}: Look): string => (unicode || plain.test(text) ? text : toAscii(text))

/** Cut to so many columns, the last of them `…` when something was cut; wide characters count two. */
export function clip(text: string, width: number, {unicode}: Look): string {
  if (columns(text) <= width) return text
  if (width <= 0) return ''
  let room = width - 1
  let kept = ''
  for (const character of text) {
    room -= columns(character)
    if (room < 0) break
    kept += character
  }
  return `${kept}${unicode ? '…' : '~'}`
}

/** Exactly so many columns. */
export function padded(text: string, width: number, look: Look, align: 'left' | 'right' = 'left'): string {
  const clipped = clip(text, width, look)
  const blanks = ' '.repeat(Math.max(0, width - columns(clipped)))
  return align === 'left' ? clipped + blanks : blanks + clipped
}

/** Cuts the line to the width of the screen, in signs that it shows. */
export function clipLine(given: Line, width: number, look: Look): Line {
  let room = width
  const spans = given.spans.flatMap(span => {
    if (room <= 0) return []
    const text = clip(ours(span.text, look), room, look)
    room -= columns(text)
    return [{...span, text}]
  })
  return {...given, spans}
}

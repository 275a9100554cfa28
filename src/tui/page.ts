import {columns, wrap} from '../reporters/wrap.ts'
import {type Line, line, type Span, type Style} from './line.ts'

/** Pages are lines of text under headings: the overview, what a row opens, the help. */

export const heading = (text: string): Line => line({text, style: 'strong'})

/** Broken at blanks, and inside a word that is wider than the line, so that nothing is lost. `hang` columns stand before each further line. */
export function paragraph(text: string, width: number, {indent = 0, hang = indent, style}: {indent?: number; hang?: number; style?: Style} = {}): Line[] {
  const room = Math.max(10, width - Math.max(indent, hang))
  return wrap(text, room)
    .flatMap(piece => broken(piece, room))
    .map((piece, index) => line(' '.repeat(index === 0 ? indent : hang), {text: piece, ...(style && {style})}))
}

/** As it is, blanks and all: for what may be copied. */
export const verbatim = (text: string, width: number, {indent, style}: {indent: number; style?: Style}): Line[] =>
  broken(text, Math.max(10, width - indent)).map(piece => line(' '.repeat(indent), {text: piece, ...(style && {style})}))

function broken(text: string, width: number): string[] {
  if (columns(text) <= width) return [text]
  const pieces = ['']
  let used = 0
  for (const character of text) {
    const size = columns(character)
    if (used + size > width) {
      pieces.push('')
      used = 0
    }
    pieces[pieces.length - 1] += character
    used += size
  }
  return pieces
}

export const labelWidth = 18
/** `label             text`, the text hanging under itself. `mark` is a sign of one column. */
export function field(label: string, text: string, width: number, {mark, style}: {mark?: Span; style?: Style} = {}): Line[] {
  const [first, ...rest] = paragraph(text, width, {indent: labelWidth, hang: labelWidth, ...(style && {style})})
  const head = line(mark ?? ' ', ' ', {text: label.slice(0, labelWidth - 3).padEnd(labelWidth - 2), style: 'dim'})
  return [{spans: [...head.spans, ...first!.spans.slice(1)]}, ...rest]
}

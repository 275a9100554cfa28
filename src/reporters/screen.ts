import {styleText} from 'node:util'
import {printable, printableCommand, printableName, toAscii} from './printable.ts'
import {wrap} from './wrap.ts'

/** How text for people is laid out. */
export interface Screen {
  /** Columns. */
  readonly width: number
  readonly colour: boolean
  /** false: ASCII only. */
  readonly unicode: boolean
}

export type Mark = 'pass' | 'error' | 'warning' | 'info' | 'unknown' | 'not-applicable'
/** The sign alone tells what it means; colour only helps to find it. */
const signs: Readonly<Record<Mark, readonly [unicode: string, ascii: string, colour: 'green' | 'red' | 'yellow' | 'cyan' | 'magenta' | 'gray']>> = {
  pass: ['✓', '+', 'green'],
  error: ['✗', 'x', 'red'],
  warning: ['!', '!', 'yellow'],
  info: ['i', 'i', 'cyan'],
  unknown: ['?', '?', 'magenta'],
  'not-applicable': ['-', '-', 'gray'],
}

/** Writes for one screen. Everything that came from a cluster goes through `safe` or `name`. */
export interface Pen {
  readonly screen: Screen
  /** Untrusted text, one line. */
  safe(text: string, max?: number): string
  /** An untrusted name. */
  name(text: string): string
  /** One line of a command: escaped, whole, blanks kept. */
  command(line: string): string
  mark(mark: Mark): string
  bold(text: string): string
  dim(text: string): string
  /** Wrapped text, `first` before the first line and blanks of the same width before the others. `columnsOfFirst` when it holds colour. */
  lines(text: string, first?: string, columnsOfFirst?: number): string[]
  /** The finished page: ASCII where the screen shows no more. */
  page(lines: readonly string[]): string
}

export function penFor(screen: Screen): Pen {
  const ascii = !screen.unicode
  // validateStream: whether to colour is decided by whoever made the screen, not by this process' stdout.
  const paint = (colour: Parameters<typeof styleText>[0], text: string) => (screen.colour ? styleText(colour, text, {validateStream: false}) : text)
  return {
    screen,
    safe: (text, max) => printable(text, {ascii, ...(max !== undefined && {max})}),
    command: line => printableCommand(line, ascii),
    name: text => printableName(text, ascii),
    mark: mark => paint(signs[mark][2], signs[mark][ascii ? 1 : 0]),
    bold: text => paint('bold', text),
    dim: text => paint('dim', text),
    lines: (text, first = '', columnsOfFirst = first.length) =>
      wrap(text, Math.max(20, screen.width - columnsOfFirst)).map((line, index) => `${index === 0 ? first : ' '.repeat(columnsOfFirst)}${line}`),
    page: lines => `${lines.map(line => (ascii ? asciiKeepingColour(line) : line).trimEnd()).join('\n')}\n`,
  }
}

const asciiKeepingColour = (line: string) =>
  line
    .split(/(\x1b\[\d+m)/)
    .map((part, index) => (index % 2 === 1 ? part : toAscii(part)))
    .join('')

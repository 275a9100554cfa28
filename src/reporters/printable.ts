/** What a terminal would obey or hide: controls, bidi and other format characters, lone surrogates, separators, unassigned and private code points. */
const unprintable = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Co}\p{Cn}]/gu
/** More combining marks than any script stacks: they would paint over the lines around. */
const stackedMarks = /(\p{M}{4})\p{M}+/gu
/** A name, an address, a path. */
const word = /\S+/gu
const longestName = 100

export interface PrintableOptions {
  /** Characters; what is over becomes `…`. Default 400. */
  readonly max?: number
  /** Characters of a run without blanks. Default 100. */
  readonly longestWord?: number
  /** For terminals that show ASCII only: typographic signs become their ASCII likeness, the rest is escaped. */
  readonly ascii?: boolean
}

/** Text that came from a cluster, safe to show: one line, nothing a terminal obeys, bounded. Escapes are visible: `\x1b`, `\n`, `\u202e`. */
export function printable(text: string, {max = 400, longestWord = longestName, ascii = false}: PrintableOptions = {}): string {
  // Bounded before it is worked on: a name may be 10 MB. Twice, because a character may be two code units.
  const shown = text
    .slice(0, 2 * max + 2)
    .replace(unprintable, visible)
    .replace(stackedMarks, '$1')
    .replace(word, run => cut(run, longestWord))
  const bounded = cut(shown, max)
  return ascii ? toAscii(bounded) : bounded
}

/** A longer command is not shown: cut, it would do half of what is meant, and a quote left open would free the words after it. */
const longestCommand = 4_000

/**
 * One line of a command that is there to be pasted, whole. Names stand in single quotes, so nothing may become a quote that was none: for ASCII
 * terminals every other sign is escaped, where text would get ' for ’.
 */
export function printableCommand(line: string, ascii = false): string {
  if (line.length > longestCommand) return '# too long to be shown here: -o json has it'
  const shown = line.replace(unprintable, visible)
  return ascii ? shown.replace(/[^\x20-\x7e]/gu, visible) : shown
}

/** A name for a list of names: cut at 100 characters. */
export const printableName = (name: string, ascii = false): string => printable(name, {max: longestName, ascii})

function visible(character: string): string {
  const short = shortEscapes[character]
  if (short !== undefined) return short
  const code = character.codePointAt(0)!
  if (code <= 0xff) return `\\x${code.toString(16).padStart(2, '0')}`
  return code <= 0xffff ? `\\u${code.toString(16).padStart(4, '0')}` : `\\u{${code.toString(16)}}`
}
const shortEscapes: Readonly<Record<string, string>> = {'\n': String.raw`\n`, '\r': String.raw`\r`, '\t': String.raw`\t`}

/** By code points, so that no surrogate pair is torn. */
function cut(text: string, max: number): string {
  if (text.length <= max) return text
  const characters = [...text]
  return characters.length <= max ? text : `${characters.slice(0, max - 1).join('')}…`
}

/** Our own texts' signs, for terminals that show ASCII only. */
export function toAscii(text: string): string {
  return text.replace(/[^\x20-\x7e\n]/gu, character => likeness[character] ?? visible(character))
}
const likeness: Readonly<Record<string, string>> = {
  '…': '...',
  '·': '-',
  '–': '-',
  '—': '-',
  '−': '-',
  '×': 'x',
  '÷': '/',
  '→': '->',
  '⇄': '<->',
  '≥': '>=',
  '≤': '<=',
  '≠': '!=',
  '≈': '~',
  '‘': "'",
  '’': "'",
  '“': '"',
  '”': '"',
  '§': 'section ',
  '\u00a0': ' ',
}

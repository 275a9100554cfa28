/** The part of regular expressions that can be matched without going back: no look-around, no back references. */
export type Node =
  | {readonly kind: 'char'; readonly test: Test}
  | {readonly kind: 'assert'; readonly what: '^' | '$' | 'b' | 'B'}
  | {readonly kind: 'all'; readonly parts: readonly Node[]}
  | {readonly kind: 'any'; readonly parts: readonly Node[]}
  | {readonly kind: 'repeat'; readonly part: Node; readonly least: number; readonly most: number}
/** Of one character in lower case. */
export type Test = (character: string) => boolean

class PatternError extends Error {}
interface Reader {
  readonly text: string
  at: number
  depth: number
}
const deepest = 50
const mostRepeats = 100

/** The pattern, or what is wrong with it in words. */
export function parsePattern(text: string): Node | string {
  const reader: Reader = {text, at: 0, depth: 0}
  try {
    const node = alternatives(reader)
    return reader.at < text.length ? 'a ) without (' : node
  } catch (error) {
    if (error instanceof PatternError) return error.message
    throw error
  }
}

function alternatives(reader: Reader): Node {
  const parts = [sequence(reader)]
  while (reader.text[reader.at] === '|') {
    reader.at++
    parts.push(sequence(reader))
  }
  return parts.length === 1 ? parts[0]! : {kind: 'any', parts}
}

function sequence(reader: Reader): Node {
  const parts: Node[] = []
  while (reader.at < reader.text.length && !'|)'.includes(reader.text[reader.at]!)) parts.push(quantified(reader))
  return {kind: 'all', parts}
}

function quantified(reader: Reader): Node {
  let part = atom(reader)
  for (let count = quantifier(reader); count; count = quantifier(reader)) {
    if (part.kind === 'repeat') throw new PatternError('nothing to repeat')
    part = {kind: 'repeat', part, ...count}
    if (reader.text[reader.at] === '?') reader.at++
  }
  return part
}

const counted = /\{(\d{1,4})(,(\d{0,4}))?\}/y
function quantifier(reader: Reader): {least: number; most: number} | undefined {
  const sign = reader.text[reader.at]
  if (sign === '*' || sign === '+' || sign === '?') {
    reader.at++
    return {least: sign === '+' ? 1 : 0, most: sign === '?' ? 1 : Number.POSITIVE_INFINITY}
  }
  counted.lastIndex = reader.at
  const match = counted.exec(reader.text)
  if (!match) return undefined
  const least = Number(match[1])
  const most = match[2] === undefined ? least : match[3] === '' ? Number.POSITIVE_INFINITY : Number(match[3])
  if (most < least) throw new PatternError('numbers out of order in {}')
  if (least > mostRepeats || (most > mostRepeats && most !== Number.POSITIVE_INFINITY)) throw new PatternError(`more than ${mostRepeats} repeats`)
  reader.at += match[0].length
  return {least, most}
}

function atom(reader: Reader): Node {
  const character = next(reader)
  switch (character) {
    case '(':
      return group(reader)
    case '[':
      return {kind: 'char', test: set(reader)}
    case '.':
      return {kind: 'char', test: () => true}
    case '^':
    case '$':
      return {kind: 'assert', what: character}
    case '\\':
      return escaped(reader)
    case '*':
    case '+':
    case '?':
      throw new PatternError('nothing to repeat')
    default:
      return {kind: 'char', test: same(character)}
  }
}

function group(reader: Reader): Node {
  if (++reader.depth > deepest) throw new PatternError('too many groups in each other')
  if (reader.text[reader.at] === '?') {
    if (!reader.text.startsWith('?:', reader.at)) throw new PatternError('look-around and named groups are not known here')
    reader.at += 2
  }
  const node = alternatives(reader)
  if (reader.text[reader.at] !== ')') throw new PatternError('a ( without )')
  reader.at++
  reader.depth--
  return node
}

function escaped(reader: Reader): Node {
  const character = next(reader, 'a \\ at the end')
  if (character === 'b' || character === 'B') return {kind: 'assert', what: character}
  if (/[1-9]/.test(character)) throw new PatternError('back references are not known here')
  return {kind: 'char', test: classes[character] ?? same(character)}
}

const isDigit: Test = character => character >= '0' && character <= '9'
export const isWord: Test = character => /^\w$/.test(character)
const isSpace: Test = character => /^\s$/.test(character)
const not =
  (test: Test): Test =>
  character =>
    !test(character)
const classes: Readonly<Record<string, Test | undefined>> = Object.assign(Object.create(null) as object, {
  d: isDigit,
  D: not(isDigit),
  w: isWord,
  W: not(isWord),
  s: isSpace,
  S: not(isSpace),
})

function same(wanted: string): Test {
  const lower = wanted.toLowerCase()
  return character => character === lower
}

/** After `[`, to the `]`. */
function set(reader: Reader): Test {
  const negated = reader.text[reader.at] === '^'
  if (negated) reader.at++
  const tests: Test[] = []
  while (reader.text[reader.at] !== ']' || tests.length === 0) tests.push(member(reader))
  reader.at++
  return character => tests.some(test => test(character)) !== negated
}

const unended = 'a [ without ]'
function member(reader: Reader): Test {
  const first = next(reader, unended)
  if (first === '\\') {
    const character = next(reader, unended)
    const known = classes[character]
    if (known) return known
    return range(character, reader)
  }
  return range(first, reader)
}

function range(from: string, reader: Reader): Test {
  const isRange = reader.text[reader.at] === '-' && reader.at + 1 < reader.text.length && reader.text[reader.at + 1] !== ']'
  if (!isRange) return same(from)
  reader.at++
  const to = next(reader, unended)
  if (to < from) throw new PatternError('letters out of order in []')
  return character => (character >= from && character <= to) || (character.toUpperCase() >= from && character.toUpperCase() <= to)
}

function next(reader: Reader, otherwise = 'it ends too early'): string {
  const character = reader.text[reader.at]
  if (character === undefined) throw new PatternError(otherwise)
  reader.at++
  return character
}

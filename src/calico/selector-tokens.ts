/** A word of Calico's selector grammar (libcalico-go/lib/selector/tokenizer). */
export interface Token {
  readonly kind: (typeof signs)[number] | (typeof operators)[number][0] | 'string' | 'label' | 'has' | 'all' | 'global'
  /** Of a string, without its quotes; of a label and of has(), the label. */
  readonly text: string
}

const signs = ['==', '!=', '&&', '||', '!', '(', ')', '{', '}', ','] as const
/** Keywords only after a label: elsewhere they are labels themselves. No blank is needed inside `starts with` or before a quote. */
const operators = [
  ['contains', /contains/y],
  ['starts with', /starts[ \t]*with/y],
  ['ends with', /ends[ \t]*with/y],
  ['not in', /not[ \t]*in\b/y],
  ['in', /in\b/y],
] as const
/** Only space and tab are blanks; a newline is an error there and here. `has(` is one word, blanks may follow inside. */
const blanks = /[ \t]*/y
const label = /[A-Za-z0-9_./-]{1,512}/y
const has = /has\([ \t]*([A-Za-z0-9_./-]{1,512})[ \t]*\)/y
const all = /all\([ \t]*\)/y
const global = /global\([ \t]*\)/y
/** No escapes: a string ends at the next quote of its kind. */
const string = /"([^"]*)"|'([^']*)'/y

/** Splits a selector; `rest` is what could not be read, when there is any. */
export function tokensOf(text: string): {tokens: Token[]; rest?: string} {
  const tokens: Token[] = []
  for (let at = skip(text, 0); at < text.length; ) {
    const [token, length] = tokenAt(text, at, tokens.at(-1)?.kind === 'label') ?? []
    if (!token || !length) return {tokens, rest: text.slice(at)}
    tokens.push(token)
    at = skip(text, at + length)
  }
  return {tokens}
}

const skip = (text: string, at: number) => at + (match(blanks, text, at)?.[0].length ?? 0)

function tokenAt(text: string, at: number, afterLabel: boolean): [Token, number] | undefined {
  const sign = signs.find(sign => text.startsWith(sign, at))
  if (sign) return [{kind: sign, text: ''}, sign.length]
  const quoted = match(string, text, at)
  if (quoted) return [{kind: 'string', text: quoted[1] ?? quoted[2] ?? ''}, quoted[0].length]
  for (const [kind, word] of afterLabel ? operators : []) {
    const found = match(word, text, at)
    if (found) return [{kind, text: ''}, found[0].length]
  }
  return wordAt(text, at)
}

function wordAt(text: string, at: number): [Token, number] | undefined {
  for (const [kind, word] of [
    ['has', has],
    ['all', all],
    ['global', global],
    ['label', label],
  ] as const) {
    const found = match(word, text, at)
    if (found) return [{kind, text: found[1] ?? found[0]}, found[0].length]
  }
  return undefined
}

function match(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at
  return pattern.exec(text)
}

import {parsePattern} from './pattern.ts'
import {matcherOf} from './pattern-match.ts'

/** Whether a text, in lower case already, is wanted. */
export type Filter = (text: string) => boolean
export type Compiled = {readonly matches: Filter} | {readonly invalid: string}

/** So long a pattern is no filter any more. */
const longest = 200

/**
 * What is typed after `/`: a regular expression without regard to case; `!` before it turns it round. It is matched by machinery of our own whose time grows with the text only:
 * JavaScript's takes for ever on `(a+)+$`, and there is no way to stop it. `invalid` is for people: what is wrong. Never throws.
 */
export function compileFilter(typed: string): Compiled {
  const inverted = typed.startsWith('!')
  const pattern = inverted ? typed.slice(1) : typed
  if (pattern === '') return {matches: () => true}
  if (pattern.length > longest) return {invalid: `longer than ${longest} characters`}
  const matches = /[\\^$.*+?()[\]{}|]/.test(pattern) ? matcherFor(pattern) : literal(pattern.toLowerCase())
  if (typeof matches === 'string') return {invalid: matches}
  return {matches: inverted ? text => !matches(text) : matches}
}

const literal =
  (wanted: string): Filter =>
  text =>
    text.includes(wanted)

function matcherFor(pattern: string): Filter | string {
  const parsed = parsePattern(pattern)
  return typeof parsed === 'string' ? parsed : matcherOf(parsed)
}

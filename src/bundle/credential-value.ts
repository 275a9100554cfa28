/** Where a value begins and ends. */
export interface Range {
  readonly start: number
  readonly end: number
}
interface Named {
  /** `:`, `=`, or none. */
  readonly separator: string | undefined
  /** What stands before the value. */
  readonly name: string
  /** Where that begins. */
  readonly from: number
}

/**
 * Quoted: up to the same quote. A list: up to its end. After `=`: up to a blank. After `:`: the rest of the line where it is YAML, which needs no quotes around
 * blanks, and with it the block below a `|`; in prose one word: `failed to fetch token: Post "https://…": connection refused` tells why. Undefined for an object.
 */
export function valueAt(text: string, start: number, {separator, name, from}: Named): Range | undefined {
  const quote = /\\{0,3}["']/y
  quote.lastIndex = start
  const [mark] = quote.exec(text) ?? []
  if (mark !== undefined) return {start: start + mark.length, end: closing(text, start + mark.length, mark)}
  if (isObject(text, start)) return undefined
  if (text[start] === '[') return {start, end: endAt(text, start, /[\]\r\n]/g, 1)}
  if (separator === '=') return {start, end: endAt(text, start, /[\s"'\\,;&]/g)}
  const indent = indentOfKey(text, from)
  if (indent !== undefined) return {start, end: endOfBlock(text, start, indent) ?? endAt(text, start, /[\r\n"'\\]/g)}
  return {start, end: endAt(text, start, /^(?:pass|authorization)/i.test(name) ? /[\r\n"'\\]/g : afterScheme(text, start))}
}

/** `{"user":…`, `{{ .Values.x }}`; `{SSHA}…` is a hash. */
function isObject(text: string, at: number): boolean {
  const object = /\{\s{0,8}(?:[{}"'\\\s]|$)/y
  object.lastIndex = at
  return object.test(text)
}

/** `token: Bearer x` are two words. */
const afterScheme = (text: string, at: number) => (/^(?:bearer|basic)[ \t]/i.test(text.slice(at, at + 7)) ? /(?<!bearer|basic)[\s"'\\]/gi : /[\s"'\\]/g)

function endAt(text: string, from: number, stop: RegExp, and = 0): number {
  stop.lastIndex = from
  const found = stop.exec(text)
  return found ? found.index + (found[0] === ']' ? and : 0) : text.length
}

/** A quote with more backslashes before it than the opening one is part of the value. */
function closing(text: string, start: number, mark: string): number {
  for (let at = text.indexOf(mark, start); at >= 0; at = text.indexOf(mark, at + 1)) if (text[at - 1] !== '\\') return at
  return text.length
}

/** Columns before a key that begins its line, `- ` too; undefined in the middle of one. */
function indentOfKey(text: string, at: number): number | undefined {
  const line = text.slice(Math.max(0, at - 200, text.lastIndexOf('\n', at - 1) + 1), at)
  const isStart = at - line.length === 0 || text[at - line.length - 1] === '\n'
  const [, indent] = /^([ \t]*(?:- +)*)["']?[\w.-]*$/.exec(line) ?? []
  return isStart ? indent?.length : undefined
}

/** The lines of a YAML block scalar (`|`, `>-`): all that are indented deeper than their key. */
function endOfBlock(text: string, start: number, indent: number): number | undefined {
  const sign = /[|>][-+\d]{0,2}[ \t]{0,8}\r?\n/y
  sign.lastIndex = start
  if (!sign.test(text)) return undefined
  let end = sign.lastIndex
  while (end < text.length) {
    const next = text.indexOf('\n', end)
    const line = text.slice(end, next < 0 ? text.length : next)
    if (line.trim() !== '' && line.search(/\S/) <= indent) break
    end = next < 0 ? text.length : next + 1
  }
  return text[end - 1] === '\n' ? end - 1 : end
}

import {jsonStream, mostValues, type Shrink} from './json-stream.ts'
import {yamlValue} from './yaml-list.ts'

export interface Documents {
  readonly values: readonly unknown[]
  /** Documents that could not be read. */
  readonly broken: number
}

/** The first lines of an object or a list, as kubectl and calicoctl print them. */
const beginning = /^(?:apiVersion|kind|items|metadata)[ \t]*:/m

/**
 * JSON or YAML documents out of a text: one, several with `---` between, or one after another as JSON. A text that was copied out of a terminal with the prompt
 * before it is read from its first line of YAML on. `cut`: the text goes on where we stopped, so the last document is not believed.
 * `shrink` is done to each item of a list as soon as it was read. Never throws.
 */
export function documentsIn(text: string, cut = false, shrink: Shrink = item => item): Documents {
  const plain = text.startsWith('\uFEFF') ? text.slice(1) : text
  const start = plain.search(/\S/)
  if (start < 0) return {values: [], broken: 0}
  if (plain[start] === '{' || plain[start] === '[') return jsonStream(plain.slice(start), shrink)
  if (isDump(plain)) return jsonStream(plain, shrink)
  return yamlDocuments(plain, cut, shrink)
}

const isDump = (text: string) => /^[{[]\s*$/m.test(text.slice(0, 10_000)) && !beginning.test(text.slice(0, 10_000))

function yamlDocuments(text: string, cut: boolean, shrink: Shrink): Documents {
  const values: unknown[] = []
  let broken = cut ? 1 : 0
  for (const part of parts(text, cut)) {
    if (!/^[^#\s]/m.test(part)) continue
    if (values.length + broken >= mostValues) return {values, broken: broken + 1}
    const value = yamlValue(part, shrink) ?? yamlValue(withoutPrompt(part), shrink)
    if (value === undefined) broken++
    else values.push(value)
  }
  return {values, broken}
}

/** What stands between lines of `---`, without the last part of a text that goes on. */
function* parts(text: string, cut: boolean): Generator<string> {
  let from = 0
  for (const mark of text.matchAll(/^---(?:[ \t].*)?\r?$/gm)) {
    yield text.slice(from, mark.index)
    from = mark.index + mark[0].length
  }
  if (!cut) yield text.slice(from)
}

/** What was typed stands before what was printed. Anything else before it is part of the document, and what cannot be read with it is not read without. */
function withoutPrompt(text: string): string {
  const start = text.slice(0, 10_000).search(beginning)
  return start > 0 && /\b(?:kubectl|calicoctl|oc)\b/.test(text.slice(0, start)) ? text.slice(start) : ''
}

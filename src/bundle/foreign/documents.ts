import {load} from 'js-yaml'
import {deepest, jsonStream} from './json-stream.ts'

export interface Documents {
  readonly values: readonly unknown[]
  /** Documents that could not be read. */
  readonly broken: number
}

/** The first lines of an object or a list, as kubectl and calicoctl print them. */
const beginning = /^(?:apiVersion|kind|items|metadata)[ \t]*:/m

/**
 * JSON or YAML documents out of a text: one, several with `---` between, or one after another as JSON. A text that was copied out of a terminal with the prompt
 * before it is read from its first line of YAML on. `cut`: the text goes on where we stopped, so the last document is not believed. Never throws.
 */
export function documentsIn(text: string, cut = false): Documents {
  const plain = text.startsWith('\uFEFF') ? text.slice(1) : text
  const start = plain.search(/\S/)
  if (start < 0) return {values: [], broken: 0}
  if (plain[start] === '{' || plain[start] === '[') return jsonStream(plain.slice(start))
  if (isDump(plain)) return jsonStream(plain)
  return yamlDocuments(plain, cut)
}

const isDump = (text: string) => /^[{[]\s*$/m.test(text.slice(0, 10_000)) && !beginning.test(text.slice(0, 10_000))

function yamlDocuments(text: string, cut: boolean): Documents {
  const values: unknown[] = []
  let broken = cut ? 1 : 0
  const parts = text.split(/^---(?:[ \t].*)?\r?$/m)
  for (const part of cut ? parts.slice(0, -1) : parts) {
    if (!/^[^#\s]/m.test(part)) continue
    const value = yaml(part) ?? yaml(withoutPrompt(part))
    if (value === undefined) broken++
    else values.push(value)
  }
  return {values, broken}
}

/** What was typed stands before what was printed. Anything else before it is part of the document, and what cannot be read with it is not read without. */
function withoutPrompt(text: string): string {
  const start = text.slice(0, 10_000).search(beginning)
  return start > 0 && /\b(?:kubectl|calicoctl|oc)\b/.test(text.slice(0, start)) ? text.slice(start) : ''
}

/** Without aliases: kubectl writes none, and a few of them make an object of gigabytes. */
function yaml(text: string): unknown {
  try {
    const value = load(text, {maxDepth: deepest, maxAliases: 0})
    return typeof value === 'object' && value !== null ? value : undefined
  } catch {
    return undefined
  }
}

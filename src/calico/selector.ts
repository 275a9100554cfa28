import {type Token, tokensOf} from './selector-tokens.ts'

/** True for labels that a Calico selector selects. */
export type Selector = (labels: Readonly<Record<string, string>>) => boolean
/** The text is no selector of Calico's grammar; `message` says where. */
export class SelectorError extends Error {
  override readonly name = 'SelectorError'
}

/**
 * Calico's own selectors (libcalico-go/lib/selector), not Kubernetes': `has(rack) && zone in {"a", "b"} && !(role contains 'test')`. Empty selects everything;
 * what a field means by an empty selector is that field's business. A label that is not there makes `!=` and `not in` true and every other comparison false;
 * `global()` is true. Throws SelectorError, in time linear to the text.
 */
export function parseSelector(text: string): Selector {
  const tokens = readTokens(text)
  if (tokens.length === 0) return () => true
  const parser: Parser = {tokens, at: 0, depth: 0}
  const selector = either(parser)
  if (parser.at < tokens.length) fail(parser, 'nothing more')
  return selector
}

/** What a selector selects, or undefined when it is none. */
export function selects(text: string, labels: Readonly<Record<string, string>>): boolean | undefined {
  try {
    return parseSelector(text)(labels)
  } catch (error) {
    if (error instanceof SelectorError) return undefined
    throw error
  }
}

interface Parser {
  readonly tokens: readonly Token[]
  at: number
  depth: number
}
/** Brackets within brackets; beyond any that people write, and within our stack. */
const deepest = 200

function readTokens(text: string): Token[] {
  const {tokens, rest} = tokensOf(text)
  if (rest !== undefined) throw new SelectorError(`not understood at character ${text.length - rest.length + 1}: ${JSON.stringify(rest.slice(0, 20))}`)
  return tokens
}

function either(parser: Parser): Selector {
  const parts = [all(parser)]
  while (take(parser, '||')) parts.push(all(parser))
  return parts.length === 1 ? parts[0]! : labels => parts.some(part => part(labels))
}

function all(parser: Parser): Selector {
  const parts = [operation(parser)]
  while (take(parser, '&&')) parts.push(operation(parser))
  return parts.length === 1 ? parts[0]! : labels => parts.every(part => part(labels))
}

function operation(parser: Parser): Selector {
  let negated = false
  while (take(parser, '!')) negated = !negated
  const selector = term(parser)
  return negated ? labels => !selector(labels) : selector
}

function term(parser: Parser): Selector {
  const token = parser.tokens[parser.at++]
  switch (token?.kind) {
    case 'has':
      return labels => Object.hasOwn(labels, token.text)
    case 'all':
    case 'global':
      return () => true
    case 'label':
      return comparison(token.text, parser)
    case '(':
      return group(parser)
    default:
      parser.at--
      return fail(parser, 'a label, has(), all(), global() or "("')
  }
}

function group(parser: Parser): Selector {
  if (++parser.depth > deepest) throw new SelectorError(`brackets nested more than ${deepest} deep`)
  const selector = either(parser)
  expect(parser, ')')
  parser.depth--
  return selector
}

function comparison(label: string, parser: Parser): Selector {
  const operator = parser.tokens[parser.at++]?.kind
  const read = (labels: Readonly<Record<string, string>>) => (Object.hasOwn(labels, label) ? labels[label] : undefined)
  switch (operator) {
    case '==':
    case '!=': {
      const wanted = string(parser)
      return operator === '==' ? labels => read(labels) === wanted : labels => read(labels) !== wanted
    }
    case 'contains':
    case 'starts with':
    case 'ends with':
      return partly(operator, string(parser), read)
    case 'in':
    case 'not in': {
      const set = strings(parser)
      const isIn: Selector = labels => set.has(read(labels))
      return operator === 'in' ? isIn : labels => !isIn(labels)
    }
    default:
      parser.at--
      return fail(parser, `an operator after label ${label.slice(0, 60)}`)
  }
}

type Part = 'contains' | 'starts with' | 'ends with'
function partly(operator: Part, part: string, read: (labels: Readonly<Record<string, string>>) => string | undefined): Selector {
  if (operator === 'contains') return labels => read(labels)?.includes(part) ?? false
  return operator === 'starts with' ? labels => read(labels)?.startsWith(part) ?? false : labels => read(labels)?.endsWith(part) ?? false
}

/** `{"a", 'b',}`: a comma after the last is allowed, and no string at all. */
function strings(parser: Parser): Set<string | undefined> {
  expect(parser, '{')
  const set = new Set<string | undefined>()
  while (parser.tokens[parser.at]?.kind === 'string') {
    set.add(string(parser))
    if (!take(parser, ',')) break
  }
  expect(parser, '}')
  return set
}

function string(parser: Parser): string {
  const token = parser.tokens[parser.at]
  if (token?.kind !== 'string') return fail(parser, 'a string in quotes')
  parser.at++
  return token.text
}

function take(parser: Parser, kind: Token['kind']): boolean {
  if (parser.tokens[parser.at]?.kind !== kind) return false
  parser.at++
  return true
}

function expect(parser: Parser, kind: Token['kind']): void {
  if (!take(parser, kind)) fail(parser, kind)
}

function fail({tokens, at}: Parser, wanted: string): never {
  const found = tokens[at]
  throw new SelectorError(`expected ${wanted}, found ${found ? JSON.stringify((found.text || found.kind).slice(0, 60)) : 'the end'}`)
}

import {namesCredential, strikeText, struck} from './credentials-in-text.ts'

export interface Redacted<T> {
  readonly value: T
  /** How many strings lost something. */
  readonly struckOut: number
}

/** kubectl keeps the whole manifest in it, credentials and all. */
const dropped = new Set(['kubectl.kubernetes.io/last-applied-configuration'])

/** What selectors select by: `secret-zone: a` names a place, and a judgement hangs on it. A value that has the shape of a credential goes all the same. */
const labels = new Set(['labels', 'matchLabels', 'podLabels'])

/**
 * JSON values with everything struck out that looks like a credential, by its name or by its shape. The structure stays: only strings change, and
 * `last-applied-configuration` goes. Pure; doing it twice is doing it once.
 */
export function redact<T>(value: T): Redacted<T> {
  let struckOut = 0
  const strike = (text: string, named: boolean): string => {
    const clean = named && text.trim() !== '' && !/^(?:true|false|null)$/i.test(text) ? struck : strikeText(text)
    if (clean !== text) struckOut++
    return clean
  }
  const visit = (item: unknown, named: boolean): unknown => {
    if (typeof item === 'string') return strike(item, named)
    if (Array.isArray(item)) return item.map((part, index) => visit(part, named || isValueOfFlag(item, index)))
    if (typeof item !== 'object' || item === null) return item
    const entries = Object.entries(item).filter(([key]) => !dropped.has(key))
    return Object.fromEntries(entries.map(([key, part]) => [key, labels.has(key) ? visitLabels(part) : visit(part, isNamed(key, part, item))]))
  }
  const visitLabels = (item: unknown): unknown => {
    if (typeof item !== 'object' || item === null || Array.isArray(item)) return visit(item, false)
    return Object.fromEntries(Object.entries(item).map(([key, part]) => [key, visit(part, false)]))
  }
  const clean = visit(value, false) as T
  return {value: clean, struckOut}
}

/** By its own key, or as the value of an environment variable: `{name: 'DB_PASSWORD', value: 'x'}`. An object under such a name is a reference. */
function isNamed(key: string, part: unknown, owner: object): boolean {
  if (typeof part !== 'string' && !Array.isArray(part)) return false
  if (key === 'value' && 'name' in owner && typeof owner.name === 'string') return namesCredential(owner.name)
  return namesCredential(key)
}

/** `['--token', 'x']`. */
function isValueOfFlag(argv: readonly unknown[], index: number): boolean {
  const [flag, value] = [argv[index - 1], argv[index]]
  return typeof flag === 'string' && /^--?[\w-]+$/.test(flag) && namesCredential(flag) && typeof value === 'string' && !value.startsWith('-')
}

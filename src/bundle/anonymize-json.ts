import type {Anonymizer} from './anonymize.ts'
import {fieldNames} from './anonymize-fields.ts'

type Fields = Readonly<Record<string, unknown>>

/** What versions, times and digests hold looks like names and addresses, and is none. */
const untouched: ReadonlySet<string> = new Set(
  'kernelVersion osImage kubeletVersion containerRuntime gitVersion gitCommit goVersion buildDate uid resourceVersion at start end takenAt createdAt startedAt readyChangedAt finishedAt sha256 packed why'.split(
    ' ',
  ),
)
/** Selectors quote the values of labels, which may be names of nodes. */
const selectors: ReadonlySet<string> = new Set(['nodeSelector', 'peerSelector', 'selector', 'localWorkloadSelector', 'serviceSelector'])

/** JSON with everything in its texts and keys replaced; numbers and structure stay. `names`: whose name a field `name` of the topmost objects holds. */
export function anonymizeJson<T>(value: T, anonymizer: Anonymizer, names?: 'node' | 'pod'): T {
  return visit(value, '', anonymizer, names) as T
}

function visit(value: unknown, key: string, anonymizer: Anonymizer, names: 'node' | 'pod' | undefined): unknown {
  if (typeof value === 'string') return ofText(value, key, anonymizer, names)
  if (Array.isArray(value)) return value.map(item => visit(item, key, anonymizer, names))
  if (typeof value !== 'object' || value === null) return value
  const nested = names !== undefined && key === '' && isListHolder(value) ? names : undefined
  return Object.fromEntries(
    Object.entries(value).map(([own, part]) => {
      const deeper = Array.isArray(part) && own === 'pods' ? nested : typeof part === 'string' ? names : undefined
      return [isWord.test(own) ? own : anonymizer.text(own), visit(part, deeper !== undefined && typeof part !== 'string' ? '' : own, anonymizer, deeper)]
    }),
  )
}
/** The name of a field, whatever a node is called. */
const isWord = /^[A-Za-z]+$/
const isListHolder = (value: object) => 'pods' in value

function ofText(text: string, key: string, anonymizer: Anonymizer, names: 'node' | 'pod' | undefined): string {
  if (untouched.has(key)) return text
  const known = anonymizer.pseudonymOf(text)
  if (known && ((key === 'name' && names !== undefined) || fieldNames(key, text, known))) return anonymizer.name(text)
  if (selectors.has(key))
    return anonymizer.text(text.replaceAll(/(['"])([^'"]{1,253})\1/g, (quoted, sign: string, word: string) => ofSelector(anonymizer, word, sign) ?? quoted))
  if ((key === 'providerId' || key === 'providerID') && !/^[\w-]+:\/\//.test(text)) return anonymizer.text(`x://${text}`).slice(4)
  return anonymizer.text(text)
}

const ofSelector = (anonymizer: Anonymizer, word: string, sign: string) =>
  anonymizer.pseudonymOf(word)?.kind === 'node' ? sign + anonymizer.name(word) + sign : undefined

export const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value)

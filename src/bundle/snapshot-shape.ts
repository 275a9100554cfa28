import type {Why} from '../engine/collected.ts'
import type {Snapshot} from '../engine/snapshot.ts'

type Shape = {readonly snapshot: Snapshot; readonly wrong?: never} | {readonly snapshot?: never; readonly wrong: string}
type Fields = Readonly<Record<string, unknown>>
/** A sentence part that names what is wrong, or undefined. */
type Rule = (value: unknown) => string | undefined

/** Holds parsed JSON to what the engine relies on without looking; what the answers hold is the readers' business, who trust nothing. */
export function snapshotFrom(json: unknown): Shape {
  const wrong = firstWrong(json, {
    schema: is(value => value === 1, 'no schema it knows'),
    takenAt: time,
    durationMs: number,
    source: value =>
      firstWrong(value, {kind: oneOf('live', 'bundle', 'demo'), context: optional(text), server: optional(text), file: optional(text), tool: optional(text)}),
    settings: value => firstWrong(value, {exec: oneOf('pod', 'ssh', 'local', 'none'), checks: listOf(text), nodes: listOf(text)}),
    nodesWanted: collected(listOf(text)),
    evidence: recordOf(listOf(take)),
  })
  return wrong === undefined ? {snapshot: json as Snapshot} : {wrong}
}

const is =
  (test: (value: unknown) => boolean, what: string): Rule =>
  value =>
    test(value) ? undefined : what
const text = is(value => typeof value === 'string', 'no text')
const number = is(value => typeof value === 'number' && Number.isFinite(value), 'no number')
const time = is(value => typeof value === 'string' && value.length < 40 && !Number.isNaN(Date.parse(value)), 'no time')
const oneOf = (...words: readonly string[]) => is(value => typeof value === 'string' && words.includes(value), `none of ${words.join(', ')}`)
const optional =
  (rule: Rule): Rule =>
  value =>
    value === undefined ? undefined : rule(value)

const listOf =
  (rule: Rule): Rule =>
  value =>
    Array.isArray(value) ? first(value, rule) : 'no list'
const recordOf =
  (rule: Rule): Rule =>
  value =>
    isRecord(value) ? first(Object.values(value), rule) : 'no object'

const whys: readonly Why[] = ['absent', 'forbidden', 'timeout', 'unreachable', 'failed', 'not-collected']
const collected =
  (rule: Rule): Rule =>
  value => {
    if (!isRecord(value) || typeof value.known !== 'boolean') return 'neither seen nor unseen'
    if (!value.known) return firstWrong(value, {why: oneOf(...whys), detail: text})
    return firstWrong(value, {value: rule, partial: optional(text)})
  }

const probeOutput: Rule = value =>
  firstWrong(value, {argv: listOf(text), exit: number, stdout: text, stderr: text, cut: optional(text), packed: optional(text)})
const take: Rule = value => {
  const node = isRecord(value) && value.node !== undefined
  return firstWrong(value, {at: time, ms: number, node: optional(text), data: collected(node ? probeOutput : () => undefined)})
}

function firstWrong(value: unknown, rules: Readonly<Record<string, Rule>>): string | undefined {
  if (!isRecord(value)) return 'no object'
  for (const [field, rule] of Object.entries(rules)) {
    const wrong = rule(Object.hasOwn(value, field) ? value[field] : undefined)
    if (wrong !== undefined) return `${field}: ${wrong}`
  }
  return undefined
}

function first(values: readonly unknown[], rule: Rule): string | undefined {
  for (const value of values) {
    const wrong = rule(value)
    if (wrong !== undefined) return wrong
  }
  return undefined
}

const isRecord = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value)

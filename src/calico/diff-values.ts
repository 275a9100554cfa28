import type {Collected, PerNode, Unknown} from '../engine/collected.ts'
import type {Change, Compared, NotComparable} from './diff-model.ts'

/** Fields and what they hold, as text. */
export type Fields = ReadonlyMap<string, string>
type Side = NotComparable['side']

/** Two values that can be held against each other; undefined: it is not there, which was seen. A part of something tells nothing of what it lacks. */
export interface Both<T> {
  readonly a: T | undefined
  readonly b: T | undefined
  readonly partOfA: boolean
  readonly partOfB: boolean
}

/** `absent` is an answer; every other reason leaves nothing to compare. */
export function both<T>(what: string, a: Collected<T> | undefined, b: Collected<T> | undefined, nodes: readonly string[] = []): Compared<Both<T>> {
  const unseen = [unseenIn('A', what, a, nodes), unseenIn('B', what, b, nodes)].filter(item => item !== undefined)
  const parts = [partIn('A', what, a, nodes), partIn('B', what, b, nodes)].filter(item => item !== undefined)
  if (unseen.length > 0) return {changes: [], notComparable: unseen}
  const value = {a: a?.known ? a.value : undefined, b: b?.known ? b.value : undefined, partOfA: a?.known === true && a.partial !== undefined}
  return {changes: [{...value, partOfB: b?.known === true && b.partial !== undefined}], notComparable: parts}
}

const notAsked: Unknown = {known: false, why: 'not-collected', detail: 'nobody asked'}
function unseenIn(side: Side, what: string, collected: Collected<unknown> | undefined, nodes: readonly string[]): NotComparable | undefined {
  const {known, ...rest} = collected ?? notAsked
  if (known || !('why' in rest) || rest.why === 'absent') return undefined
  return {what, side, why: rest.why, detail: rest.detail, nodes}
}

function partIn(side: Side, what: string, collected: Collected<unknown> | undefined, nodes: readonly string[]): NotComparable | undefined {
  if (!collected?.known || collected.partial === undefined) return undefined
  return {what, side, why: 'failed', detail: `seen in part: ${collected.partial}`, nodes}
}

export interface FieldChange {
  readonly field: string
  readonly before: string | null
  readonly after: string | null
}
/** What is missing on a side that was seen in part may be in what was not seen of it, and is no change. */
export function fieldChanges(a: Fields, b: Fields, {partOfA, partOfB}: Pick<Both<unknown>, 'partOfA' | 'partOfB'>): FieldChange[] {
  const names = [...new Set([...a.keys(), ...b.keys()])].sort()
  return names.flatMap(field => {
    const [before, after] = [a.get(field) ?? null, b.get(field) ?? null]
    const doubtful = (before === null && partOfA) || (after === null && partOfB)
    return before === after || doubtful ? [] : [{field, before, after}]
  })
}

/** One value of the whole cluster; seen in part, it is no value to compare. */
export function compareText(what: string, a: Collected<string> | undefined, b: Collected<string> | undefined): Compared<Change> {
  const {changes, notComparable} = both(what, a, b)
  const [pair] = changes
  if (!pair || notComparable.length > 0 || pair.a === pair.b) return {changes: [], notComparable}
  return {changes: [{what, before: pair.a ?? null, after: pair.b ?? null, nodes: []}], notComparable}
}

/** Does a node that one side knows belong to the other, too? */
export type Presence = (node: string, side: 'A' | 'B') => boolean

/** A fact of every node, as fields; nodes that came or went are told elsewhere. */
export function comparePerNode<T>(
  what: string,
  [a, b]: readonly [Collected<PerNode<T>> | undefined, Collected<PerNode<T>> | undefined],
  fieldsOf: (value: T) => Fields,
  present: Presence,
): Compared<Change> {
  const {changes, notComparable} = both(what, a, b)
  const [records] = changes
  if (!records) return {changes: [], notComparable}
  const [one, other] = [records.a ?? {}, records.b ?? {}]
  const compared = namesIn(one, other, present).map(node => {
    const pair = both(what, part(one, node), part(other, node), [node])
    const fields = pair.changes.flatMap(values => fieldChanges(given(values.a, fieldsOf), given(values.b, fieldsOf), values))
    return {changes: fields.map(({field, ...rest}) => ({what: field, ...rest, nodes: [node]})), notComparable: pair.notComparable}
  })
  const all = joined(...compared)
  return {changes: alike(all.changes), notComparable: [...notComparable, ...all.notComparable]}
}

/** Nodes of either side that both clusters have. */
export const namesIn = (one: object, other: object, present: Presence): string[] =>
  [...new Set([...Object.keys(one), ...Object.keys(other)])].filter(node => present(node, 'A') && present(node, 'B')).sort(natural)

export const part = <T>(record: PerNode<T>, node: string): Collected<T> | undefined => (Object.hasOwn(record, node) ? record[node] : undefined)
const none: Fields = new Map()
const given = <T>(value: T | undefined, fieldsOf: (value: T) => Fields) => (value === undefined ? none : fieldsOf(value))

/** The same change on many nodes is one. */
export function alike(changes: readonly Change[]): Change[] {
  const groups = Map.groupBy(changes, ({what, before, after}) => JSON.stringify([what, before, after]))
  return [...groups.values()].map(group => ({...group[0]!, nodes: group.flatMap(({nodes}) => nodes)}))
}

export const joined = <T>(...parts: readonly Compared<T>[]): Compared<T> => ({
  changes: parts.flatMap(({changes}) => changes),
  notComparable: parts.flatMap(({notComparable}) => notComparable),
})

/** The same cause on many nodes, or on both sides, is one. */
export function gathered(items: readonly NotComparable[]): NotComparable[] {
  const key = ({what, why, detail, nodes}: NotComparable) =>
    JSON.stringify([what, why, nodes.reduce((text, node) => text.replaceAll(node || '\0', '<node>'), detail)])
  const ofSide = [...Map.groupBy(items, item => `${item.side} ${key(item)}`).values()].map(group => ({...group[0]!, nodes: group.flatMap(({nodes}) => nodes)}))
  const same = ({nodes, ...item}: NotComparable) => JSON.stringify([key({...item, nodes}), nodes])
  return [...Map.groupBy(ofSide, same).values()].map(group => (group.length > 1 ? {...group[0]!, side: 'both' as const} : group[0]!))
}

/** worker-2 before worker-10. */
export const natural = new Intl.Collator('en', {numeric: true}).compare

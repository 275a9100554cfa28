/** Something we know, or the reason we do not. There is no third, silent state. */
export type Collected<T> = Known<T> | Unknown
export interface Known<T> {
  readonly known: true
  readonly value: T
  /** What was cut off or could not be seen of it: good for findings, not for a pass. */
  readonly partial?: string
}
export interface Unknown {
  readonly known: false
  readonly why: Why
  /** One line for people: which call, which status, which limit. */
  readonly detail: string
}
/**
 * absent: the API or the node said that it is not there · forbidden: we may not see it (401, 403) · timeout: no answer in time ·
 * unreachable: nothing to ask (no connection, no running pod) · failed: an answer we cannot use · not-collected: nobody asked.
 */
export type Why = 'absent' | 'forbidden' | 'timeout' | 'unreachable' | 'failed' | 'not-collected'
/** Filled by the engine with every node that was wanted; a node nobody asked is `not-collected`, never missing. */
export type PerNode<T> = Readonly<Record<string, Collected<T>>>

export const known = <T>(value: T, partial?: string): Known<T> => (partial === undefined ? {known: true, value} : {known: true, value, partial})
export const unknown = (why: Why, detail = ''): Unknown => ({known: false, why, detail})

/** The value, if it was seen. For `uses`: the caller says what it does when it was not. */
export const valueOf = <T>(collected: Collected<T>): T | undefined => (collected.known ? collected.value : undefined)

/** The nodes a per-node fact could be had from; the others are already in the verdict's `missing`. */
export function* seen<T>(fact: PerNode<T>): Generator<[node: string, value: T]> {
  for (const [node, collected] of Object.entries(fact)) if (collected.known) yield [node, collected.value]
}

/** `absent` as a value: nothing there is then an answer, while everything else unseen stays unknown. */
export function orAbsent<T, A>(collected: Collected<T>, absent: A): Collected<T | A> {
  return !collected.known && collected.why === 'absent' ? known(absent) : collected
}

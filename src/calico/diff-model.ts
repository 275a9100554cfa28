import type {Finding, Severity, Subject} from '../engine/check.ts'
import type {Why} from '../engine/collected.ts'
import type {Source} from '../engine/snapshot.ts'

/** What changed between two looks, A before B: data only. What one of them did not see is never "gone" and never "fixed". */
export interface LookDiff {
  readonly a: LookSide
  readonly b: LookSide
  /** The one look twice. */
  readonly sameLook: boolean
  /** What the reader must know first: the order in time, two clusters. */
  readonly notes: readonly string[]
  readonly findings: FindingsDiff
  readonly versions: Compared<Change>
  readonly configuration: Compared<Change>
  readonly nodes: Compared<Change>
  readonly sessions: Compared<SessionChange>
  readonly routes: Compared<Change>
}
export interface LookSide {
  readonly file: string
  readonly takenAt: string
  readonly source: Source
  /** Percent of what the checks need. */
  readonly coverage: number
  readonly nodesSeen: number
  readonly nodesWanted: number
}
export interface Compared<T> {
  readonly changes: readonly T[]
  readonly notComparable: readonly NotComparable[]
}
/** A value before and after; null: it was not there, which was seen. */
export interface Change {
  /** `ippool default-ipv4-ippool: ipipMode`, `kernel`. */
  readonly what: string
  readonly before: string | null
  readonly after: string | null
  /** All nodes with the same change; empty for what belongs to no node. */
  readonly nodes: readonly string[]
}
export interface NotComparable {
  readonly what: string
  /** Where it was not seen. */
  readonly side: 'A' | 'B' | 'both'
  readonly why: Why
  readonly detail: string
  readonly nodes: readonly string[]
}
export interface Peer {
  readonly address: string
  /** The node with this address, where it is one of the cluster's. */
  readonly node: string | null
}
/** Sessions of `nodes` with `peers`, all with the same change. Without peers: BIRD itself. */
export interface SessionChange {
  /** How many: not every one of the nodes need have had a session with every peer. */
  readonly sessions: number
  readonly family: 'IPv4' | 'IPv6'
  readonly nodes: readonly string[]
  readonly peers: readonly Peer[]
  /** `Established`, `Active (Socket: No route to host)`; null: no such session. */
  readonly before: string | null
  readonly after: string | null
  readonly turn: 'worse' | 'better' | 'other'
}

export interface FindingsDiff {
  readonly new: readonly NewFinding[]
  readonly fixed: readonly FixedFinding[]
  readonly still: readonly StillFinding[]
  /** Found in A; B could not tell. */
  readonly notJudged: readonly UnjudgedFinding[]
  /** Checks that passed in A and could not be judged in B. */
  readonly checksNotJudged: readonly {readonly check: string; readonly reason: string}[]
}
export interface NewFinding {
  readonly finding: Finding
  /** Why it may have been there before: A did not see it. */
  readonly maybeOld?: string
}
export interface FixedFinding {
  readonly finding: Finding
  /** Beside that it is no more: the check does not apply any more. */
  readonly note?: string
}
export interface StillFinding {
  readonly finding: Finding
  readonly severityBefore: Severity
  /** Named now and not before. */
  readonly added: readonly Subject[]
  /** Not named any more, and B would have. */
  readonly cleared: readonly Subject[]
  /** Not named any more, and B could not tell. */
  readonly notSeen: readonly Subject[]
}
export interface UnjudgedFinding {
  readonly finding: Finding
  readonly reason: string
}

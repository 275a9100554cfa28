import type {Collected} from './collected.ts'

/** One look at one source: what it said, when, and how long it took. `node` for probes of a node. */
export interface Take {
  /** ISO 8601, our clock. */
  readonly at: string
  readonly ms: number
  readonly node?: string
  readonly data: Collected<unknown>
}

/** Where a snapshot came from: printed, never judged. */
export interface Source {
  readonly kind: 'live' | 'bundle' | 'demo'
  readonly context?: string
  readonly server?: string
  readonly file?: string
  /** What collected it, where it was not calico-doctor: `calicoctl cluster diags archive`. */
  readonly tool?: string
}

/** What was asked for, so that a replay cannot silently differ. */
export interface Settings {
  readonly exec: 'pod' | 'ssh' | 'local' | 'none'
  /** Check ids that were chosen; what only the others need was not collected. */
  readonly checks: readonly string[]
  /** `--node` patterns; empty: every node. */
  readonly nodes: readonly string[]
}

/** What was seen, as it was seen, by source. A bundle is this object, redacted and compressed. */
export interface Snapshot {
  readonly schema: 1
  /** ISO 8601, start of the look. */
  readonly takenAt: string
  readonly durationMs: number
  readonly source: Source
  readonly settings: Settings
  /** Linux nodes that probes should reach. Unknown when neither nodes nor calico-node pods could be listed. */
  readonly nodesWanted: Collected<readonly string[]>
  readonly evidence: Readonly<Record<string, readonly Take[]>>
}

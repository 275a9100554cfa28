import type {Why} from '../engine/collected.ts'

/** The BGP sessions of every wanted node, as `node status` shows them: data only, problems first. */
export interface NodeStatus {
  readonly totals: {
    /** Nodes that were wanted, whatever came of them. */
    readonly nodes: number
    /** Nodes of which nothing that was wanted is missing. */
    readonly seen: number
    /** Seen nodes that run BIRD as they should and have no session down. */
    readonly healthy: number
    readonly sessions: number
    readonly established: number
    readonly down: number
    readonly daemonsDown: number
  }
  /** Nodes whose BIRD answered, or should have run: those with problems first. */
  readonly nodes: readonly NodeSessions[]
  readonly notSeen: readonly NotSeen[]
  /** Nodes where no BIRD runs and none should, with the setting that says so. */
  readonly withoutBgp: {readonly nodes: readonly string[]; readonly reason: string} | null
  /** true: established sessions were left out of the rows; the totals count them. */
  readonly problemsOnly: boolean
}
export interface NodeSessions {
  readonly node: string
  readonly sessions: number
  readonly established: number
  readonly down: number
  /** false: something of this node is in `notSeen`, so the counts are of what was seen. */
  readonly whole: boolean
  readonly daemons: readonly DaemonStatus[]
  readonly rows: readonly SessionRow[]
  /** Set when details were asked and could not be had. */
  readonly detailsNotSeen?: {readonly why: Why; readonly detail: string}
}
export interface DaemonStatus {
  readonly family: Family
  readonly running: boolean
  /** From what the cluster is set to; unknown where that could not be seen. Only a daemon that should run and does not is a problem. */
  readonly expected: 'yes' | 'no' | 'unknown'
  readonly version: string | null
  /** What birdcl said when the daemon does not run. */
  readonly reason: string | null
}
export type Family = 'IPv4' | 'IPv6'
/** calicoctl's words. */
export type PeerType = 'node-to-node mesh' | 'node specific' | 'global' | 'local workload' | 'other'
export interface SessionRow {
  readonly family: Family
  readonly peerAddress: string
  readonly peerPort: number | null
  readonly peerType: PeerType
  /** The cluster's node with this address; null when none has it, or nodes could not be listed. */
  readonly peerNode: string | null
  /** Protocol state: `start`, `up`, … */
  readonly state: string
  /** As BIRD prints it: a time, or a date after 20 h. */
  readonly since: string
  /** `Established`, `Connect Socket: Connection refused`, `Passive`. */
  readonly info: string
  /** duplicate: the same neighbour is Established by another session of this node (mesh and explicit peer both on), so nothing is cut off. */
  readonly status: 'established' | 'down' | 'duplicate'
  readonly wide?: WideColumns
}
/** What `show protocols all` adds; null where BIRD did not print it. */
export interface WideColumns {
  readonly as: string | null
  readonly imported: number | null
  readonly exported: number | null
  readonly holdTimer: string | null
  readonly lastError: string | null
}
export interface NotSeen {
  /** null: the list of nodes itself was not had, or not whole. */
  readonly node: string | null
  readonly family: Family | null
  readonly why: Why
  readonly detail: string
}
export interface NodeStatusOptions {
  readonly wide: boolean
  readonly problemsOnly: boolean
}

/** Daemons that should run and do not. */
export const daemonsDown = ({daemons}: Pick<NodeSessions, 'daemons'>): readonly DaemonStatus[] =>
  daemons.filter(daemon => !daemon.running && daemon.expected === 'yes')

/** 1 a session is down, or a BIRD that should run is not · 3 a node was not seen, or there was none to see · 0 else. The same for every output. */
export function nodeStatusExitCode({totals, notSeen}: NodeStatus): 0 | 1 | 3 {
  if (totals.down > 0 || totals.daemonsDown > 0) return 1
  return notSeen.length > 0 || totals.nodes === 0 ? 3 : 0
}

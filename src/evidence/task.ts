import type {FileOrigin, Missed} from '../bundle/manifest.ts'
import type {Cluster, Limits, NodeDoor, NodeToAsk} from '../engine/collector.ts'
import type {FactTable} from '../engine/facts.ts'

/** Raw evidence is for people: asked after the look, written straight into the bundle, never judged and never kept in memory. */
export interface EvidenceFile extends FileOrigin {
  /** Whole, credentials not yet struck out. */
  readonly text: string
  /** How many values were struck out of it already, by the names of their keys. */
  readonly struckOut?: number
}
/** A file, or why there is none. */
export type Evidence = {readonly file: EvidenceFile} | {readonly missed: Missed}

/** One thing to ask; several may run at once. */
export interface EvidenceTask {
  /** For progress and our own log: `worker-1: iptables, ipset, nft`, `logs of calico-system/calico-node-x7k2p`. */
  readonly what: string
  /** The node it tells of: sick ones are asked first, and a sample leaves out others. */
  readonly node?: string
  /** Guessed before anything is asked; `bytes` uncompressed. */
  readonly estimate: {readonly bytes: number; readonly ms: number}
  /** What it may hold in memory at once. */
  readonly maxBytes: number
  /** Never throws for what a cluster does; whatever could not be had is yielded as missed. */
  run(limits: Limits): AsyncIterable<Evidence>
}

export interface EvidenceContext {
  readonly cluster: Cluster
  /** undefined: `--exec none`. */
  readonly door: NodeDoor | undefined
  /** What the look found: where Calico runs, which dataplane, which API group. */
  readonly facts: FactTable
  /** Nodes chosen, in the order to ask. */
  readonly nodes: readonly NodeToAsk[]
  readonly options: EvidenceOptions
}
export interface EvidenceOptions {
  /** Logs younger than so many seconds; undefined: of any age. */
  readonly sinceSeconds?: number
  /** The newest lines of each log. */
  readonly tailLines: number
  /** No file is larger than this; the newest of a log, the beginning of a dump. */
  readonly maxFileBytes: number
}

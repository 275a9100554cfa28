import type {DatastoreType} from '../calico/cluster.ts'
import type {Collected, PerNode} from './collected.ts'
import type {FactName, Facts, FactTable} from './facts.ts'

/** A list or an object of the Kubernetes API. `group` is '' for the core group. */
export interface Resource {
  readonly group: string
  readonly version: string
  /** Plural as in the URL: `nodes`, `bgppeers`. */
  readonly resource: string
  readonly namespace?: string
}
export interface ListOptions<T> {
  readonly labelSelector?: string
  readonly fieldSelector?: string
  /** Only metadata is asked for: CRDs are large (PartialObjectMetadataList). */
  readonly metadataOnly?: true
  /** Runs on each page before the next is asked for, so memory never holds a raw list. `undefined` leaves the item out. */
  readonly project: (item: any) => T | undefined
}
/** Where Calico's own pod runs on a node. */
export interface ExecTarget {
  readonly node: string
  readonly namespace: string
  readonly pod: string
  readonly container: string
}
/** What one exec said. `exit` is undefined when the connection ended before a status came. */
export interface ExecOutput {
  readonly stdout: string
  readonly stderr: string
  readonly exit: number | undefined
  /** Why there is no more of it. */
  readonly cut?: {readonly reason: 'flood' | 'timeout' | 'dropped'; readonly detail: string}
}
export interface Limits {
  readonly timeoutMs: number
  readonly maxBytes: number
  readonly signal?: AbortSignal
}

/**
 * The only door to a cluster. Live and simulated clusters stand behind it. Nothing here throws for what a cluster does: 404 is `absent`, 401 and
 * 403 are `forbidden`, a deadline is `timeout`, no connection is `unreachable`, an answer that cannot be used is `failed`. An empty list is `[]`.
 */
export interface Cluster {
  list<T>(resource: Resource, options: ListOptions<T>): Promise<Collected<T[]>>
  /** One object by name, or any path (`/version`, `/apis`), as parsed JSON. */
  get(path: string): Promise<Collected<any>>
  /**
   * A page of plain text: a container's log, metrics through a pod's proxy. What came before the bytes or the time were used up is known, and `partial`
   * says what cut it. A log that is not there (no such pod, not started, never restarted) is `absent`; a kubelet or port that the API server does not
   * reach is `unreachable`.
   */
  text(path: string, limits: Limits): Promise<Collected<string>>
  /** May we? By SelfSubjectAccessReview. */
  can(access: Access): Promise<Collected<boolean>>
  /** Runs one POSIX shell script beside BIRD and Felix on a node. */
  exec(target: ExecTarget, script: string, limits: Limits): Promise<Collected<ExecOutput>>
  /** Where Calico keeps its data in an etcd; undefined where there is no way to one. */
  readonly etcd?: EtcdDoor
}

/** One key of etcd and its value, both as text. */
export interface EtcdEntry {
  readonly key: string
  readonly value: string
}
export interface EtcdReached {
  /** The one that answered first. */
  readonly endpoint: string
  /** The others that did not: `https://10.0.0.2:2379 connection refused`. */
  readonly silent: readonly string[]
}
/**
 * The door to Calico's own etcd: reads and nothing else. Any endpoint that answers serves for all; only when none does the answer is unknown, with each one's
 * cause. Nothing here throws for what an etcd does.
 */
export interface EtcdDoor {
  /** Where Calico keeps its data, as the user says; undefined: as it is found. */
  readonly datastore?: DatastoreType
  /** Given by the user, these are asked in place of those that are found. */
  readonly endpoints?: readonly string[]
  reach(endpoints: readonly string[]): Promise<Collected<EtcdReached>>
  /** Every key with this prefix, projected page by page; none is `[]`. */
  list<T>(endpoints: readonly string[], prefix: string, project: (entry: EtcdEntry) => T | undefined): Promise<Collected<T[]>>
  /** `absent` when etcd has no such key. */
  get(endpoints: readonly string[], key: string): Promise<Collected<EtcdEntry>>
}

/** A node to ask, with what the ways in need. `unreachable` says why nothing can be asked there. */
export interface NodeToAsk {
  readonly name: string
  /** InternalIP, for ssh. */
  readonly address?: string
  readonly target?: ExecTarget
  readonly unreachable?: string
}
/** The way into a node: pod exec, ssh, or the node itself. One answer per probe; a probe left out of the map was not answered. */
export interface NodeDoor {
  ask(node: NodeToAsk, probes: ReadonlyMap<string, Probe>, limits: Limits): Promise<ReadonlyMap<string, Collected<ProbeOutput>>>
}

/** One right that a collector needs. Feeds the rights preflight and `check --print-rbac`. */
export interface Access {
  readonly verb: 'get' | 'list' | 'watch' | 'create'
  readonly group: string
  readonly resource: string
  readonly subresource?: string
  /** Given when the right is wanted in Calico's namespace only (`exec`, ConfigMaps). */
  readonly namespace?: string
  /** Given when one named object is enough. */
  readonly name?: string
}

/** A question to one node: argv as the calico-node image has it, tried in order until one is there (old and new images differ). */
export interface Probe {
  readonly tries: readonly [argv: readonly string[], ...more: (readonly string[])[]]
  /** Output is cut after so many lines, on the node. Default 20,000. */
  readonly maxLines?: number
}
/** What one probe said. `exit` 126 or 127: this image has no such command; 124: `timeout` ended it. */
export interface ProbeOutput {
  readonly argv: readonly string[]
  readonly exit: number
  readonly stdout: string
  readonly stderr: string
  /** The answer was longer than the probe may print. */
  readonly cut?: string
}

/** What a source that asks many pods has to know. */
export interface Asking {
  /** Nodes that are wanted, ready ones first. The source has `kubeNodes` and `calicoPods` in `after`. */
  nodes(): Collected<readonly NodeToAsk[]>
}

/** Asks the API. `collect` may fail and must not judge; the readers must not do I/O and may be run again on an old bundle. */
export interface ClusterCollector<E = any, N extends FactName = any> {
  readonly source: string
  readonly access: readonly Access[]
  /** Facts that say how or where to ask (which API group, which namespace); collected first. */
  readonly after?: readonly FactName[]
  collect(cluster: Cluster, facts: FactTable, asking: Asking): Promise<Collected<E>>
  readonly facts: {readonly [K in N]: (evidence: E) => Facts[K] | Collected<Facts[K]>}
}
/** Asks every node. The engine merges the probes of all wanted facts into one exec per node; one probe can feed several facts. */
export interface NodeCollector<N extends FactName = any> {
  readonly source: string
  readonly probe: Probe
  /** Exit statuses other than 0 that the readers understand (`birdcl` exits 1 when there is no socket, and that is a finding). */
  readonly exits?: readonly number[]
  readonly facts: {readonly [K in N]: (output: ProbeOutput) => NodeValue<K> | Collected<NodeValue<K>>}
}
/** Concludes from other facts; each comes as `Collected`, so that a conclusion can survive what it does not need. */
export interface DerivedCollector<D extends FactName = any, N extends FactName = any> {
  readonly source: string
  readonly from: readonly D[]
  readonly facts: {readonly [K in N]: (given: {readonly [F in D]: Collected<Facts[F]>}) => Collected<Facts[K]>}
}
type NodeValue<K extends FactName> = Facts[K] extends PerNode<infer T> ? T : never

export type Collector = ClusterCollector | NodeCollector | DerivedCollector
export const defineCollector = <const N extends FactName, E>(collector: ClusterCollector<E, N>): ClusterCollector<E, N> => collector
export const defineProbe = <const N extends FactName>(collector: NodeCollector<N>): NodeCollector<N> => collector
export const defineDerived = <const D extends FactName, const N extends FactName>(collector: DerivedCollector<D, N>): DerivedCollector<D, N> => collector

export const isProbe = (collector: Collector): collector is NodeCollector => 'probe' in collector
export const isDerived = (collector: Collector): collector is DerivedCollector => 'from' in collector

import type {NodeEnv} from '../calico/cluster.ts'
import type {DaemonStatus, SessionRow} from '../calico/node-status-model.ts'
import type {Collected} from '../engine/collected.ts'
import type {ClusterDescription} from '../engine/describe-cluster.ts'
import type {Report} from '../engine/report.ts'
import type {Source} from '../engine/snapshot.ts'

/** What the live view shows, compact: no raw answer of a cluster is kept. Times are milliseconds since 1970, by our clock. */

/** What this cluster is: from the API alone. */
export interface ClusterSeen {
  readonly source: Source
  readonly cluster: ClusterDescription
  /** Nodes that the API lists, those that run no Linux left out. */
  readonly nodes: Collected<readonly NodeFacts[]>
  /** Environment of the calico-node container. */
  readonly env: Collected<NodeEnv>
}
/** One node as the API has it. */
export interface NodeFacts {
  readonly name: string
  readonly ready: 'True' | 'False' | 'Unknown'
  readonly address: string | null
  readonly kernel: string
  readonly osImage: string
  /** Of calico-node's pod there. */
  readonly pod: Collected<CalicoNodePod>
}
export interface CalicoNodePod {
  readonly namespace: string
  readonly name: string
  /** Tag of its image: `v3.30.1`. */
  readonly version: string
  /** Of all its containers, the init ones left out. */
  readonly restarts: number
  readonly ready: boolean
  /** `running`, `CrashLoopBackOff`, …. */
  readonly state: string
}

/** What one node said by exec, all parts of one visit. */
export interface NodeLook {
  readonly node: string
  readonly at: number
  readonly bgp: Collected<NodeBgp>
  readonly mtus: Collected<NodeMtus>
}
export interface NodeBgp {
  readonly daemons: readonly DaemonStatus[]
  readonly rows: readonly SessionRow[]
  /** Why no BIRD runs there and none should: `backend vxlan (ConfigMap …)`. */
  readonly off?: string
}
/** Bytes; null where there is none of the kind. */
export interface NodeMtus {
  readonly nic: {readonly name: string; readonly mtu: number} | null
  /** In use: `vxlan.calico`. */
  readonly tunnels: readonly {readonly name: string; readonly mtu: number}[]
  /** Largest of the pods' interfaces. */
  readonly pods: number | null
  /** /var/lib/calico/mtu. */
  readonly felix: Collected<number>
  /** What could not be told. */
  readonly untold: readonly string[]
}

/** Felix of one node, from its metrics. A number that was not there is unknown with its cause, never 0. */
export interface FelixSample {
  readonly node: string
  readonly at: number
  readonly felix: Collected<FelixNumbers>
}
export interface FelixNumbers {
  /** felix_active_local_endpoints. */
  readonly endpoints: Collected<number>
  /** felix_active_local_policies. */
  readonly policies: Collected<number>
  /** Seconds, the mean of one pass: felix_int_dataplane_apply_time_seconds, sum ÷ count, since the sample before where there is one. */
  readonly applySeconds: Collected<number>
  /** felix_resync_state in words: `wait-for-ready`, `resync`, `in-sync`. */
  readonly resyncState: Collected<string>
  /** Counters since Felix started, by what went wrong: `iptables save`, `ipset`, `log`, …. */
  readonly errors: Collected<Readonly<Record<string, number>>>
  /** What is programmed now: `iptables rules`, `iptables chains`, `nft rules`, `ipsets`, `ipset members`, `routes`. */
  readonly programmed: Collected<Readonly<Record<string, number>>>
  /** process_resident_memory_bytes. */
  readonly memoryBytes: Collected<number>
  /** process_cpu_seconds_total: a counter. */
  readonly cpuSeconds: Collected<number>
}

export interface TyphaSeen {
  readonly at: number
  readonly typhas: Collected<readonly TyphaPod[]>
}
export interface TyphaPod {
  readonly name: string
  readonly node: string | null
  readonly ready: boolean
  /** typha_connections_active. */
  readonly clients: Collected<number>
  /** typha_ping_latency: seconds, mean or a quantile; `pingKind` says which. */
  readonly pingSeconds: Collected<number>
  readonly pingKind?: string
}
export interface IpamSeen {
  readonly at: number
  readonly pools: Collected<readonly PoolUse[]>
}
/** Addresses and blocks of one IP pool. */
export interface PoolUse {
  readonly name: string
  readonly cidr: string
  readonly disabled: boolean
  /** Addresses the pool holds; a number beyond 2^53 (IPv6) is Infinity. */
  readonly size: number
  readonly used: Collected<number>
  readonly blocks: Collected<number>
  /** Blocks the pool has room for. */
  readonly maxBlocks: number
}

export interface ReportSeen {
  readonly at: number
  readonly report: Report
  /** Why each check matters, by its id: Report does not hold it. */
  readonly why: Readonly<Record<string, string>>
}

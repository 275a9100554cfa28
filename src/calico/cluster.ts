/** What a cluster is, concluded from several places; each says where it comes from. */

/** Who installed Calico, and so who owns its settings. */
export type Flavour = 'manifest' | 'operator' | 'canal' | 'kubespray' | 'pmk' | 'tkg' | 'etcd-manifest'
export interface Install {
  readonly flavour: Flavour
  /** As people call it: `operator (Installation default)`, `upstream manifest`, `Kubespray`. */
  readonly title: string
  /** Namespace of calico-node. */
  readonly namespace: string
  /** DaemonSet that runs Felix: `calico-node` or `canal`. */
  readonly daemonSet: string
  /** `calico-config` or `canal-config`; none under the operator. */
  readonly configMap?: string
  /** Installation.kubernetesProvider, or what node labels and providerIDs say: `AKS`, `EKS`, `GKE`, `OpenShift`, `RKE2`. */
  readonly provider?: string
  /** The Helm release that made the Installation, as Helm's annotation on it says. */
  readonly helmRelease?: string
  /** What the flavour was concluded from, one line each. */
  readonly evidence: readonly string[]
  /** Other DaemonSets that run calico-node too: `kube-system/calico-node`. */
  readonly others: readonly string[]
}

/** One environment variable of the calico-node container, with where it comes from. */
export interface EnvValue {
  /** undefined: set, but its source could not be read or is only known on the node; `unresolved` says why. */
  readonly value?: string
  /** `DaemonSet kube-system/calico-node`, `ConfigMap kube-system/calico-config key veth_mtu`. */
  readonly source: string
  readonly unresolved?: string
}
/** By name. A variable that is not in the record is not set. */
export type NodeEnv = Readonly<Record<string, EnvValue>>

export type DatastoreType = 'kubernetes' | 'etcdv3'
/** One place that says which datastore is used. */
export interface DatastoreClaim {
  /** `calico-node`, `cni`, `typha`, `kube-controllers`, `installation`. */
  readonly component: string
  readonly type: DatastoreType
  /** Human-readable place: `DaemonSet kube-system/calico-node env DATASTORE_TYPE`. */
  readonly where: string
  /** Not written anywhere; the component's default. */
  readonly byDefault?: boolean
}
export interface Datastore {
  /** What the running calico-node uses. */
  readonly type: DatastoreType
  readonly claims: readonly DatastoreClaim[]
}

export interface ServiceCidrs {
  readonly cidrs: readonly {readonly cidr: string; readonly source: string}[]
  /** ClusterIP of Service default/kubernetes: an address that is surely inside. */
  readonly kubernetesIps: readonly string[]
}

export interface Dataplane {
  /** As configured. Felix falls back from eBPF silently when a kernel is too old: that is what ebpf/kernel is about. */
  readonly kind: 'iptables' | 'nftables' | 'ebpf' | 'vpp'
  /** `Installation spec.calicoNetwork.linuxDataplane`, `FelixConfiguration default bpfEnabled`, `env FELIX_BPFENABLED`, `default`. */
  readonly source: string
}

export interface BgpSettings {
  /** CALICO_NETWORKING_BACKEND as calico-node gets it: BIRD runs only with `bird`. */
  readonly backend: 'bird' | 'vxlan' | 'none'
  readonly backendSource: string
  /** nodeToNodeMeshEnabled of BGPConfiguration default; true when unset. */
  readonly mesh: boolean
  readonly asNumber: string
  readonly listenPort: number
}

/** Which encapsulations the active pools ask for; `none` when pods are routed bare. */
export interface Encapsulation {
  /** `IPIP`, `IPIP CrossSubnet`, `VXLAN`, `VXLAN CrossSubnet`, `none`, joined with ` + ` when pools differ. */
  readonly title: string
  readonly ipip: boolean
  readonly vxlan: boolean
  readonly wireguard: boolean
}

/** `major.minor.patch` as running; `source` names the image, Installation or ClusterInformation it was read from. */
export interface CalicoVersion {
  readonly version: string
  readonly major: number
  readonly minor: number
  readonly patch: number
  readonly source: string
}

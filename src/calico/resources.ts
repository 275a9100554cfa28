/** Calico's own resources, unwrapped from what the v1 CRDs hide in annotation `projectcalico.org/metadata`; `spec` as stored. */

import type {Unknown} from '../engine/collected.ts'

/** Which of Calico's three API flavours is in force (facts: libcalico-go/lib/backend/k8s/discovery.go), or that none is. */
export interface ApiGroup {
  /** v1 CRDs alone; v1 CRDs with the aggregated API server in front; native v3 CRDs; an etcd of Calico's own. */
  readonly mode: 'crd-v1' | 'aggregated' | 'native-v3' | 'etcd'
  /** Where we read: `crd.projectcalico.org`/`v1`, or `projectcalico.org`/`v3`; `etcd` is no group of Kubernetes. */
  readonly group: string
  readonly version: string
  /** The aggregated API server's own report, when there is one. */
  readonly apiServerAvailable?: boolean
  /** With mode `etcd` alone. */
  readonly etcd?: EtcdPlace
}

/** The etcd that Calico keeps its data in, and how far we came. */
export interface EtcdPlace {
  /** As asked: URLs. */
  readonly endpoints: readonly string[]
  /** The endpoint that answered. */
  readonly answered?: string
  /** The others that did not, with the cause: `https://10.0.0.2:2379 connection refused`. */
  readonly silent: readonly string[]
  /** Why nothing can be read there. */
  readonly unseen?: Unknown
}

export interface Named<Spec> {
  readonly name: string
  readonly spec: Spec
}

export type EncapsulationMode = 'Never' | 'Always' | 'CrossSubnet'
export interface IpPoolSpec {
  readonly cidr: string
  readonly blockSize?: number
  readonly ipipMode?: EncapsulationMode
  readonly vxlanMode?: EncapsulationMode
  readonly natOutgoing?: boolean
  readonly disabled?: boolean
  readonly disableBGPExport?: boolean
  readonly nodeSelector?: string
  readonly allowedUses?: readonly string[]
  readonly assignmentMode?: string
}
export type IpPool = Named<IpPoolSpec>

export interface BgpConfigurationSpec {
  readonly asNumber?: number | string
  readonly nodeToNodeMeshEnabled?: boolean
  readonly listenPort?: number
  readonly serviceClusterIPs?: readonly {readonly cidr: string}[]
  readonly serviceExternalIPs?: readonly {readonly cidr: string}[]
  readonly serviceLoadBalancerIPs?: readonly {readonly cidr: string}[]
  readonly programClusterRoutes?: string
}
/** Calico reads `default` and `node.<name>`; any other name is ignored. */
export type BgpConfiguration = Named<BgpConfigurationSpec>

export interface BgpPeerSpec {
  readonly node?: string
  readonly nodeSelector?: string
  readonly peerIP?: string
  readonly peerSelector?: string
  readonly localWorkloadSelector?: string
  readonly asNumber?: number | string
  readonly password?: {readonly secretKeyRef?: {readonly name?: string; readonly key?: string}}
  readonly reversePeering?: string
}
export type BgpPeer = Named<BgpPeerSpec>

/** Felix has some 200 parameters: read by name (felix-params). */
export type FelixConfiguration = Named<Readonly<Record<string, unknown>>>

export interface ClusterInformationSpec {
  readonly calicoVersion?: string
  readonly clusterType?: string
  readonly clusterGUID?: string
  /** false: Felix and the CNI plugin block until it is true again. */
  readonly datastoreReady?: boolean
  readonly variant?: string
}
export type ClusterInformation = Named<ClusterInformationSpec>

/** migration.projectcalico.org DatastoreMigration: the move from v1 to v3 CRDs. */
export interface DatastoreMigration {
  readonly name: string
  /** Pending, Migrating, WaitingForConflictResolution, Converged, Complete, Failed. */
  readonly phase: string
}

/** operator.tigera.io Installation `default`. `computed` is the effective spec where the operator publishes it. */
export interface Installation {
  readonly spec: InstallationSpec
  readonly computed?: InstallationSpec
  readonly calicoVersion?: string
  /** status.mtu: the spec's value, or what the operator's own node detected. */
  readonly mtu?: number
  /** Annotation meta.helm.sh/release-name: Helm writes the spec again at its next upgrade. */
  readonly helmRelease?: string
}
export interface InstallationSpec {
  readonly variant?: string
  readonly kubernetesProvider?: string
  readonly serviceCIDRs?: readonly string[]
  readonly cni?: {readonly type?: string; readonly ipam?: {readonly type?: string}}
  readonly calicoNetwork?: {
    readonly bgp?: 'Enabled' | 'Disabled'
    readonly linuxDataplane?: 'Iptables' | 'BPF' | 'VPP' | 'Nftables'
    readonly mtu?: number
    readonly ipPools?: readonly {readonly name?: string; readonly cidr: string; readonly encapsulation?: string}[]
    readonly nodeAddressAutodetectionV4?: Readonly<Record<string, unknown>>
    readonly nodeAddressAutodetectionV6?: Readonly<Record<string, unknown>>
  }
}

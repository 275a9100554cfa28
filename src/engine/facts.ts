import type {BgpSessionDetail, Bird} from '../calico/bgp-session.ts'
import type {BgpSettings, CalicoVersion, Dataplane, Datastore, Encapsulation, Install, NodeEnv, ServiceCidrs} from '../calico/cluster.ts'
import type {FelixMetrics} from '../calico/felix-metrics.ts'
import type {BlockAffinity, IpamBlock, IpamConfig, IpamHandle} from '../calico/ipam.ts'
import type {KubeControllersMetrics} from '../calico/kube-controllers-metrics.ts'
import type {CalicoNode, CalicoPod, ConfigMap, Endpoints, KubeNode, Service, Workload} from '../calico/kubernetes.ts'
import type {Link} from '../calico/link.ts'
import type {
  ApiGroup,
  BgpConfiguration,
  BgpPeer,
  ClusterInformation,
  DatastoreMigration,
  FelixConfiguration,
  Installation,
  IpPool,
} from '../calico/resources.ts'
import type {TyphaMetrics} from '../calico/typha-metrics.ts'
import type {Collected, PerNode} from './collected.ts'

/** Every fact a check may ask for. Adding a line here is done on purpose: it is what the tool can know. */
export interface Facts {
  // Kubernetes
  /** `gitVersion` of /version: `v1.33.2`. */
  kubernetesVersion: string
  /** Every node, with Calico's annotations. GET /api/v1/nodes */
  kubeNodes: readonly KubeNode[]
  /** Derived: the same with what Calico says of them where it keeps it, in annotations or in etcd. */
  nodes: readonly KubeNode[]
  /** Service default/kubernetes. */
  kubernetesService: Service
  /** CIDRs of ServiceCIDR objects (networking.k8s.io, Kubernetes 1.33 and later). */
  serviceCidrObjects: readonly string[]
  /** `serviceSubnet` and `podSubnet` of ConfigMap kube-system/kubeadm-config, split at commas. */
  kubeadmNetworking: {readonly serviceSubnets: readonly string[]; readonly podSubnets: readonly string[]}
  /** --service-cluster-ip-range of static kube-apiserver pods. */
  apiServerServiceRanges: readonly string[]
  /** Derived from the four above and Installation.spec.serviceCIDRs. */
  serviceCidrs: ServiceCidrs

  // Calico's workloads
  /** DaemonSets that run Felix (container calico-node): calico-node, canal, calico-node-windows. All namespaces. */
  calicoDaemonSets: readonly Workload[]
  /** Namespaces of those DaemonSets; kube-system and calico-system where they could not be listed. */
  calicoNamespaces: readonly string[]
  /** calico-typha, calico-kube-controllers and what else of Calico's is a Deployment in its namespaces. */
  calicoDeployments: readonly Workload[]
  /** Pods of calico-node, canal, Typha and kube-controllers in Calico's namespaces. */
  calicoPods: readonly CalicoPod[]
  /** ConfigMap calico-config or canal-config; absent under the operator. */
  calicoConfig: ConfigMap
  /** operator.tigera.io Installation default; absent without the operator. */
  installation: Installation
  /** Derived: environment of the calico-node container, ConfigMap keys resolved. */
  nodeEnv: NodeEnv
  /** The Service that Felix looks for Typha by (`calico-typha`); absent when it does not exist, not-collected when none is configured. */
  typhaService: Service
  /** EndpointSlices of that Service. */
  typhaEndpoints: Endpoints

  // Calico's resources, from the Kubernetes API or from Calico's own etcd
  apiGroup: ApiGroup
  /** Calico's own Nodes, those without a node of Kubernetes too; absent where annotations of Kubernetes' nodes take their place. */
  calicoNodes: readonly CalicoNode[]
  clusterInformation: ClusterInformation
  felixConfigurations: readonly FelixConfiguration[]
  bgpConfigurations: readonly BgpConfiguration[]
  bgpPeers: readonly BgpPeer[]
  ipPools: readonly IpPool[]
  /** absent unless the move from v1 to v3 CRDs was ever started. */
  datastoreMigrations: readonly DatastoreMigration[]

  // IPAM, from where Calico keeps it; asked by no check
  /** Blocks that are not marked deleted, counted. ipamblocks */
  ipamBlocks: readonly IpamBlock[]
  /** Claims of nodes to blocks, with their state; those marked deleted are left out. blockaffinities */
  blockAffinities: readonly BlockAffinity[]
  /** absent: there is none, and `defaultIpamConfig` holds. ipamconfigs (v1), ipamconfigurations (v3) */
  ipamConfig: IpamConfig
  /** Who holds addresses of which block. Some for each pod: asked only by who looks for leaks. ipamhandles */
  ipamHandles: readonly IpamHandle[]

  // Metrics, through the API server's proxy to the pods; asked by no check. `absent`: switched off by configuration, and `detail` says how to switch them on
  /** GET …/pods/<calico-node>:9091/proxy/metrics */
  felixMetrics: PerNode<FelixMetrics>
  /** GET …/pods/<typha>:9093/proxy/metrics, of every Typha pod. absent too where no Typha runs */
  typhaMetrics: readonly PodMetrics<TyphaMetrics>[]
  /** GET …/pods/<kube-controllers>:9094/proxy/metrics */
  kubeControllersMetrics: KubeControllersMetrics
  /** prometheusMetricsPort of KubeControllersConfiguration default, 0 for off; 9094 where it says nothing. */
  kubeControllersMetricsPort: number

  // Conclusions
  install: Install
  datastore: Datastore
  dataplane: Dataplane
  bgpSettings: BgpSettings
  encapsulation: Encapsulation
  calicoVersion: CalicoVersion

  // Nodes, by exec
  /** BIRD for IPv4 and its sessions: `birdcl -s /var/run/calico/bird.ctl show protocols`. */
  birdV4: PerNode<Bird>
  /** BIRD for IPv6. A node without IPv6 has bird6 running with no session, or none at all. */
  birdV6: PerNode<Bird>
  /** `show protocols all` of sessions that are not Established, 50 a node at most. */
  birdDetailsV4: PerNode<readonly BgpSessionDetail[]>
  birdDetailsV6: PerNode<readonly BgpSessionDetail[]>
  /** `show protocols all` of every session; only `node status -o wide` asks for it. */
  birdWideV4: PerNode<readonly BgpSessionDetail[]>
  birdWideV6: PerNode<readonly BgpSessionDetail[]>
  /** Interfaces with addresses: `ip -j -d addr`. */
  links: PerNode<readonly Link[]>
  /** Bytes; what Felix computed for pods: /var/lib/calico/mtu. */
  mtuFile: PerNode<number>
  /** `mtu` (0 or undefined: automatic) and `datastore_type` of the CNI configuration on disk, by grep: the file may hold credentials. */
  cniConfig: PerNode<{readonly mtu?: number; readonly datastoreType?: string}>
  /** DMI chassis asset tag; Azure's machines all have `7783-7084-3265-9085-8269-3286-77`. */
  chassisTag: PerNode<string>
}
/** What a pod of several said. */
export interface PodMetrics<M> {
  readonly namespace: string
  readonly pod: string
  readonly node?: string
  readonly metrics: Collected<M>
}
export type FactName = keyof Facts
export type FactTable = {readonly [K in FactName]: Collected<Facts[K]>}

type PerNodeName = {[K in FactName]: Facts[K] extends PerNode<unknown> ? (string extends keyof Facts[K] ? K : never) : never}[FactName]
const perNode: Record<Exclude<PerNodeName, 'nodeEnv'>, true> = {
  birdV4: true,
  birdV6: true,
  birdDetailsV4: true,
  birdDetailsV6: true,
  birdWideV4: true,
  birdWideV6: true,
  links: true,
  mtuFile: true,
  cniConfig: true,
  chassisTag: true,
  felixMetrics: true,
}
/** Facts that every wanted node should have; declared, never guessed from the data. */
export const perNodeFacts: ReadonlySet<FactName> = new Set(Object.keys(perNode) as FactName[])

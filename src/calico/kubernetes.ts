/** Kubernetes objects, projected to what a diagnosis of Calico reads. */

export interface KubeNode {
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  /** Addresses without prefix, as the API lists them; IPv6 too. */
  readonly internalIps: readonly string[]
  readonly externalIps: readonly string[]
  readonly podCidrs: readonly string[]
  /** `azure:///subscriptions/…`, `aws:///…`; many bare-metal clusters have none. */
  readonly providerId?: string
  /** As `uname -r` prints it: `5.15.0-91-generic`, `4.18.0-477.10.1.el8_8.x86_64`. */
  readonly kernelVersion: string
  readonly osImage: string
  readonly operatingSystem: string
  readonly architecture: string
  readonly kubeletVersion: string
  readonly containerRuntime: string
  /** Condition Ready: `Unknown` when the kubelet stopped reporting. */
  readonly ready: 'True' | 'False' | 'Unknown'
  readonly unschedulable: boolean
  readonly taints: readonly {readonly key: string; readonly value?: string; readonly effect: string}[]
  /** Virtual kubelets and the like run no Linux, so no calico-node. */
  readonly virtual: boolean
  /** Calico's annotations on the node (facts: libcalico-go resources/node.go). */
  readonly calico: CalicoNodeAnnotations
  /** Name of Calico's own Node, on an etcd datastore: `calico` is from there and not from annotations. */
  readonly calicoNode?: string
}

/** Calico's own Node, as an etcd datastore has it (api: libcalico-go/lib/apis/v3/node.go). */
export interface CalicoNode {
  readonly name: string
  /** The name in spec.orchRefs of Kubernetes, else its own. */
  readonly kubernetesName: string
  readonly labels: Readonly<Record<string, string>>
  readonly calico: CalicoNodeAnnotations
}

export interface CalicoNodeAnnotations {
  /** Address with prefix: `10.0.0.5/24`. */
  readonly ipv4?: string
  readonly ipv6?: string
  readonly ipipTunnel?: string
  readonly vxlanTunnel?: string
  readonly vxlanTunnelV6?: string
  readonly vxlanMac?: string
  readonly vxlanMacV6?: string
  readonly asNumber?: string
  readonly routeReflectorClusterId?: string
  readonly wireguardAddress?: string
  readonly wireguardKey?: string
}

/** A DaemonSet or Deployment of Calico's. */
export interface Workload {
  readonly kind: 'DaemonSet' | 'Deployment'
  readonly namespace: string
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  /** Its own, and those of the pods it makes. */
  readonly annotations: Readonly<Record<string, string>>
  /** Labels of the pods it makes. */
  readonly podLabels: Readonly<Record<string, string>>
  /** Kinds of ownerReferences: `Installation` for the operator's. */
  readonly owners: readonly string[]
  readonly nodeSelector: Readonly<Record<string, string>>
  readonly hostNetwork: boolean
  readonly initContainers: readonly Container[]
  readonly containers: readonly Container[]
  /** Pods wanted, updated to this template, and ready, as status says. */
  readonly desired: number
  readonly updated: number
  readonly ready: number
}

export interface Container {
  readonly name: string
  readonly image: string
  readonly command: readonly string[]
  readonly env: readonly EnvVar[]
  /** Names of ConfigMaps whose every key becomes a variable (`kubernetes-services-endpoint`). */
  readonly envFrom: readonly string[]
  /** argv of exec probes, or `GET path:port`. */
  readonly liveness?: readonly string[]
  readonly readiness?: readonly string[]
  readonly limits: Readonly<Record<string, string>>
}
export interface EnvVar {
  readonly name: string
  /** Unset when it comes from elsewhere. */
  readonly value?: string
  readonly configMap?: {readonly name: string; readonly key: string}
  /** `fieldRef spec.nodeName`, `secretKeyRef …`: where else it comes from. */
  readonly other?: string
}

export interface CalicoPod {
  readonly namespace: string
  readonly name: string
  /** Label `k8s-app`: `calico-node`, `canal`, `calico-typha`, `calico-kube-controllers`. */
  readonly app: string
  /** Absent while Pending. */
  readonly node?: string
  readonly phase: string
  /** Condition Ready. */
  readonly ready: boolean
  /** `reason` and `message` of the pod (Evicted) or of condition PodScheduled=False. */
  readonly reason?: string
  readonly message?: string
  /** deletionTimestamp set. */
  readonly terminating: boolean
  /** creationTimestamp; ISO 8601, the API server's clock. */
  readonly createdAt?: string
  readonly startedAt?: string
  /** When condition Ready last changed. */
  readonly readyChangedAt?: string
  /** Seconds from creation to the look, by our clock; 0 where the clocks disagree. */
  readonly age?: number
  /** Seconds from the last change of condition Ready to the look. */
  readonly readyChangedFor?: number
  readonly containers: readonly ContainerStatus[]
}
export interface ContainerStatus {
  readonly name: string
  readonly init: boolean
  readonly image: string
  readonly ready: boolean
  readonly restarts: number
  readonly state: 'running' | 'waiting' | 'terminated' | 'unknown'
  /** `CrashLoopBackOff`, `ImagePullBackOff`, `OOMKilled`, `Error`, `Completed`. */
  readonly reason?: string
  readonly message?: string
  readonly exitCode?: number
  /** The end before this one. */
  readonly last?: {readonly reason: string; readonly exitCode: number; readonly finishedAt?: string; readonly message?: string}
}

export interface ConfigMap {
  readonly namespace: string
  readonly name: string
  readonly data: Readonly<Record<string, string>>
}

export interface Service {
  readonly namespace: string
  readonly name: string
  readonly clusterIps: readonly string[]
  readonly selector: Readonly<Record<string, string>>
  readonly ports: readonly number[]
}
/** Addresses behind a Service, from its EndpointSlices. */
export interface Endpoints {
  readonly ready: readonly string[]
  readonly notReady: readonly string[]
}

import {ipv4, numberOfIpv4} from './ipv4.ts'

/** What decides how a cluster looks; objects and nodes are built from it alone. */
export interface ClusterPlan {
  readonly flavour: 'manifest' | 'operator' | 'canal' | 'kubespray' | 'pmk' | 'tkg' | 'etcd'
  /** Where calico-node runs. */
  readonly namespace: 'kube-system' | 'calico-system'
  /** DaemonSet, and the `k8s-app` of its pods. */
  readonly daemonSet: 'calico-node' | 'canal'
  readonly calicoVersion: string
  readonly kubernetesVersion: string
  readonly kernelVersion: string
  readonly osImage: string
  readonly registry: string
  /** none: etcd. aggregated: v1 CRDs with the API server in front. */
  readonly api: 'crd-v1' | 'aggregated' | 'native-v3' | 'none'
  readonly backend: 'bird' | 'vxlan' | 'none'
  readonly ipipMode: Mode
  readonly vxlanMode: Mode
  /** Replicas; 0: no Typha. */
  readonly typha: number
  /** IP_AUTODETECTION_METHOD; undefined: not set, which means first-found. */
  readonly autodetection?: string
  readonly poolName: string
  readonly mesh: boolean
  /** CALICO_ROUTER_ID=hash. */
  readonly hashedRouterIds?: boolean
  /** Labels that an installer puts on all nodes. */
  readonly nodeLabels?: Readonly<Record<string, string>>
  /** `azure:///subscriptions/…/`, to which a node's name is added. */
  readonly providerIdPrefix?: string
  /** DMI's chassis asset tag. */
  readonly chassisTag: string
  /** kubeadm made the control plane, and left its ConfigMaps. */
  readonly kubeadm: boolean
  readonly asNumber: number
  readonly podCidr: string
  readonly serviceCidr: string
  readonly blockSize: number
  /** Bytes, of every NIC. */
  readonly nicMtu: number
  readonly nic: string
  /** `veth_mtu`; 0: automatic. */
  readonly vethMtu: number
  readonly nodes: readonly PlannedNode[]
  readonly pods: readonly PlannedPod[]
}
/** `v1.33.5` is 33. */
export const minorOf = ({kubernetesVersion}: Pick<ClusterPlan, 'kubernetesVersion'>): number => Number(kubernetesVersion.split('.')[1])
export type Mode = 'Never' | 'Always' | 'CrossSubnet'

export interface PlannedNode {
  readonly index: number
  readonly name: string
  readonly controlPlane: boolean
  readonly address: string
  /** `10.20.0.0/24` */
  readonly subnet: string
  readonly podCidr: string
  /** The node's end of the overlay: the first address of its first block. */
  readonly tunnelAddress: string
  /** A BGP route reflector. */
  readonly reflector: boolean
}

export interface PlannedPod {
  readonly namespace: string
  readonly name: string
  /** Which kind of pod: a key of the pod templates. */
  readonly app: string
  readonly node: PlannedNode
  readonly hostNetwork: boolean
  /** The node's own with hostNetwork. */
  readonly ip: string
  readonly owner: {readonly kind: 'DaemonSet' | 'ReplicaSet' | 'Node' | 'StatefulSet'; readonly name: string}
}

/** Nodes in racks of a subnet each: two at least, so that CrossSubnet means something. */
export function planNodes(count: number, podCidr: string): PlannedNode[] {
  const racks = Math.max(2, Math.ceil(count / 200))
  const perRack = Math.ceil(count / racks)
  const controlPlanes = count >= 3 ? 3 : 1
  const reflectors = count > 100 ? 3 : 0
  return Array.from({length: count}, (_, index) => {
    const rack = Math.floor(index / perRack)
    const worker = index - controlPlanes
    const width = Math.max(2, String(count - controlPlanes).length)
    const cidr = `${ipv4(numberOfIpv4(podCidr) + index * 256)}/24`
    return {
      index,
      name: worker < 0 ? `control-${index + 1}` : `worker-${String(worker + 1).padStart(width, '0')}`,
      controlPlane: worker < 0,
      address: `10.20.${rack}.${11 + (index % perRack)}`,
      subnet: `10.20.${rack}.0/24`,
      podCidr: cidr,
      tunnelAddress: ipv4(numberOfIpv4(cidr)),
      reflector: worker >= 0 && worker < reflectors,
    }
  })
}

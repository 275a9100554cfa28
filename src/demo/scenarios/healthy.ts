import type {ClusterState} from '../cluster-state.ts'
import {buildCluster} from './build.ts'
import {type ClusterPlan, planNodes} from './plan.ts'
import {planPods} from './planned-pods.ts'

export interface Size {
  readonly nodes?: number
  /** Of all kinds, system pods among them; fewer than those there cannot be. */
  readonly pods?: number
}
export type PlanChoices = Partial<Omit<ClusterPlan, 'nodes' | 'pods'>>

/** A kubeadm cluster with Calico's manifest in kube-system: IPIP between racks, Typha, and BGP by mesh or, over 100 nodes, by reflectors. */
export function planHealthy({nodes: count = 12, pods = count * 6}: Size, choices: PlanChoices = {}): ClusterPlan {
  const podCidr = choices.podCidr ?? (count <= 200 ? '10.244.0.0/16' : '10.128.0.0/10')
  const nodes = planNodes(count, podCidr)
  if (count * 256 > 2 ** (32 - Number(podCidr.split('/')[1]))) throw new RangeError(`${podCidr} has no room for ${count} nodes with a /24 each`)
  const plan = {
    flavour: 'manifest',
    namespace: 'kube-system',
    daemonSet: 'calico-node',
    calicoVersion: '3.31.2',
    kubernetesVersion: 'v1.33.5',
    kernelVersion: '6.8.0-85-generic',
    osImage: 'Ubuntu 24.04.3 LTS',
    registry: 'quay.io',
    api: 'crd-v1',
    backend: 'bird',
    ipipMode: 'CrossSubnet',
    vxlanMode: 'Never',
    typha: Math.min(Math.max(3, Math.ceil(count / 200)), Math.max(1, count - 3)),
    asNumber: 64512,
    poolName: 'default-ipv4-ippool',
    autodetection: 'kubernetes-internal-ip',
    chassisTag: 'Not Specified',
    kubeadm: true,
    serviceCidr: '10.96.0.0/12',
    blockSize: 26,
    nicMtu: 1500,
    nic: 'ens3',
    vethMtu: 0,
    mesh: count <= 100,
    ...choices,
    podCidr,
    nodes: choices.mesh ? nodes.map(node => ({...node, reflector: false})) : nodes,
  } as const satisfies Omit<ClusterPlan, 'pods'>
  return {...plan, pods: planPods(plan, pods)}
}

export const healthy = (size: Size): ClusterState => buildCluster(planHealthy(size))
/** A full mesh of any size: over 100 nodes Calico's makers advise against it. */
export const mesh = (size: Size): ClusterState => buildCluster(planHealthy(size, {mesh: true}))

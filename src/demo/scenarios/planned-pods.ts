import {digest, suffixOf} from './identity.ts'
import {ipv4, numberOfIpv4} from './ipv4.ts'
import type {ClusterPlan, PlannedNode, PlannedPod} from './plan.ts'

type Without = Omit<ClusterPlan, 'pods'>
/** Addresses of a node's blocks: the first is its tunnel's. */
type Addresses = (node: PlannedNode) => string

/** System pods of every node, then as many workload pods as it takes to have `total`. */
export function planPods(plan: Without, total: number): PlannedPod[] {
  const nextAddress = addressesOf()
  const system = [...nodePods(plan), ...controlPlanePods(plan), ...deployedPods(plan, nextAddress)]
  return withNamesOfTheirOwn([...system, ...workloadPods(plan, Math.max(0, total - system.length), nextAddress)])
}

/** Five letters fall together now and then among thousands; an API server refuses such a name, and the controller takes the next. */
function withNamesOfTheirOwn(pods: readonly PlannedPod[]): PlannedPod[] {
  const taken = new Set<string>()
  return pods.map(pod => {
    let {name} = pod
    for (let tries = 1; taken.has(`${pod.namespace}/${name}`); tries++) name = `${pod.name.slice(0, -5)}${suffixOf(`${pod.name} ${tries}`, 5)}`
    taken.add(`${pod.namespace}/${name}`)
    return name === pod.name ? pod : {...pod, name}
  })
}

function addressesOf(): Addresses {
  const used = new Map<PlannedNode, number>()
  return node => {
    const ordinal = (used.get(node) ?? 0) + 1
    used.set(node, ordinal)
    return ipv4(numberOfIpv4(node.podCidr) + ordinal)
  }
}

const onHost = (namespace: string, app: string, name: string, node: PlannedNode, owner: PlannedPod['owner']): PlannedPod => ({
  namespace,
  name,
  app,
  node,
  hostNetwork: true,
  ip: node.address,
  owner,
})

function nodePods({namespace, daemonSet, nodes}: Without): PlannedPod[] {
  return nodes.flatMap(node => [
    onHost(namespace, daemonSet, `${daemonSet}-${suffixOf(node.name, 5)}`, node, {kind: 'DaemonSet', name: daemonSet}),
    onHost('kube-system', 'kube-proxy', `kube-proxy-${suffixOf(`proxy ${node.name}`, 5)}`, node, {kind: 'DaemonSet', name: 'kube-proxy'}),
  ])
}

const staticPods = ['etcd', 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler']
function controlPlanePods({nodes}: Without): PlannedPod[] {
  return nodes
    .filter(node => node.controlPlane)
    .flatMap(node => staticPods.map(app => onHost('kube-system', app, `${app}-${node.name}`, node, {kind: 'Node', name: node.name})))
}

/** Typha, kube-controllers and CoreDNS, on workers in turn. */
function deployedPods({namespace, nodes, typha}: Without, nextAddress: Addresses): PlannedPod[] {
  const workers = nodes.filter(node => !node.controlPlane)
  const hosts = workers.length > 0 ? workers : nodes
  const onWorker = (index: number) => hosts[(index * 3 + 1) % hosts.length]!
  const replica = (index: number, space: string, app: string, hostNetwork: boolean): PlannedPod => {
    const node = onWorker(index)
    const set = replicaSetOf(app)
    const name = `${set}-${suffixOf(`${app} ${index}`, 5)}`
    return {namespace: space, name, app, node, hostNetwork, ip: hostNetwork ? node.address : nextAddress(node), owner: {kind: 'ReplicaSet', name: set}}
  }
  return [
    ...Array.from({length: typha}, (_, index) => replica(index, namespace, 'calico-typha', true)),
    replica(3, namespace, 'calico-kube-controllers', false),
    replica(4, 'kube-system', 'coredns', false),
    replica(5, 'kube-system', 'coredns', false),
  ]
}

export const replicaSetOf = (app: string): string => `${app}-${digest(`set ${app}`).slice(0, 10)}`

/** A shop: what the cluster is there for. */
const workloads: readonly (readonly [namespace: string, app: string])[] = [
  ['shop', 'cart'],
  ['shop', 'checkout'],
  ['shop', 'catalogue'],
  ['shop', 'web'],
  ['search', 'search-api'],
  ['search', 'indexer'],
  ['media', 'thumbnails'],
  ['payments', 'ledger'],
  ['analytics', 'collector'],
  ['ingress', 'gateway'],
]
/** A node has four blocks of 64 at most, and one address of them is its tunnel's. */
const mostPerNode = 240

function workloadPods({nodes}: Without, count: number, nextAddress: Addresses): PlannedPod[] {
  const workers = nodes.filter(node => !node.controlPlane)
  const hosts = workers.length > 0 ? workers : nodes
  if (count > hosts.length * mostPerNode) throw new RangeError(`${hosts.length} nodes have no room for ${count} pods (${mostPerNode} a node)`)
  return Array.from({length: count}, (_, index) => {
    const [namespace, app] = workloads[(index * 7) % workloads.length]!
    const node = hosts[index % hosts.length]!
    const set = replicaSetOf(app)
    return {
      namespace,
      name: `${set}-${suffixOf(`${app} ${index}`, 5)}`,
      app,
      node,
      hostNetwork: false,
      ip: nextAddress(node),
      owner: {kind: 'ReplicaSet', name: set},
    }
  })
}

export const workloadNamespaces: readonly string[] = [...new Set(workloads.map(([namespace]) => namespace))]

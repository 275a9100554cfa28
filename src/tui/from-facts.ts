import {imageVersion} from '../calico/calico-version.ts'
import type {CalicoPod, KubeNode} from '../calico/kubernetes.ts'
import {clusterMtu} from '../calico/mtu-cluster.ts'
import type {NodeMtu} from '../calico/mtu-node.ts'
import {nodeStatusOf} from '../calico/node-status.ts'
import type {NodeStatus} from '../calico/node-status-model.ts'
import {runsFelix} from '../calico/runs-felix.ts'
import {type Collected, known, type PerNode, unknown} from '../engine/collected.ts'
import type {ClusterDescription} from '../engine/describe-cluster.ts'
import type {FactTable} from '../engine/facts.ts'
import type {Source} from '../engine/snapshot.ts'
import type {CalicoNodePod, ClusterSeen, NodeBgp, NodeFacts, NodeLook, NodeMtus} from './model.ts'

const notAsked = unknown('not-collected', 'nobody asked')

/** What the API alone says, for a `cluster` event: from the facts nodes, calicoPods and nodeEnv, and the report's description of the cluster. */
export function clusterSeen(table: FactTable, cluster: ClusterDescription, source: Source): ClusterSeen {
  const {nodes, calicoPods, nodeEnv = notAsked} = table as Partial<FactTable>
  const pods = podsByNode(calicoPods ?? notAsked)
  const linux = (nodes ?? notAsked).known ? (nodes as {value: readonly KubeNode[]}).value.filter(node => node.operatingSystem === 'linux' && !node.virtual) : []
  const facts = linux.map(node => nodeFacts(node, pods(node.name)))
  return {source, cluster, env: nodeEnv, nodes: nodes?.known ? known(facts, nodes.partial) : (nodes ?? notAsked)}
}

function nodeFacts(node: KubeNode, pod: Collected<CalicoNodePod>): NodeFacts {
  const {name, ready, internalIps, kernelVersion: kernel, osImage} = node
  return {name, ready, address: internalIps[0] ?? null, kernel, osImage, pod}
}

/** Of several on one node (a rollout, an evicted one) the one that runs. */
function podsByNode(pods: Collected<readonly CalicoPod[]>): (node: string) => Collected<CalicoNodePod> {
  if (!pods.known) return () => pods
  const felix = pods.value.filter(pod => pod.node !== undefined && runsFelix(pod))
  const ordered = felix.toSorted((a, b) => Number(runs(a)) - Number(runs(b)))
  const byNode = new Map(ordered.map(pod => [pod.node!, podSeen(pod)]))
  const none = unknown('absent', 'no calico-node pod on this node')
  return node => {
    const pod = byNode.get(node)
    return pod ? known(pod) : pods.partial === undefined ? none : unknown('failed', `pods were seen in part: ${pods.partial}`)
  }
}

const containerOf = ({containers}: CalicoPod) => containers.find(({name}) => name === 'calico-node')
const runs = (pod: CalicoPod) => !pod.terminating && containerOf(pod)?.state === 'running'

function podSeen(pod: CalicoPod): CalicoNodePod {
  const container = containerOf(pod)
  const version = imageVersion(container?.image ?? '')?.version
  return {
    namespace: pod.namespace,
    name: pod.name,
    version: version === undefined ? (container?.image.split(/[/@]/).at(-1) ?? '?') : `v${version}`,
    restarts: pod.containers.filter(({init}) => !init).reduce((sum, {restarts}) => sum + restarts, 0),
    ready: pod.ready,
    state: container?.reason ?? container?.state ?? pod.phase,
  }
}

/**
 * What each wanted node said, for a `looks` event: one for every node that birdV4 or birdV6 has an entry for. From birdV4, birdV6, birdDetails*, birdWide* (where
 * they were asked), bgpSettings, nodes, links, mtuFile, ipPools and what tells the tunnels in use. `at` says when a node was visited.
 */
export function looksOf(table: FactTable, at: (node: string) => number): NodeLook[] {
  const status = nodeStatusOf(table, {wide: hasWide(table), problemsOnly: false})
  const bgp = bgpByNode(status)
  const mtus = mtusOf(table)
  const names = new Set([table.birdV4, table.birdV6].flatMap(fact => (fact?.known ? Object.keys(fact.value) : [])))
  return [...names].map(node => ({node, at: at(node), bgp: bgp(node), mtus: mtus(node)}))
}

const hasWide = ({birdWideV4, birdWideV6}: FactTable) =>
  [birdWideV4, birdWideV6].some(fact => fact?.known && Object.values(fact.value).some(node => node.known))

function bgpByNode({nodes, notSeen, withoutBgp}: NodeStatus): (node: string) => Collected<NodeBgp> {
  const sessions = new Map(nodes.map(node => [node.node, node]))
  const missing = Map.groupBy(notSeen, ({node}) => node)
  const off = new Set(withoutBgp?.nodes)
  return node => {
    const [first, ...more] = missing.get(node) ?? []
    const seen = sessions.get(node)
    if (seen) return known({daemons: seen.daemons, rows: seen.rows}, first && [first, ...more].map(({detail}) => detail).join('; '))
    if (off.has(node)) return known({daemons: [], rows: [], off: withoutBgp!.reason})
    return first ? unknown(first.why, first.detail) : unknown('not-collected', 'this node was not asked')
  }
}

function mtusOf(table: FactTable): (node: string) => Collected<NodeMtus> {
  const {nodes, links, ipPools} = table
  for (const fact of [links, nodes, ipPools]) if (!fact?.known) return () => fact ?? notAsked
  if (!nodes.known || !links.known || !ipPools.known) return () => notAsked
  const sources = {ipPools: ipPools.value, nodes: nodes.value, links: links.value}
  const {felixConfigurations = notAsked, nodeEnv = notAsked, install = notAsked} = table as Partial<FactTable>
  const mtus = new Map(clusterMtu({...sources, felixConfigurations, nodeEnv, install}).nodes.map(mtu => [mtu.node, mtu]))
  return node => {
    const seen = ofNode(links, node)
    const mtu = mtus.get(node)
    if (!seen.known) return seen
    return mtu ? known(mtusSeen(mtu, ofNode(table.mtuFile, node)), seen.partial) : unknown('absent', 'the API has no such node')
  }
}

function mtusSeen({underlay, tunnels, pods, untold}: NodeMtu, felix: Collected<number>): NodeMtus {
  const way = underlay[4] ?? underlay[6]
  return {
    nic: way ? {name: way.link.name, mtu: way.mtu} : null,
    tunnels: tunnels.map(({tunnel, mtu}) => ({name: tunnel.device, mtu})),
    pods: pods?.mtu ?? null,
    felix,
    untold,
  }
}

function ofNode<T>(fact: Collected<PerNode<T>> | undefined, node: string): Collected<T> {
  if (!fact?.known) return fact ?? notAsked
  return (Object.hasOwn(fact.value, node) ? fact.value[node] : undefined) ?? notAsked
}

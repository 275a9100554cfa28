import type {CalicoPod, KubeNode} from '../calico/kubernetes.ts'
import {runsFelix} from '../calico/runs-felix.ts'
import {type Collected, known} from './collected.ts'
import type {NodeToAsk} from './collector.ts'
import {UsageError} from './errors.ts'
import type {FactTable} from './facts.ts'
import {nearest} from './nearest.ts'
import {nodePatterns} from './node-pattern.ts'

type Named = Pick<KubeNode, 'name' | 'labels'>

/** Linux nodes that match the patterns; where the list of nodes was not had, or not whole, those that have a calico-node pod too, which then is no whole view. */
export function nodesWanted({kubeNodes: nodes, calicoPods}: FactTable, patterns: readonly string[]): Collected<readonly string[]> {
  const listed: Named[] = nodes.known ? nodes.value.filter(runsLinux) : []
  if (nodes.known && nodes.partial === undefined) return known(chosen(listed, patterns))
  const all = nodes.known ? new Set(nodes.value.map(({name}) => name)) : new Set<string>()
  const byPod = calicoPods.known ? calicoPods.value.flatMap(pod => (runsFelix(pod) && pod.node ? [pod.node] : [])) : []
  const others = [...new Set(byPod)].filter(name => !all.has(name))
  if (!nodes.known && others.length === 0) return nodes
  const unseen = nodes.known ? nodes.partial : `nodes could not be listed (${nodes.why}); these have a calico-node pod`
  return known(chosen([...listed, ...others.map(name => ({name, labels: {}}))], patterns, unseen), unseen)
}

const runsLinux = (node: KubeNode) => node.operatingSystem === 'linux' && !node.virtual

function chosen(nodes: readonly Named[], given: readonly string[], unseen?: string): string[] {
  const patterns = nodePatterns(given)
  if (patterns.length === 0) return nodes.map(node => node.name)
  for (const {text, matches} of patterns)
    if (!nodes.some(matches))
      throw new UsageError(
        `no node matches ${JSON.stringify(text)}`,
        [...(unseen === undefined ? [] : [`Not all was seen: ${unseen}.`]), didYouMean(text, nodes)].join(' '),
      )
  return nodes.filter(node => patterns.some(({matches}) => matches(node))).map(node => node.name)
}

function didYouMean(pattern: string, nodes: readonly {name: string}[]): string {
  const names = nearest(
    pattern,
    nodes.map(node => node.name),
  )
  return names.length > 0 ? `Did you mean ${names.join(' or ')}?` : 'kubectl get nodes --show-labels lists them.'
}

/** Ready nodes first: dead ones must not hold up the living. */
export function nodesToAsk(wanted: readonly string[], {kubeNodes: nodes, calicoPods}: FactTable): NodeToAsk[] {
  const kubeNodes = new Map(nodes.known ? nodes.value.map(node => [node.name, node]) : [])
  const pods = podsByNode(calicoPods.known ? calicoPods.value : [])
  const rank = (name: string) => (kubeNodes.get(name)?.ready === 'True' ? 0 : 1)
  return wanted.map(name => nodeToAsk(name, kubeNodes.get(name), pods.get(name), calicoPods)).sort((a, b) => rank(a.name) - rank(b.name))
}

function podsByNode(pods: readonly CalicoPod[]): Map<string, CalicoPod> {
  const byNode = new Map<string, CalicoPod>()
  for (const pod of pods) if (pod.node && runsFelix(pod) && better(pod, byNode.get(pod.node))) byNode.set(pod.node, pod)
  return byNode
}

const better = (pod: CalicoPod, other: CalicoPod | undefined) => !other || Number(felixRuns(pod)) > Number(felixRuns(other))
const felixOf = (pod: CalicoPod) => pod.containers.find(container => container.name === 'calico-node')
const felixRuns = (pod: CalicoPod) => !pod.terminating && felixOf(pod)?.state === 'running'

function nodeToAsk(name: string, node: KubeNode | undefined, pod: CalicoPod | undefined, calicoPods: Collected<unknown>): NodeToAsk {
  const address = node?.internalIps[0]
  const base = {name, ...(address !== undefined && {address})}
  if (!pod) return {...base, unreachable: calicoPods.known ? 'no calico-node pod on this node' : `calico-node pods could not be listed (${calicoPods.why})`}
  const target = {node: name, namespace: pod.namespace, pod: pod.name, container: 'calico-node'}
  return felixRuns(pod) ? {...base, target} : {...base, target, unreachable: `calico-node is not running: ${stateOf(pod)}`}
}

function stateOf(pod: CalicoPod): string {
  const felix = felixOf(pod)
  const init = pod.containers.find(container => container.init && container.state !== 'terminated')
  return felix?.reason ?? init?.reason ?? pod.reason ?? pod.phase
}

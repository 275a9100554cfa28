import type {CalicoPod, KubeNode} from '../calico/kubernetes.ts'
import {matchesLabels} from '../calico/label-selector.ts'
import {type Collected, known} from './collected.ts'
import type {NodeToAsk} from './collector.ts'
import {UsageError} from './errors.ts'
import type {FactTable} from './facts.ts'
import {nearest} from './nearest.ts'

/** Linux nodes that match the patterns; from calico-node pods when nodes cannot be listed, which then is no whole view. */
export function nodesWanted({kubeNodes: nodes, calicoPods}: FactTable, patterns: readonly string[]): Collected<readonly string[]> {
  if (nodes.known) return known(chosen(nodes.value.filter(runsLinux), patterns), nodes.partial)
  const names = calicoPods.known ? [...new Set(calicoPods.value.flatMap(pod => (runsFelix(pod) && pod.node ? [pod.node] : [])))] : []
  if (names.length === 0) return nodes
  return known(
    chosen(
      names.map(name => ({name, labels: {}})),
      patterns,
    ),
    `nodes could not be listed (${nodes.why}); these have a calico-node pod`,
  )
}

const runsLinux = (node: KubeNode) => node.operatingSystem === 'linux' && !node.virtual
const runsFelix = (pod: CalicoPod) => pod.app === 'calico-node' || pod.app === 'canal'

function chosen(nodes: readonly Pick<KubeNode, 'name' | 'labels'>[], patterns: readonly string[]): string[] {
  if (patterns.length === 0) return nodes.map(node => node.name)
  const matched = new Set<string>()
  for (const pattern of patterns) {
    const hits = nodes.filter(node => matches(node, pattern))
    if (hits.length === 0) throw new UsageError(`no node matches ${JSON.stringify(pattern)}`, didYouMean(pattern, nodes))
    for (const {name} of hits) matched.add(name)
  }
  return nodes.map(node => node.name).filter(name => matched.has(name))
}

/** A name, a glob, or (with `=` or `!`) a label selector. */
function matches({name, labels}: Pick<KubeNode, 'name' | 'labels'>, pattern: string): boolean {
  if (/[=!]/.test(pattern)) return matchesLabels(labels, pattern)
  return globPattern(pattern).test(name)
}

export function globPattern(glob: string): RegExp {
  const source = glob
    .replace(/[.+^${}()|[\]\\]/g, String.raw`\$&`)
    .replaceAll('*', '.*')
    .replaceAll('?', '.')
  return new RegExp(`^${source}$`)
}

function didYouMean(pattern: string, nodes: readonly {name: string}[]): string {
  const names = nearest(
    pattern,
    nodes.map(node => node.name),
  )
  return names.length > 0 ? `Did you mean ${names.join(' or ')}?` : 'kubectl get nodes lists them.'
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

import type {Bird} from '../calico/bgp-session.ts'
import {isEstablished} from '../calico/bgp-session.ts'
import type {CalicoPod} from '../calico/kubernetes.ts'
import {runsFelix} from '../calico/runs-felix.ts'
import type {PerNode} from '../engine/collected.ts'
import type {FactTable} from '../engine/facts.ts'
import type {Report} from '../engine/report.ts'

/** A node that shows signs of trouble, and why it is asked before others. */
export interface SickNode {
  readonly node: string
  /** One of them, the gravest. */
  readonly reason: string
}

/** What the look found, as far as it could be had. */
export type OrderFacts = Pick<FactTable, 'kubeNodes' | 'calicoPods' | 'birdV4' | 'birdV6'>
export interface Looked {
  readonly facts: OrderFacts
  readonly report: Pick<Report, 'checks' | 'takenAt'>
  readonly nodes: readonly string[]
  /** Nodes that answered no probe. */
  readonly silent: ReadonlySet<string>
}

const recentMs = 24 * 3_600_000

/**
 * Nodes with signs of trouble, the gravest sign first, then by name: not ready; Calico does not run there; silent; crashed of late; a BIRD or a session down;
 * named by a finding. What is true of more than half of the nodes tells none of them from the others, so such a finding makes no node sick, and where most have
 * sessions down (in a mesh, all have one to a node that died), those with more of them than most.
 */
export function sickNodes({facts, report, nodes, silent}: Looked): SickNode[] {
  const signs: readonly ReadonlyMap<string, string>[] = [
    notReady(facts),
    calicoTrouble(facts, nodes, isDown),
    new Map([...silent].map(node => [node, 'gave no answer'])),
    calicoTrouble(facts, nodes, pod => crashed(pod, Date.parse(report.takenAt))),
    sessionsDown(facts, nodes.length),
    found(report, 'error', nodes.length),
    found(report, 'warning', nodes.length),
  ]
  const rank = (node: string) => signs.findIndex(sign => sign.has(node))
  return nodes
    .flatMap(node => (rank(node) < 0 ? [] : [{node, rank: rank(node)}]))
    .sort((a, b) => a.rank - b.rank || (a.node < b.node ? -1 : 1))
    .map(({node, rank}) => ({node, reason: signs[rank]!.get(node)!}))
}

function notReady({kubeNodes}: OrderFacts): Map<string, string> {
  if (!kubeNodes.known) return new Map()
  return new Map(kubeNodes.value.flatMap(({name, ready}) => (ready === 'True' ? [] : [[name, ready === 'False' ? 'not ready' : 'its kubelet is silent']])))
}

function calicoTrouble({calicoPods}: OrderFacts, nodes: readonly string[], troubleOf: (pod: CalicoPod | undefined) => string | undefined): Map<string, string> {
  if (!calicoPods.known) return new Map()
  const pods = new Map<string, CalicoPod>()
  for (const pod of calicoPods.value)
    if (pod.node !== undefined && runsFelix(pod) && (!pods.has(pod.node) || pods.get(pod.node)!.terminating)) pods.set(pod.node, pod)
  // A pod that is missing from a part of the list may be in the rest of it.
  const isWhole = calicoPods.partial === undefined
  return new Map(
    nodes.flatMap(node => {
      const trouble = pods.has(node) || isWhole ? troubleOf(pods.get(node)) : undefined
      return trouble === undefined ? [] : [[node, trouble]]
    }),
  )
}

function isDown(pod: CalicoPod | undefined): string | undefined {
  if (!pod) return 'no calico-node pod'
  const broken = pod.containers.find(({init, state, ready}) => !init && (state !== 'running' || !ready))
  if (broken) return `${broken.name} ${broken.state === 'running' ? 'not ready' : (broken.reason ?? broken.state)}`
  return pod.ready || pod.terminating ? undefined : 'calico-node not ready'
}

function crashed(pod: CalicoPod | undefined, now: number): string | undefined {
  const last = pod?.containers.find(({last}) => last?.finishedAt !== undefined && now - Date.parse(last.finishedAt) < recentMs)
  return last && `${last.name} restarted (${last.last?.reason ?? 'unknown'})`
}

function sessionsDown({birdV4, birdV6}: OrderFacts, nodes: number): Map<string, string> {
  const down = new Map<string, number>()
  for (const birds of [birdV4, birdV6])
    if (birds.known)
      for (const [node, bird] of Object.entries(birds.value satisfies PerNode<Bird>)) if (bird.known) down.set(node, (down.get(node) ?? 0) + downOf(bird.value))
  const counts = [...down.values()].filter(count => count > 0).toSorted((a, b) => a - b)
  const usual = counts.length * 2 > nodes ? counts[Math.floor(counts.length / 2)]! : 0
  return new Map([...down].flatMap(([node, count]) => (count > usual ? [[node, `${count} BGP ${count === 1 ? 'session' : 'sessions'} down`]] : [])))
}

/** A BIRD that does not run is the cluster's setting or a finding; which of both is the checks' business. */
const downOf = (bird: Bird) => (bird.running ? bird.sessions.filter(session => !isEstablished(session)).length : 0)

function found({checks}: Looked['report'], severity: 'error' | 'warning', nodes: number): Map<string, string> {
  const signs = new Map<string, string>()
  for (const {id, findings} of checks) {
    const named = new Set(
      findings.filter(finding => finding.severity === severity).flatMap(({subjects}) => subjects.flatMap(({kind, name}) => (kind === 'Node' ? [name] : []))),
    )
    if (named.size * 2 <= nodes) for (const node of named) signs.set(node, signs.get(node) ?? id)
  }
  return signs
}

import type {Collected} from '../engine/collected.ts'
import type {Speaker} from './bgp-speakers.ts'
import type {CalicoPod, KubeNode} from './kubernetes.ts'
import {runsFelix} from './runs-felix.ts'

/** Why a node cannot answer for BGP at all, with where that was read. */
export interface PeerTrouble {
  /** Ends a sentence: `its calico-node pod is in CrashLoopBackOff`. */
  readonly words: string
  readonly evidence: string
  /** The node as a whole does not answer, not just its BIRD. */
  readonly nodeDown?: true
}

/** Undefined when BIRD runs there, or when nothing says that it does not. */
export function peerTrouble(speaker: Speaker | undefined, family: 4 | 6, node: KubeNode, calicoPods: Collected<readonly CalicoPod[]>): PeerTrouble | undefined {
  const daemon = speaker?.[family]
  if (daemon?.state === 'runs') return undefined
  if (node.ready !== 'True') return notReady(node)
  const pod = calicoPods.known && calicoPods.partial === undefined ? podTrouble(node.name, calicoPods.value) : undefined
  if (pod) return pod
  if (daemon?.state !== 'stopped') return undefined
  return {words: `BIRD does not run there`, evidence: `${node.name}, ${family === 4 ? 'birdcl' : 'birdcl6'}: ${daemon.detail}`}
}

const notReady = ({name, ready}: KubeNode): PeerTrouble => ({
  words: ready === 'Unknown' ? 'its kubelet stopped reporting, so the node is down or cut off' : 'the node is NotReady',
  evidence: `Node ${name}: condition Ready is ${ready}`,
  nodeDown: true,
})

function podTrouble(node: string, pods: readonly CalicoPod[]): PeerTrouble | undefined {
  const all = pods.filter(runsFelix)
  const own = all.filter(pod => pod.node === node)
  if (all.length === 0) return undefined
  if (own.length === 0) return {words: 'no calico-node pod runs there', evidence: `Pods of calico-node: none on ${node}`}
  if (own.some(pod => !pod.terminating && containerOf(pod)?.state === 'running')) return undefined
  const [pod] = own
  if (!pod) return undefined
  const state = stateOf(pod)
  return {words: `its calico-node pod is not running (${state})`, evidence: `Pod ${pod.namespace}/${pod.name} on ${node}: ${state}`}
}

const containerOf = (pod: CalicoPod) => pod.containers.find(({name}) => name === 'calico-node')
function stateOf(pod: CalicoPod): string {
  const init = pod.containers.find(container => container.init && container.state !== 'terminated')
  return (pod.terminating ? 'Terminating' : undefined) ?? containerOf(pod)?.reason ?? init?.reason ?? pod.reason ?? pod.phase
}

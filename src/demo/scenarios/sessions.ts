import type {SimulatedBird, SimulatedSession} from '../simulated-node.ts'
import {numberOf} from './identity.ts'
import type {ClusterPlan, PlannedNode} from './plan.ts'

/**
 * BIRD of one node with a session to each of its peers, all Established. Both ends agree, since both follow from the plan. Sessions are made when they
 * are looked at: a mesh of a thousand nodes has a million ends.
 */
export function birdOf(plan: ClusterPlan, node: PlannedNode): SimulatedBird {
  const bird = daemonOf(plan, node)
  Object.defineProperty(bird, 'sessions', {
    enumerable: true,
    configurable: true,
    get: () => peersOf(plan, node).map(peer => sessionTo(plan, node, peer)),
    set: value => {
      Object.defineProperty(bird, 'sessions', {value, writable: true})
    },
  })
  return bird
}

/** Calico starts bird6 too, with no session in it where a cluster has no IPv6. */
export const bird6Of = (plan: ClusterPlan, node: PlannedNode): SimulatedBird => daemonOf(plan, node)

const daemonOf = (plan: ClusterPlan, node: PlannedNode): SimulatedBird => ({
  version: 'v0.3.3+birdv1.6.8',
  routerId: routerIdOf(plan, node),
  localAs: plan.asNumber,
  sourceAddress: node.address,
  serverTime: '2025-11-18 09:30:00',
  lastReboot: '2025-11-17 22:04:51',
  sessions: [],
})

const routerIdOf = ({hashedRouterIds}: ClusterPlan, {name, address}: PlannedNode) => (hashedRouterIds ? hashed(name) : address)
/** Four bytes of a digest of the name (node: startup). */
const hashed = (name: string) => [1, 2, 3, 4].map(byte => numberOf(`router ${byte} ${name}`, 223) + 1).join('.')

/** In a full mesh everyone; else reflectors with everyone and the others with the reflectors. */
export function peersOf({mesh, nodes}: ClusterPlan, node: PlannedNode): readonly PlannedNode[] {
  const others = nodes.filter(other => other !== node)
  return mesh || node.reflector ? others : others.filter(other => other.reflector)
}

const sessionName = ({mesh}: ClusterPlan, peer: string): string => `${mesh ? 'Mesh' : 'Node'}_${peer.replaceAll('.', '_')}`

function sessionTo(plan: ClusterPlan, node: PlannedNode, peer: PlannedNode): SimulatedSession {
  return {
    name: sessionName(plan, peer.address),
    peer: peer.address,
    peerAs: plan.asNumber,
    state: 'up',
    since: sinceOf(node, peer),
    bgpState: 'Established',
    error: '',
    imported: node.reflector || plan.mesh ? 1 : plan.nodes.length - 1,
    exported: node.reflector && !peer.reflector ? plan.nodes.length - 1 : 1,
    peerId: routerIdOf(plan, peer),
    reflectorClient: node.reflector && !peer.reflector,
  }
}

/** A session came up when the later of both ends was ready; BIRD shows the time of day for 20 hours. */
function sinceOf(node: PlannedNode, peer: PlannedNode): string {
  const later = node.index > peer.index ? node.name : peer.name
  return `22:0${5 + numberOf(later, 4)}:${String(10 + numberOf(`${later} s`, 49))}`
}

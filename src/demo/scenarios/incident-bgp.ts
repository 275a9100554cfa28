import type {ClusterState} from '../cluster-state.ts'
import type {SimulatedSession} from '../simulated-node.ts'
import {storedAs} from './calico-objects.ts'
import type {ClusterPlan, PlannedNode} from './plan.ts'
import {put} from './put.ts'
import {peersOf} from './sessions.ts'

/** BIRD of one node does not run: its peers are refused, each of them. */
export function breakBird(state: ClusterState, plan: ClusterPlan, node: PlannedNode): void {
  const machine = state.nodes[node.name]!
  delete machine.bird
  delete machine.bird6
  for (const peer of peersOf(plan, node)) changeSession(state, peer, node.address, refused)
}

/**
 * The end that dials is refused; the passive one waits, and shows how it lost its session until there is another. Which end is passive follows from
 * comparing addresses as text (facts: calico.md §3.3).
 */
function refused(session: SimulatedSession, own: string): SimulatedSession {
  const passive = session.name.startsWith('Mesh_') && session.peer > own
  const down = {...session, state: 'start' as const, since: '06:39:14', imported: 0, exported: 0}
  return passive ? {...down, bgpState: 'Passive', error: 'Socket: Connection closed'} : {...down, bgpState: 'Active', error: 'Socket: Connection refused'}
}

function changeSession(
  state: ClusterState,
  {name, address}: PlannedNode,
  peer: string,
  edit: (session: SimulatedSession, own: string) => SimulatedSession,
): void {
  const {bird} = state.nodes[name]!
  if (bird) bird.sessions = bird.sessions.map(session => (session.peer === peer ? edit(session, address) : session))
}

const router = '10.20.0.4'
/** The hub's router is AS 65001, and the BGPPeer says 65010: BIRD sends the router's OPEN back. */
export function refuseRouter(state: ClusterState, nodes: readonly PlannedNode[]): void {
  const spec = {asNumber: 65010, nodeSelector: "ingress == 'true'", peerIP: router}
  const [peer] = storedAs('crd.projectcalico.org', [{kind: 'BGPPeer', resource: 'bgppeers', name: 'hub-router', spec}])['bgppeers.crd.projectcalico.org']!
  put(state.objects, 'bgppeers.crd.projectcalico.org', peer!)
  state.objects['bgppeers.crd.projectcalico.org']!.sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1))
  for (const {name} of nodes) {
    const bird = state.nodes[name]?.bird
    const session = {
      name: `Node_${router.replaceAll('.', '_')}`,
      peer: router,
      peerAs: 65010,
      state: 'start',
      since: '09:29:48',
      bgpState: 'Idle',
      error: 'BGP Error: Bad peer AS',
      imported: 0,
      exported: 0,
    } as const
    if (bird) bird.sessions = [...bird.sessions, session]
  }
}

import {peerWithReflectors} from '../../calico/bgp-fix.ts'
import {meshOf, meshSessions} from '../../calico/bgp-topology.ts'
import type {Install} from '../../calico/cluster.ts'
import {howToSet} from '../../calico/owner.ts'
import {defineCheck, type Fix, type Message, type Severity} from '../../engine/check.ts'
import type {Collected} from '../../engine/collected.ts'
import {exampleBgp} from '../example-birds.ts'
import {exampleNode, manifestInstall} from '../example-cluster.ts'

/** "The full mesh works well for clusters of 100 or fewer nodes" (docs: networking/configuring/bgp, about BGP topologies). */
const large = 100
/** Half of that: time to plan, none to hurry. */
const growing = 50

interface Mesh {
  readonly nodes: number
  readonly sessions: number
  readonly fix: readonly Fix[]
}
const message = (severity: Severity, more: string): Message<Mesh> => ({
  severity,
  text: ({nodes, sessions}) => `${nodes} nodes peer with each other directly: ${nodes - 1} BGP sessions on each, ${sessions} in all. ${more}`,
  fix: ({fix}) => fix,
  verify: () => ({text: 'Only the reflectors have many sessions.', command: 'calico-doctor node status'}),
})

export default defineCheck({
  id: 'bgp/mesh-too-large',
  title: 'The node-to-node mesh has a size that BIRD serves well',
  failureTitle: 'The node-to-node mesh is large',
  why:
    'In the full mesh every node has a BGP session with every other. Sessions grow with the square of the nodes: BIRD takes more CPU and memory on each, a new node takes minutes to learn ' +
    'all routes, and readiness flaps. Route reflectors need two or three sessions per node whatever the size.',
  needs: ['nodes', 'bgpSettings'],
  uses: ['install'],
  notApplicable: ({bgpSettings: {backend, mesh}}) => {
    if (backend !== 'bird') return `Calico runs without BGP here (backend ${backend})`
    return mesh ? undefined : 'the node-to-node mesh is off'
  },
  messages: {
    tooLarge: message('warning', `Calico advises route reflectors above ${large}.`),
    growing: message('info', `Calico advises route reflectors above ${large}: plan them while there is time.`),
  },
  docs: ['https://docs.tigera.io/calico/latest/networking/configuring/bgp'],
  *run({nodes, bgpSettings, install}, report) {
    const size = Math.max(meshOf(nodes, 4).length, meshOf(nodes, 6).length)
    if (size <= growing) return
    const args = {nodes: size, sessions: meshSessions(size), fix: reflectors(install)}
    const evidence = [
      `Nodes with annotation projectcalico.org/IPv4Address or IPv6Address and without RouteReflectorClusterID: ${size} of ${nodes.length}`,
      `BGPConfiguration default: nodeToNodeMeshEnabled ${bgpSettings.mesh}`,
    ]
    const where = {subjects: [{kind: 'BGPConfiguration', name: 'default'}], evidence}
    yield size > large ? report.tooLarge(args, where) : report.growing(args, where)
  },
  examples: {
    'three nodes': {given: given(3), finds: []},
    '50 nodes': {given: given(50), finds: []},
    '51 nodes': {given: given(51), finds: ['growing BGPConfiguration/default']},
    '100 nodes': {given: given(100), finds: ['growing BGPConfiguration/default']},
    '101 nodes': {given: given(101), finds: ['tooLarge BGPConfiguration/default']},
    '120 nodes with the mesh off': {given: given(120, {mesh: false}), finds: []},
    '120 nodes without BGP': {given: given(120, {backend: 'vxlan'}), finds: []},
    '120 nodes, and all but 40 of them not in the mesh': {
      given: {
        ...given(0),
        nodes: [...meshNodes(40), ...meshNodes(80).map(node => ({...node, calico: {...node.calico, routeReflectorClusterId: '244.0.0.1'}}))],
      },
      finds: [],
    },
    '120 nodes that Calico runs on no more than ten of': {
      given: {...given(0), nodes: [...meshNodes(10), ...meshNodes(110).map(node => ({...node, calico: {}}))]},
      finds: [],
    },
  },
})

/** In this order no node is without sessions at any moment: those with the reflectors wait until the mesh makes room for them. */
const reflectors = (install: Collected<Install>): Fix[] => [
  {
    text: 'Choose two or three nodes in different zones, without ordinary workloads, and label them.',
    command: 'kubectl label node NODE route-reflector=true',
  },
  peerWithReflectors('Let every node peer with them.'),
  {
    text: 'Give them one cluster id, one node after the other. It takes them out of the mesh, and the sessions of the BGPPeer come up.',
    command: `calicoctl patch node NODE -p '{"spec":{"bgp":{"routeReflectorClusterID":"244.0.0.1"}}}'`,
  },
  howToSet(install, 'mesh', 'false'),
]

function meshNodes(count: number) {
  return Array.from({length: count}, (_, index) => exampleNode(`n${index + 1}`, index + 1))
}
function given(count: number, settings: Parameters<typeof exampleBgp>[0] = {}) {
  return {nodes: meshNodes(count), bgpSettings: exampleBgp(settings).value, install: manifestInstall}
}

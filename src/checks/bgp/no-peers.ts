import {peerWithReflectors} from '../../calico/bgp-fix.ts'
import {bgpNeeded} from '../../calico/bgp-needed.ts'
import {isReflector, meshOf, peeringsOf, runsBird} from '../../calico/bgp-topology.ts'
import {several} from '../../calico/bgp-words.ts'
import type {BgpSettings} from '../../calico/cluster.ts'
import {firstLines} from '../../calico/evidence.ts'
import type {KubeNode} from '../../calico/kubernetes.ts'
import {nodeList} from '../../calico/node-list.ts'
import {howToSet} from '../../calico/owner.ts'
import {patchCalico, shellWord} from '../../calico/owners/commands.ts'
import type {BgpPeer, BgpPeerSpec} from '../../calico/resources.ts'
import {defineCheck, type Fix, undecided} from '../../engine/check.ts'
import {noPeersExamples} from '../no-peers-examples.ts'

interface Alone {
  readonly nodes: readonly string[]
  readonly fix: readonly Fix[]
}
const verify = ({nodes}: Alone) => ({text: 'The node has sessions, and they are Established.', command: `calico-doctor node status ${shellWord(nodes[0]!)}`})

export default defineCheck({
  id: 'bgp/no-peers',
  title: 'Every node has a BGP peer',
  failureTitle: 'Nodes have no BGP peer at all',
  why:
    'A node without any BGP session learns no route to pods of other nodes, and nobody learns the way to its own. Nothing else shows it: BIRD runs, has nothing to complain of, and ' +
    'calico-node is Ready. It happens when the full mesh is switched off before BGPPeers take over, or when a selector of a BGPPeer has a typing error.',
  needs: ['nodes', 'bgpSettings', 'bgpPeers'],
  uses: ['encapsulation', 'felixConfigurations', 'nodeEnv', 'calicoVersion', 'install'],
  notApplicable: ({nodes, bgpSettings: {backend}}) => {
    if (backend !== 'bird') return `Calico runs without BGP here (backend ${backend})`
    return nodes.filter(runsBird).length < 2 ? 'fewer than two nodes have nobody to peer with' : undefined
  },
  messages: {
    meshOff: {
      severity: 'error',
      text: ({nodes}: Alone) => `No BGP session on ${several(nodes)}: the node-to-node mesh is off, and there is no BGPPeer.`,
      fix: ({fix}: Alone) => fix,
      verify,
      absentFrom: ['bgpPeers'],
    },
    unselected: {
      severity: 'error',
      text: ({nodes}: Alone) => `No BGP session on ${several(nodes)}: the node-to-node mesh is off, and no BGPPeer fits.`,
      fix: ({fix}: Alone) => fix,
      verify,
      absentFrom: ['bgpPeers', 'nodes'],
    },
    reflectorAlone: {
      severity: 'error',
      text: ({nodes}: Alone) =>
        `No BGP session on ${several(nodes)}: the cluster id of a route reflector takes nodes out of the node-to-node mesh, and no BGPPeer takes over.`,
      fix: ({fix}: Alone) => fix,
      verify,
      absentFrom: ['bgpPeers', 'nodes'],
    },
    leftInMesh: {
      severity: 'error',
      text: ({nodes}: Alone) =>
        `No BGP session on ${several(nodes)}: all others are route reflectors, which are not in the node-to-node mesh, and no BGPPeer leads to them.`,
      fix: ({fix}: Alone) => fix,
      verify,
      absentFrom: ['bgpPeers', 'nodes'],
    },
  },
  docs: ['https://docs.tigera.io/calico/latest/networking/configuring/bgp', 'https://docs.tigera.io/calico/latest/reference/resources/bgppeer'],
  *run(facts, report) {
    const {nodes, bgpSettings, bgpPeers, install} = facts
    const need = bgpNeeded(facts)
    const {byNode, unreadable} = peeringsOf(bgpPeers, nodes, bgpSettings.asNumber)
    const alone = nodes.filter(node => runsBird(node) && hasAddress(node) && !byNode.has(node.name) && !meshes(node, nodes, bgpSettings))
    if (alone.length === 0) return
    if (unreadable.length > 0)
      return yield undecided(`whether BGPPeers select ${nodeList(namesOf(alone))}: the selector of ${unreadable.join(', ')} cannot be read`)
    if (need.needed === undefined)
      return yield undecided(`${nodeList(namesOf(alone))} have no BGP peer, and whether they need one is not known: ${need.reason}`)
    if (!need.needed) return
    const [reflectors, others] = [alone.filter(isReflector), alone.filter(node => !isReflector(node))]
    const say = (kind: 'meshOff' | 'unselected' | 'reflectorAlone' | 'leftInMesh', them: readonly KubeNode[], fix: readonly Fix[]) =>
      report[kind](
        {nodes: namesOf(them), fix},
        {subjects: namesOf(them).map(name => ({kind: 'Node', name})), evidence: evidenceOf(them, bgpSettings, bgpPeers, need.reason)},
      )
    const meshOn = howToSet(install, 'mesh', 'true')
    if (!bgpSettings.mesh && bgpPeers.length === 0) return yield say('meshOff', alone, [meshOn, toReflectors])
    if (!bgpSettings.mesh) return yield say('unselected', alone, [...fitSelector, meshOn])
    if (reflectors.length > 0) yield say('reflectorAlone', reflectors, [toReflectors, noReflector(reflectors[0]!)])
    if (others.length > 0) yield say('leftInMesh', others, [toReflectors])
  },
  examples: noPeersExamples,
})

const namesOf = (nodes: readonly KubeNode[]) => nodes.map(({name}) => name)
const hasAddress = ({calico}: KubeNode) => calico.ipv4 !== undefined || calico.ipv6 !== undefined
const meshes = (node: KubeNode, nodes: readonly KubeNode[], {mesh}: BgpSettings) =>
  mesh && ([4, 6] as const).some(family => meshOf(nodes, family).length > 1 && meshOf([node], family).length === 1)

function evidenceOf(alone: readonly KubeNode[], {mesh}: BgpSettings, peers: readonly BgpPeer[], reason: string): string[] {
  const ids = alone.flatMap(({name, calico}) =>
    calico.routeReflectorClusterId ? [`Node ${name}: RouteReflectorClusterID ${calico.routeReflectorClusterId}`] : [],
  )
  const lines = peers.map(({name, spec}) => `BGPPeer ${name}: ${selectorsOf(spec)}`)
  return [
    `BGPConfiguration default: nodeToNodeMeshEnabled ${mesh}`,
    ...firstLines(lines.length > 0 ? lines : ['BGPPeers: none']),
    ...firstLines(ids, 3),
    reason,
  ]
}
const selectorsOf = ({node, nodeSelector, peerIP, peerSelector, localWorkloadSelector, reversePeering}: BgpPeerSpec) =>
  Object.entries({node, nodeSelector, peerIP, peerSelector, localWorkloadSelector, reversePeering})
    .flatMap(([field, value]) => (value ? [`${field} ${value}`] : []))
    .join(', ')

const toReflectors = peerWithReflectors('Let one BGPPeer lead every node to the route reflectors, which have the label it asks for.')
const fitSelector: readonly Fix[] = [
  {text: 'Compare the selectors of the BGPPeers with the labels of the nodes.', command: 'calicoctl get bgppeers -o yaml; kubectl get nodes --show-labels'},
  {text: 'Until that is mended the mesh brings the routes back:'},
]
const noReflector = ({name, calicoNode}: KubeNode): Fix => ({
  text: 'A node that should be no reflector gets back into the mesh without its cluster id.',
  command:
    calicoNode === undefined
      ? `kubectl annotate node ${shellWord(name)} projectcalico.org/RouteReflectorClusterID-`
      : patchCalico('node', calicoNode, {bgp: {routeReflectorClusterID: ''}}),
})

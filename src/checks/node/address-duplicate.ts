import {firstLines} from '../../calico/evidence.ts'
import type {KubeNode} from '../../calico/kubernetes.ts'
import {addressFix, type FixSources, staleFix, staleNodes, tunnelFix} from '../../calico/node-address-duplicate-fix.ts'
import {addressesSeen} from '../../calico/node-address-seen.ts'
import {holdingLine, rolesText, type Shared, sharing} from '../../calico/node-address-shared.ts'
import {nodeList} from '../../calico/node-list.ts'
import {defineCheck, type Fix, undecided, type Where} from '../../engine/check.ts'
import {known, unknown} from '../../engine/collected.ts'
import {exampleEnv, exampleNode, operatorInstall} from '../example-cluster.ts'

interface Args {
  readonly value: string
  /** `Calico address of 2 nodes: a, b`. */
  readonly roles: string
  readonly nodes: readonly string[]
  /** Nodes among them whose kubelet stopped reporting. */
  readonly stale: readonly string[]
  readonly fix: readonly Fix[]
}

const fix = ({fix}: Args) => fix
const verify = () => ({text: 'No value stands twice, and calico-node is ready on these nodes.', command: 'calico-doctor check --only node/address-duplicate'})
const inEtcd = known({type: 'etcdv3' as const, claims: []})

export default defineCheck({
  id: 'node/address-duplicate',
  title: 'No two nodes have the same Calico address, tunnel address or VXLAN MAC',
  failureTitle: 'Nodes share an address that only one of them can have',
  why:
    "Calico sends packets for the pods of a node to that node's address, tunnel address or VXLAN MAC. When two nodes have the same one, packets for both arrive at one of them, " +
    'and pods on the other are cut off, often by turns. calico-node also refuses to start on a node whose address another node has.',
  needs: ['nodes'],
  uses: ['datastore', 'install', 'nodeEnv'],
  notApplicable({nodes, datastore}) {
    const addresses = addressesSeen(nodes, datastore)
    return addresses.seen ? undefined : addresses.notApplicable
  },
  messages: {
    stale: {
      severity: 'error',
      text: ({value, roles, stale, nodes}: Args) =>
        `${value} is the ${roles}. Nothing was heard from ${nodeList(stale)} any more: it may be what is left of a machine that was renamed or made anew. ` +
        `calico-node may refuse to start on ${nodeList(nodes.filter(name => !stale.includes(name)))}.`,
      fix,
      verify,
    },
    address: {
      severity: 'error',
      text: ({value, roles}: Args) =>
        `${value} is the ${roles}. Packets for pods on all of them go to one of them, and calico-node refuses to start on the others.`,
      fix,
      verify,
    },
    tunnel: {
      severity: 'error',
      text: ({value, roles}: Args) => `${value} is the ${roles}. What is sent through a tunnel to one of them may arrive at the other, and answers get lost.`,
      fix,
      verify,
    },
    mac: {
      severity: 'error',
      text: ({value, roles}: Args) => `${value} is the ${roles}. VXLAN frames for one of them are taken for the other's.`,
      fix,
      verify,
    },
  },
  docs: ['https://docs.tigera.io/calico/latest/networking/ipam/ip-autodetection', 'https://docs.tigera.io/calico/latest/reference/configure-calico-node'],
  *run({nodes, datastore, install, nodeEnv}, report) {
    const addresses = addressesSeen(nodes, datastore)
    if (!addresses.seen) return yield undecided(addresses.undecided ?? '')
    const {shared, unread} = sharing(nodes)
    for (const one of shared) {
      const [messageId, fix] = remedy(one, {install, nodeEnv})
      yield report[messageId](argsOf(one, fix), whereOf(one))
    }
    if (unread.length > 0) yield undecided(`neither address nor MAC: ${firstLines(unread.map(holdingLine), 3).join('; ')}`)
  },
  examples: {
    'every node its own': {given: given([exampleNode('a', 1), exampleNode('b', 2)]), finds: []},
    'one node has one address for both of its tunnels': {
      given: given([tunnels('a', 1, {ipipTunnel: '10.244.1.0', vxlanTunnel: '10.244.1.0'}), tunnels('b', 2, {ipipTunnel: '10.244.2.0'})]),
      finds: [],
    },
    'docker0 taken for the network on every node': {
      given: given([at('a', 1, '172.17.0.1/16'), at('b', 2, '172.17.0.1/16'), at('c', 3, '172.17.0.1/16')]),
      finds: ['address Node/a Node/b Node/c'],
    },
    "clones behind VirtualBox's NAT": {
      given: given(['a', 'b'].map((name, index) => exampleNode(name, index, {internalIps: ['10.0.2.15'], annotations: {ipv4: '10.0.2.15/24'}}))),
      finds: ['address Node/a Node/b'],
    },
    'the same address with another prefix, and IPv6 in another form': {
      given: given([
        exampleNode('a', 1, {annotations: {ipv4: '10.0.0.1/24', ipv6: 'fd00:0:0::1/64'}}),
        exampleNode('b', 2, {annotations: {ipv4: '10.0.0.1/16', ipv6: 'FD00::1/128'}}),
      ]),
      finds: ['address Node/a Node/b', 'address Node/a Node/b'],
    },
    'what is left of a machine that has another name now': {
      given: given([exampleNode('new', 1), exampleNode('renamed', 1, {ready: 'Unknown'})]),
      finds: ['stale Node/new Node/renamed'],
    },
    "a node that is NotReady because calico-node cannot start is nobody's leftover": {
      given: given([exampleNode('a', 1), exampleNode('b', 1, {ready: 'False'})]),
      finds: ['address Node/a Node/b'],
    },
    'one address set for all nodes by IP': {
      given: {...given([at('a', 1, '10.0.0.1/24'), at('b', 2, '10.0.0.1/24')]), nodeEnv: exampleEnv({IP: '10.0.0.1/24'})},
      finds: ['address Node/a Node/b'],
    },
    'one node kept the address of another from before Calico was told to take InternalIPs': {
      given: {...given([exampleNode('a', 1), at('b', 2, '10.0.0.1/24')]), nodeEnv: exampleEnv({IP_AUTODETECTION_METHOD: 'kubernetes-internal-ip'})},
      finds: ['address Node/a Node/b'],
    },
    "IPIP's address of one node is VXLAN's of another": {
      given: given([tunnels('a', 1, {ipipTunnel: '10.244.1.0'}), tunnels('b', 2, {vxlanTunnel: '10.244.1.0'})]),
      finds: ['tunnel Node/a Node/b'],
    },
    'a node known by the tunnel address of another': {
      given: given([tunnels('a', 1, {ipipTunnel: '10.244.1.0'}), at('b', 2, '10.244.1.0/32')]),
      finds: ['tunnel Node/a Node/b'],
    },
    'IPv6 VXLAN and WireGuard': {
      given: given([
        tunnels('a', 1, {vxlanTunnelV6: 'fd00:1::5', wireguardAddress: '10.244.1.9'}),
        tunnels('b', 2, {vxlanTunnelV6: 'fd00:1:0::5', wireguardAddress: '10.244.1.9'}),
      ]),
      finds: ['tunnel Node/a Node/b', 'tunnel Node/a Node/b'],
    },
    'one VXLAN MAC, written in two ways': {
      given: given([tunnels('a', 1, {vxlanMac: '66:C3:1B:00:00:01'}), tunnels('b', 2, {vxlanMac: '66-c3-1b-00-00-01'})]),
      finds: ['mac Node/a Node/b'],
    },
    'an annotation that is no address: cannot be told': {given: given([exampleNode('a', 1), at('b', 2, 'autodetect')]), finds: []},
    'policy only: Calico writes no addresses': {given: given([exampleNode('a', 1, {annotations: {}})]), finds: []},
    "on an etcd datastore addresses are in Calico's own Nodes": {
      given: {...given([exampleNode('a', 1, {calicoNode: 'a'}), exampleNode('b', 1, {calicoNode: 'b.example', ready: 'Unknown'})]), datastore: inEtcd},
      finds: ['stale Node/a Node/b'],
    },
    'on an etcd datastore none was seen': {given: {...given([exampleNode('a', 1, {annotations: {}})]), datastore: inEtcd}, finds: []},
    'who installed it was not seen': {
      given: {...given([exampleNode('a', 1), exampleNode('b', 1)]), install: unknown('forbidden', '403'), nodeEnv: unknown('forbidden', '403')},
      finds: ['address Node/a Node/b'],
    },
  },
})

const fixes = {address: addressFix, tunnel: tunnelFix, mac: tunnelFix}

/** Where only one node is living, the others are the fault; else they may add to it. */
function remedy(shared: Shared, sources: FixSources): ['stale' | Shared['kind'], Fix[]] {
  const leftovers = staleFix(shared, sources)
  if (staleNodes(shared).length === shared.nodes.length - 1) return ['stale', leftovers]
  return [shared.kind, [...leftovers.slice(0, 1), ...fixes[shared.kind](shared, sources)]]
}

const argsOf = ({value, holdings, nodes}: Shared, fix: readonly Fix[]): Args => ({
  value,
  roles: rolesText({holdings}),
  nodes: nodes.map(({name}) => name),
  stale: nodes.filter(({ready}) => ready === 'Unknown').map(({name}) => name),
  fix,
})

const whereOf = ({nodes, holdings}: Shared): Where => ({
  subjects: nodes.map(({name}) => ({kind: 'Node', name})),
  evidence: firstLines(holdings.map(holdingLine)),
})

function at(name: string, number: number, ipv4: string): KubeNode {
  return exampleNode(name, number, {annotations: {ipv4}})
}
function tunnels(name: string, number: number, annotations: KubeNode['calico']): KubeNode {
  return exampleNode(name, number, {annotations: {ipv4: `10.0.0.${number}/24`, ...annotations}})
}
function given(nodes: readonly KubeNode[]) {
  return {nodes, datastore: known({type: 'kubernetes' as const, claims: []}), install: operatorInstall, nodeEnv: exampleEnv({IP: 'autodetect'})}
}

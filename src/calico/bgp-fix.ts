import type {Fix} from '../engine/check.ts'
import type {Collected} from '../engine/collected.ts'
import type {GroupCause} from './bgp-blame.ts'
import {addressOf} from './cidr.ts'
import type {Install} from './cluster.ts'
import {restartOn} from './node-address-fix.ts'
import {howToSet} from './owner.ts'
import {shellWord} from './owners/commands.ts'

/** What the steps are about: a node that calls, and whom it calls. */
export interface FixFor {
  readonly caller: string
  readonly address: string
  /** The called node; undefined outside the cluster. */
  readonly called: string | undefined
  readonly port: number
  readonly nodeDown: boolean
  /** false: nodes could not be listed, or not all; one of them may have the address. */
  readonly nodesSeen: boolean
  /** BIRD's name of the session on the caller. */
  readonly protocol: string
  readonly install: Collected<Install>
}
/** One BGPPeer between all nodes and those with label route-reflector; reflectors peer with each other by it too. */
export const peerWithReflectors = (text: string): Fix => ({
  text,
  command: `calicoctl apply -f - <<'EOF'
apiVersion: projectcalico.org/v3
kind: BGPPeer
metadata:
  name: to-route-reflectors
spec:
  nodeSelector: all()
  peerSelector: has(route-reflector)
EOF`,
})

type Steps = (about: FixFor) => readonly Fix[]

/** What to do about sessions that are down for one cause. */
export const downFix = (cause: GroupCause, about: FixFor): readonly Fix[] => steps[cause](about)

const namespaceOf = ({install}: FixFor) => shellWord(install.known ? install.value.namespace : 'kube-system')
const podsOn = (about: FixFor, node: string) => `kubectl -n ${namespaceOf(about)} get pods -o wide --field-selector spec.nodeName=${shellWord(node)}`
/** Only for what is an address: the inner shell would run whatever else BIRD was made to print. */
const bashConnect = ({address, port}: FixFor): Pick<Fix, 'command'> => {
  const known = addressOf(address)
  return known === undefined ? {} : {command: `timeout 3 bash -c '</dev/tcp/${known}/${port}' && echo open`}
}
const showPeers = 'calicoctl get bgppeers -o yaml'
const showAddresses = String.raw`kubectl get nodes -o custom-columns='NAME:.metadata.name,IPV4:.metadata.annotations.projectcalico\.org/IPv4Address,IPV6:.metadata.annotations.projectcalico\.org/IPv6Address'`

const seePeer: Steps = about => {
  if (about.called !== undefined) return [{text: `See whether calico-node and BIRD run on ${about.called}.`, command: podsOn(about, about.called)}]
  if (!about.nodesSeen)
    return [
      {text: `See who has ${about.address}, which may be a node that could not be listed, and whether BGP runs there.`, command: 'calicoctl get nodes -o wide'},
    ]
  if (about.protocol.startsWith('Mesh_')) {
    const text = `No Kubernetes node has ${about.address}, yet Calico meshes with it: find the Calico node that claims it, and delete it if its machine is gone.`
    return [{text, command: 'calicoctl get nodes -o wide'}, reread(about)]
  }
  const text = `See on the router ${about.address} whether BGP runs and knows ${about.caller}; if nothing should be there, delete the BGPPeer.`
  return [{text, command: showPeers}]
}
/** confd writes BIRD's configuration from the nodes that there are; where it hangs, sessions to deleted ones stay. */
const reread = ({caller, install}: FixFor): Fix => ({
  text: `If none claims it, the BIRD configuration of ${caller} is old: restart calico-node there.`,
  ...(install.known && {command: restartOn(install.value, [caller])}),
})
const openPort: Steps = about => [
  {
    text: `Let TCP ${about.port} through between all nodes, both ways: host firewall, security group, network policy of the provider. Try it on ${about.caller}.`,
    ...bashConnect(about),
  },
]
const peerDown: Steps = about => {
  const node = about.called ?? about.address
  const see = {text: `See why calico-node does not serve BGP on ${node}.`, command: podsOn(about, node)}
  if (!about.nodeDown) return [see]
  return [
    {text: `Bring ${node} back: power, network, kubelet.`, command: `kubectl describe node ${shellWord(node)}`},
    {text: 'If it is gone for good, delete it, so that nobody waits for it.', command: `kubectl delete node ${shellWord(node)}`},
  ]
}
const agreeOnAs: Steps = ({called, address, install}) => {
  const ours = {text: 'See which AS each node announces.', command: 'calicoctl get nodes -o wide'}
  const peers = {text: `asNumber of a BGPPeer has to be the AS that the other end announces.`, command: showPeers}
  if (called === undefined) return [peers, ours, {text: `On the router ${address}: its own AS, and the AS that it expects of the nodes.`}]
  return [ours, peers, howToSet(install, 'as-number')]
}
const samePassword: Steps = about => [
  {
    text: `Give both ends one password: the Secret that password.secretKeyRef of the BGPPeer names, in namespace ${namespaceOf(about)}, readable for calico-node.`,
    command: showPeers,
  },
]
const compare: Steps = ({caller, called}) => [
  {
    text: 'Compare what both ends say.',
    command: `calico-doctor node status ${[caller, ...(called === undefined ? [] : [called])].map(shellWord).join(' ')} -o wide`,
  },
]

const steps: Readonly<Record<GroupCause, Steps>> = {
  'peer-down': peerDown,
  refused: about => [
    ...seePeer(about),
    {
      text: `If BIRD runs there, a firewall rejects TCP ${about.port}: let it through.`,
      command: `nft list ruleset | grep -w ${about.port}; iptables-save | grep -w ${about.port}`,
    },
  ],
  'no-route': about => [
    ...(about.called === undefined ? seePeer(about) : []),
    {text: `Find the way from ${about.caller}; a firewall that rejects (firewalld does) looks the same.`, command: `ip route get ${shellWord(about.address)}`},
    {text: 'See whether each node has the address that Calico uses for it.', command: showAddresses},
  ],
  filtered: about => [...openPort(about), ...seePeer(about)],
  password: samePassword,
  'password-or-filtered': about => [...samePassword(about), ...openPort(about)],
  'bad-peer-as': agreeOnAs,
  'bad-identifier': () => [
    {text: 'Give every node an address of its own; the router id is made from it.', command: showAddresses},
    {text: 'CALICO_ROUTER_ID of calico-node must not be one fixed address; IPv6-only clusters set it to hash.'},
  ],
  self: () => [{text: 'Narrow nodeSelector of the BGPPeer, so that it leaves out the node that it leads to.', command: showPeers}],
  'hold-timer': () => [
    {text: 'Look for lost packets: MTU that does not fit, a saturated link, calico-node without CPU.', command: "calico-doctor check --only 'mtu/*'"},
  ],
  closed: about => [
    {
      text: `See whether the other end has a session for the address that ${about.caller} calls from, and whether that is the right address.`,
      command: showAddresses,
    },
    ...compare(about),
  ],
  'no-address': ({install, caller}) => [
    {text: `See whether ${caller} still has the address that Calico uses for it.`, command: showAddresses},
    howToSet(install, 'autodetection'),
  ],
  'no-listener': ({port, caller}) => [
    {text: `See on ${caller} which program has TCP ${port}; two BGP speakers need two ports.`, command: `ss -ltnp 'sport = :${port}'`},
  ],
  incompatible: compare,
  limit: compare,
  'admin-down': ({protocol, caller}) => [
    {text: `If nobody wants it down any more, enable it where it was disabled: \`enable ${protocol}\` in birdcl on ${caller}, or on the router.`},
    {text: 'A restart of calico-node on that node enables it too.'},
  ],
  passive: compare,
  starting: compare,
  unknown: compare,
}

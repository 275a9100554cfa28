import {addressOf} from './cidr.ts'
import type {KubeNode} from './kubernetes.ts'
import {peerNames} from './peer-names.ts'
import type {BgpPeer} from './resources.ts'
import {selects} from './selector.ts'

/** The node that has an address: by Calico's annotations, else by its InternalIPs. Remembers, as a mesh asks for each address once a node. */
export function addressOwner(nodes: readonly KubeNode[]): (address: string) => string | undefined {
  const names = peerNames({known: true, value: nodes})
  const owners = new Map<string, string | undefined>()
  return address => {
    if (!owners.has(address)) owners.set(address, names(address) ?? undefined)
    return owners.get(address)
  }
}

/** A node that runs BIRD when the backend is bird: virtual nodes have no kernel, Windows nodes speak BGP by RRAS. */
export const runsBird = ({operatingSystem, virtual}: KubeNode): boolean => operatingSystem === 'linux' && !virtual
export const isReflector = ({calico}: KubeNode): boolean => (calico.routeReflectorClusterId ?? '') !== ''

/** The node-to-node mesh of a family: nodes that Calico gave an address, Windows ones too, without those that have a cluster id (bgp_processor.go). */
export function meshOf(nodes: readonly KubeNode[], family: 4 | 6): KubeNode[] {
  return nodes.filter(node => !node.virtual && !isReflector(node) && (family === 4 ? node.calico.ipv4 : node.calico.ipv6) !== undefined)
}

/** Sessions that a full mesh of so many nodes has. */
export const meshSessions = (nodes: number): number => (nodes < 2 ? 0 : (nodes * (nodes - 1)) / 2)

/** Does this BGPPeer make sessions on the node? Neither `node` nor `nodeSelector`: on every node. Undefined: its selector cannot be read. */
export function peerSelects({spec}: BgpPeer, {name, labels}: KubeNode): boolean | undefined {
  if (spec.nodeSelector) return selects(spec.nodeSelector, labels)
  return spec.node ? spec.node === name : true
}

/** By node, the BGPPeers that give it a session with a node or a router; and those with a selector that nobody can read. */
export interface Peerings {
  readonly byNode: ReadonlyMap<string, readonly string[]>
  readonly unreadable: readonly string[]
}

/**
 * Which nodes BGPPeers give sessions. Peers of local workloads are no way to other nodes and are left out. Both ways to name another end, `peerSelector` and the `peerIP`
 * of a node that has the AS that the BGPPeer expects, lead there and, unless reversePeering is Manual, back; none leads to the node itself
 * (confd: updatePeersV1, nodesWithIPPortAndAS; bgp_processor.go). `asNumber` is the cluster's.
 */
export function peeringsOf(peers: readonly BgpPeer[], nodes: readonly KubeNode[], asNumber = '64512'): Peerings {
  const byNode = new Map<string, string[]>()
  const unreadable = new Set<string>()
  for (const peer of peers.filter(({spec}) => !spec.localWorkloadSelector)) {
    for (const name of peeredBy(peer, {nodes, asNumber, onUnreadable: () => unreadable.add(peer.name)}))
      byNode.set(name, [...(byNode.get(name) ?? []), peer.name])
  }
  return {byNode, unreadable: [...unreadable]}
}

interface Among {
  readonly nodes: readonly KubeNode[]
  readonly asNumber: string
  readonly onUnreadable: () => void
}

function peeredBy(peer: BgpPeer, among: Among): Set<string> {
  const chosen = (test: (node: KubeNode) => boolean | undefined) => among.nodes.filter(node => test(node) ?? (among.onUnreadable(), false))
  const {peerIP, peerSelector, reversePeering} = peer.spec
  const from = chosen(node => peerSelects(peer, node))
  const address = peerSelector ? undefined : addressOf(hostOf(peerIP ?? ''))
  if (!peerSelector && address === undefined) return new Set()
  const to = chosen(node => (peerSelector ? selects(peerSelector, node.labels) : hasAddress(node, address)))
  if (!peerSelector && to.length === 0) return new Set(namesOf(from))
  const hasOther = (others: readonly KubeNode[]) => (node: KubeNode) => others.some(other => other.name !== node.name && isAddressed(other))
  const back = to.filter(node => peerSelector || sameAs(asOf(node, among), peer.spec.asNumber || among.asNumber))
  return new Set(namesOf([...from.filter(hasOther(to)), ...(reversePeering === 'Manual' ? [] : back.filter(hasOther(from)))]))
}

const namesOf = (nodes: readonly KubeNode[]) => nodes.map(({name}) => name)
/** confd makes a peer of a node's address in Calico, not of a node. */
const isAddressed = ({calico}: KubeNode) => calico.ipv4 !== undefined || calico.ipv6 !== undefined
const hasAddress = ({calico}: KubeNode, address: string | undefined) => [calico.ipv4, calico.ipv6].some(own => own !== undefined && addressOf(own) === address)
const asOf = ({calico}: KubeNode, {asNumber}: Among) => calico.asNumber ?? asNumber
const sameAs = (one: number | string, other: number | string) => plainAs(one) === plainAs(other)
/** `1.10` is 65546 (RFC 5396). */
function plainAs(as: number | string): number {
  const [high, low] = String(as).split('.').map(Number)
  return low === undefined ? high! : high! * 2 ** 16 + low
}

/** `10.0.0.9` of `10.0.0.9:500`, `fd00::9` of `[fd00::9]:500`. */
export const hostOf = (peerIp: string): string =>
  /^\[([^\]]*)\]/.exec(peerIp)?.[1] ?? (/^[\d.]+:\d+$/.test(peerIp) ? peerIp.slice(0, peerIp.indexOf(':')) : peerIp)

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
  if (spec.node) return spec.node === name
  return spec.nodeSelector ? selects(spec.nodeSelector, labels) : true
}

/** By node, the BGPPeers that give it a session with a node or a router; and those with a selector that nobody can read. */
export interface Peerings {
  readonly byNode: ReadonlyMap<string, readonly string[]>
  readonly unreadable: readonly string[]
}

/**
 * Which nodes BGPPeers give sessions. Peers of local workloads are no way to other nodes and are left out. `peerSelector` leads to every other node it selects and,
 * unless reversePeering is Manual, back (bgp_processor.go).
 */
export function peeringsOf(peers: readonly BgpPeer[], nodes: readonly KubeNode[]): Peerings {
  const byNode = new Map<string, string[]>()
  const unreadable = new Set<string>()
  for (const peer of peers.filter(({spec}) => !spec.localWorkloadSelector)) {
    for (const name of peeredBy(peer, nodes, () => unreadable.add(peer.name))) byNode.set(name, [...(byNode.get(name) ?? []), peer.name])
  }
  return {byNode, unreadable: [...unreadable]}
}

function peeredBy(peer: BgpPeer, nodes: readonly KubeNode[], onUnreadable: () => void): Set<string> {
  const chosen = (test: (node: KubeNode) => boolean | undefined) => nodes.filter(node => test(node) ?? (onUnreadable(), false)).map(({name}) => name)
  const {peerIP, peerSelector, reversePeering} = peer.spec
  const from = chosen(node => peerSelects(peer, node))
  if (!peerSelector) return new Set(peerIP ? from : [])
  const to = chosen(({labels}) => selects(peerSelector, labels))
  const hasOther = (others: readonly string[]) => (name: string) => others.some(other => other !== name)
  return new Set([...from.filter(hasOther(to)), ...(reversePeering === 'Manual' ? [] : to.filter(hasOther(from)))])
}

import type {Tunnel} from './mtu.ts'
import type {NodeMtu} from './mtu-node.ts'

/** Nodes with one MTU. */
export interface MtuGroup {
  /** Bytes. */
  readonly mtu: number
  readonly nodes: readonly string[]
}

/** By MTU, the most nodes first, then the larger MTU; so the first group is the rule and the others are the odd ones. */
export function groupsBy(nodes: readonly NodeMtu[], mtuOf: (node: NodeMtu) => number | undefined): MtuGroup[] {
  const groups = Map.groupBy(
    nodes.flatMap(node => {
      const mtu = mtuOf(node)
      return mtu === undefined ? [] : [{mtu, node: node.node}]
    }),
    ({mtu}) => mtu,
  )
  return [...groups].map(([mtu, of]) => ({mtu, nodes: of.map(({node}) => node)})).sort((a, b) => b.nodes.length - a.nodes.length || b.mtu - a.mtu)
}

export const oddNodes = (groups: readonly MtuGroup[]): string[] => groups.slice(1).flatMap(({nodes}) => nodes)

/** Largest packet, with all that is wrapped around it, which a node puts on its NIC; only what its own NIC carries. Bytes. */
export function largestPacket(
  node: NodeMtu,
  family: 4 | 6,
): {readonly bytes: number; readonly link: string; readonly mtu: number; readonly tunnel?: Tunnel} | undefined {
  const below = node.underlay[family]
  if (!below) return undefined
  const wrapped = node.tunnels
    .filter(({tunnel}) => tunnel.family === family)
    .map(({tunnel, mtu}) => ({bytes: mtu + tunnel.overhead, link: tunnel.device, mtu, tunnel}))
  const bare = node.tunnels.length === 0 && node.pods ? [{bytes: node.pods.mtu, link: 'a pod', mtu: node.pods.mtu}] : []
  return [...wrapped, ...bare].filter(({bytes}) => bytes <= below.mtu).toSorted((a, b) => b.bytes - a.bytes)[0]
}

/** Packets that one node's NIC carries and another's does not. */
export interface MisfitBetween {
  /** The interface that makes the largest of them, its MTU, and with all that is wrapped around. Bytes. */
  readonly link: string
  readonly mtu: number
  readonly packet: number
  /** The least that a NIC carries. */
  readonly smallest: number
  /** Nodes that make such packets, and those that cannot take them. */
  readonly large: readonly string[]
  readonly small: readonly string[]
}

export function misfitBetween(nodes: readonly NodeMtu[], family: 4 | 6): MisfitBetween | undefined {
  const carried = nodes.flatMap(({node, underlay}) => (underlay[family] ? [{node, mtu: underlay[family].mtu}] : []))
  const smallest = carried.reduce((least, {mtu}) => Math.min(least, mtu), Number.POSITIVE_INFINITY)
  const made = nodes.flatMap(node => {
    const packet = largestPacket(node, family)
    return packet && packet.bytes > smallest ? [{node: node.node, ...packet}] : []
  })
  const largest = made.toSorted((a, b) => b.bytes - a.bytes)[0]
  if (!largest) return undefined
  const small = carried.filter(({mtu}) => mtu < largest.bytes).map(({node}) => node)
  return {link: largest.link, mtu: largest.mtu, packet: largest.bytes, smallest, large: made.map(({node}) => node), small}
}

/** The MTUs of one tunnel's interface. */
export const tunnelGroups = (nodes: readonly NodeMtu[], {device}: Tunnel): MtuGroup[] =>
  groupsBy(nodes, ({tunnels}) => tunnels.find(({tunnel}) => tunnel.device === device)?.mtu)

/** `a: eth0 mtu 9000 holds 10.0.0.1; vxlan.calico mtu 8950 (ip -j -d addr)`. */
export function mtuLine({node, underlay, tunnels, pods}: NodeMtu): string {
  const nics = [underlay[4], underlay[6]].flatMap(below => (below ? [`${below.text} holds ${below.address}`] : []))
  const own = tunnels.map(({tunnel, mtu}) => `${tunnel.device} mtu ${mtu}`)
  return `${node}: ${[...nics, ...own, ...(pods ? [`pods mtu ${pods.mtu}`] : [])].join('; ')} (ip -j -d addr)`
}

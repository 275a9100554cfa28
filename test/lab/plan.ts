import type {BirdPeer} from './bird-config.ts'

/** A node to be: a network namespace with eth0 on the lab's bridge, and one BIRD per family. */
export interface NodePlan {
  readonly name: string
  /** Default 64512. */
  readonly as?: number
  /** AS that the others expect of it, when that is not its own. */
  readonly expectedAs?: number
  /** Default its IPv4 address. */
  readonly routerId?: string
  /** Of eth0; default 1500. */
  readonly mtu?: number
  /** Of vxlan.calico; without it there is none. */
  readonly vxlanMtu?: number
  /** Makes it a route reflector of this cluster id: it leaves the mesh, and each other node peers with it. */
  readonly clusterId?: string
  /** TCP MD5, by the name of the other node. */
  readonly passwords?: Readonly<Record<string, string>>
  /** Namespace and addresses, but no BIRD: its port 179 refuses. */
  readonly birdless?: boolean
}
export interface LabPlan {
  readonly nodes: readonly NodePlan[]
  /** Default true: full mesh of the nodes that are no reflectors. */
  readonly mesh?: boolean
  /** bird6 with a mesh of its own. */
  readonly ipv6?: boolean
  /** Default short. */
  readonly timers?: 'calico' | 'short'
  /** More peers, on every node; addresses may be nobody's. */
  readonly peers?: readonly BirdPeer[]
  /** Lines at the head of every configuration. */
  readonly head?: string
}
/** A node that is. */
export interface LabNode extends NodePlan {
  /** 10.0.0.1 for the first, and so on; `/24`. */
  readonly address: string
  /** fd00:10::1 for the first, and so on; `/64`. */
  readonly address6: string
  readonly namespace: string
  /** Sockets and configurations; appears as /var/run/calico inside. */
  readonly directory: string
}
export type Family = 4 | 6

export const asOf = (node: NodePlan) => node.as ?? 64512
export const families = ({ipv6}: LabPlan): readonly Family[] => (ipv6 ? [4, 6] : [4])
export const addressIn = ({address, address6}: LabNode, family: Family) => (family === 4 ? address : address6)

/** How this node peers with the other: through the mesh, or because one of them is a reflector. */
export function peerOf(node: LabNode, other: LabNode, {mesh = true}: LabPlan, family: Family): BirdPeer[] {
  const reflects = node.clusterId !== undefined || other.clusterId !== undefined
  if (node === other || (!mesh && !reflects)) return []
  const address = addressIn(other, family)
  const password = node.passwords?.[other.name]
  return [
    {
      name: `${reflects ? 'Node' : 'Mesh'}_${address.replace(/[.:]/g, '_')}`,
      address,
      as: other.expectedAs ?? asOf(other),
      // The address that is greater as a string is called, not caller; not between nodes that peer explicitly (bird.cfg.template).
      passive: !reflects && address > addressIn(node, family),
      ...(node.clusterId !== undefined && {clusterId: node.clusterId}),
      ...(password !== undefined && {password}),
    },
  ]
}

import {addressOf} from './cidr.ts'
import type {KubeNode} from './kubernetes.ts'
import {type AddressField, addressFields, fieldNames, writtenIn} from './node-address-fields.ts'
import {nodeList} from './node-list.ts'

export interface Holding {
  readonly node: KubeNode
  readonly field: AddressField
  /** As Calico has it: `10.0.0.5/24`. */
  readonly written: string
}
/** One address or MAC that several nodes have. */
export interface Shared {
  /** Canonical: without prefix, one form of IPv6, MACs in lower case with colons. */
  readonly value: string
  /** address: two nodes are known by it. tunnel: it is the tunnel's end of at least one of them. */
  readonly kind: 'address' | 'tunnel' | 'mac'
  readonly holdings: readonly Holding[]
  /** Two at least, in the order of their names. */
  readonly nodes: readonly KubeNode[]
}
export interface Sharing {
  readonly shared: readonly Shared[]
  readonly unread: readonly Holding[]
}

/** A node's own repeated value is nobody else's: its IPIP and VXLAN tunnels may have one address. */
export function sharing(nodes: readonly KubeNode[]): Sharing {
  const holdings = nodes.toSorted(byName).flatMap(holdingsOf)
  const byValue = Map.groupBy(holdings, canonical)
  return {
    shared: [...byValue].flatMap(([value, of]) => (value === undefined ? [] : sharedBy(value, of))),
    unread: byValue.get(undefined) ?? [],
  }
}

const holdingsOf = (node: KubeNode): Holding[] =>
  fieldNames.flatMap(field => {
    const written = node.calico[field]
    return written === undefined ? [] : [{node, field, written}]
  })

function canonical({field, written}: Holding): string | undefined {
  if (addressFields[field].kind !== 'mac') return addressOf(written)
  const mac = written.trim().toLowerCase().replaceAll('-', ':')
  return /^([0-9a-f]{2}:){5}[0-9a-f]{2}$/.test(mac) ? mac : undefined
}

function sharedBy(value: string, holdings: readonly Holding[]): Shared[] {
  const nodes = nodesOf(holdings)
  if (nodes.length < 2) return []
  const known = holdings.filter(({field}) => addressFields[field].kind === 'address')
  const kind = nodesOf(known).length > 1 ? 'address' : addressFields[holdings[0]!.field].kind === 'mac' ? 'mac' : 'tunnel'
  return [{value, kind, holdings, nodes}]
}

const nodesOf = (holdings: readonly Holding[]) => [...new Set(holdings.map(({node}) => node))]
const byName = (a: KubeNode, b: KubeNode) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0)

/** `VXLAN tunnel address of 2 nodes: a, b and IPIP tunnel address of node c`. */
export const rolesText = ({holdings}: Pick<Shared, 'holdings'>): string =>
  [...Map.groupBy(holdings, ({field}) => field)]
    .map(([field, of]) => `${addressFields[field].label} of ${nodeList(of.map(({node}) => node.name))}`)
    .join(' and ')

/** `a: projectcalico.org/IPv4Address 10.0.2.15/24, InternalIP 10.0.2.15, Ready Unknown (Node)`. */
export const holdingLine = ({node, field, written}: Holding): string =>
  `${node.name}: ${writtenIn(node, field)} ${written}, InternalIP ${node.internalIps.join(' ') || 'none'}, Ready ${node.ready} (${node.calicoNode === undefined ? 'Node' : `Calico's Node ${node.calicoNode} in etcd`})`

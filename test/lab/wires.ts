import {hasLink, ip} from './namespaces.ts'
import type {LabNode} from './plan.ts'

/** One namespace with a bridge, one for each node, a veth between. Returns the kinds of link that this kernel lacks. */
export function wire(lab: string, nodes: readonly LabNode[]): string[] {
  const wires = `${lab}-wires`
  ip(
    undefined,
    [wires, ...nodes.map(({namespace}) => namespace)].map(name => `netns add ${name}`),
  )
  const missing = missingLinks(wires)
  ip(wires, ['link add br0 type bridge', 'link set br0 mtu 9000 up', ...nodes.flatMap(portOf)])
  for (const node of nodes) ip(node.namespace, linksOf(node, missing))
  return missing
}

function missingLinks(namespace: string): string[] {
  const options = {vxlan: ['id', '1', 'dstport', '4789'], ipip: [], wireguard: []}
  return Object.entries(options).flatMap(([kind, more]) => (hasLink(namespace, kind, ...more) ? [] : [kind]))
}

const portOf = ({namespace}: LabNode, index: number) => [
  `link add port${index} type veth peer name eth0 netns ${namespace}`,
  `link set port${index} master br0 mtu 9000 up`,
]

function linksOf({address, address6, mtu = 1500, vxlanMtu}: LabNode, missing: readonly string[]): string[] {
  const eth0 = ['link set lo up', `link set eth0 mtu ${mtu} up`, `addr add ${address}/24 dev eth0`, `addr add ${address6}/64 dev eth0 nodad`]
  if (vxlanMtu === undefined || missing.includes('vxlan')) return eth0
  return [...eth0, `link add vxlan.calico type vxlan id 4096 dev eth0 local ${address} dstport 4789 nolearning`, `link set vxlan.calico mtu ${vxlanMtu} up`]
}

/** From now on packets to the other go to a MAC address that nobody has. */
export function silence({namespace}: LabNode, {address, address6}: LabNode): void {
  ip(
    namespace,
    [address, address6].map(to => `neigh replace ${to} lladdr 02:00:00:00:00:01 dev eth0 nud permanent`),
  )
}

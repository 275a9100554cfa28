import {addressOf, parseCidr} from './cidr.ts'
import type {KubeNode} from './kubernetes.ts'
import type {Link} from './link.ts'

/** The interface that carries a node's traffic to other nodes. */
export interface Underlay {
  /** The one that holds the address. */
  readonly link: Link
  readonly address: string
  /** Bytes: what passes there and through what lies below it. */
  readonly mtu: number
  /** `eth0 mtu 1500`, `bond0.100 mtu 9000 over bond0 mtu 1500`. */
  readonly text: string
}
export interface NoUnderlay {
  /** Why none can be told, as the end of "node a: …". */
  readonly reason: string
}

/** The link that holds the node's Calico address; its InternalIP where Calico writes none (policy-only, canal). */
export function underlayOf(node: KubeNode, links: readonly Link[], family: 4 | 6): Underlay | NoUnderlay {
  const address = nodeAddress(node, family)
  if (address === undefined) return {reason: `it has no IPv${family} address in annotation or InternalIPs`}
  const link = linkHolding(links, address)
  if (!link) return {reason: `no interface holds its address ${address}: it is behind NAT, or the address is stale`}
  if (isLocal(link)) return {reason: `its address ${address} is on ${link.name}, so which interface carries its traffic is up to its routes`}
  if (isCalicoLink(link)) return {reason: `its address ${address} is on ${link.name}, an interface of the pod network itself`}
  const below = bottleneck(link, links)
  const text = `${link.name} mtu ${link.mtu}${below ? ` over ${below.name} mtu ${below.mtu}` : ''}`
  return {link, address, mtu: Math.min(link.mtu, below?.mtu ?? link.mtu), text}
}

export const isUnderlay = (underlay: Underlay | NoUnderlay): underlay is Underlay => 'link' in underlay

/** Without prefix, canonical. Calico's own annotation first. */
export function nodeAddress({calico, internalIps}: KubeNode, family: 4 | 6): string | undefined {
  const annotated = family === 4 ? calico.ipv4 : calico.ipv6
  const written = annotated ?? internalIps.find(address => parseCidr(address)?.family === family)
  return written === undefined ? undefined : addressOf(written)
}

export const linkHolding = (links: readonly Link[], address: string): Link | undefined =>
  links.find(link => globalAddresses(link).some(own => addressOf(own) === address))

/** Hundreds of pods' interfaces have a link-local address each, and nothing else. */
export const globalAddresses = ({addresses}: Link): string[] => addresses.filter(address => !address.startsWith('fe80:'))

/** Interfaces of Calico's, of pods, or of other overlays: never between a node and its network. */
export const isCalicoLink = ({name, kind}: Link): boolean =>
  kind === 'ipip' || kind === 'vxlan' || /^(cali|tunl|vxlan|wireguard\.cali|wg-v6\.cali|flannel|cni\d|kube-ipvs|nodelocaldns|bpf(in|out)\.cali)/.test(name)

const isLocal = ({name, kind}: Link) => name === 'lo' || (kind === 'dummy' && !name.startsWith('kube-ipvs'))

/** What lies below and carries less than the interface claims, which kernels allow: a VLAN's parent, a bond's members, a bridge's uplink. */
function bottleneck(link: Link, links: readonly Link[], depth = 0): Link | undefined {
  const lower = depth < 8 ? lowerOf(link, links) : undefined
  if (!lower) return undefined
  const below = bottleneck(lower, links, depth + 1)
  const least = below && below.mtu < lower.mtu ? below : lower
  return least.mtu < link.mtu ? least : undefined
}

function lowerOf(link: Link, links: readonly Link[]): Link | undefined {
  if (link.lower !== undefined) return links.find(({name}) => name === link.lower)
  // A bridge also has the ports of virtual machines; only NICs, bonds and VLANs lead out, and of several the widest may be the way.
  const ports = links.filter(({master, kind}) => master === link.name && (kind === undefined || kind === 'bond' || kind === 'vlan'))
  return ports.toSorted((a, b) => b.mtu - a.mtu)[0]
}

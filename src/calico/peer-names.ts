import {Address6} from 'ip-address'
import type {Collected} from '../engine/collected.ts'
import type {KubeNode} from './kubernetes.ts'

/** The node that has an address, for BGP peers inside the cluster. */
export type PeerNames = (address: string) => string | null

/** What Calico peers with is the address in its own annotation; a node's InternalIP is the next best. */
export function peerNames(nodes: Collected<readonly KubeNode[]> | undefined): PeerNames {
  const byAddress = new Map<string, string>()
  if (nodes?.known) {
    for (const {name, internalIps} of nodes.value) for (const ip of internalIps) byAddress.set(canonical(ip), name)
    for (const {name, calico} of nodes.value) {
      for (const cidr of [calico.ipv4, calico.ipv6]) if (cidr !== undefined) byAddress.set(canonical(cidr.split('/', 1)[0]!), name)
    }
  }
  return address => byAddress.get(canonical(address)) ?? null
}

/** IPv6 as RFC 5952 writes it, as one address can be written in many ways; anything else as it is. */
function canonical(address: string): string {
  if (!address.includes(':')) return address
  try {
    return new Address6(address).correctForm()
  } catch {
    return address
  }
}

/** Sorts IPv4 addresses by number; IPv6 ones after them. */
export function addressKey(address: string): string {
  return address.includes(':') ? address : address.replaceAll(/\d+/g, digits => digits.padStart(3, '0'))
}

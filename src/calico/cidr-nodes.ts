import type {Collected, PerNode} from '../engine/collected.ts'
import {addressOf, type Cidr, containsAddress, overlap, parseCidr} from './cidr.ts'
import {isLoadBalancerOnly, type PoolCidr} from './cidr-pools.ts'
import type {KubeNode} from './kubernetes.ts'
import type {Link} from './link.ts'
import {globalAddresses, isCalicoLink, linkHolding} from './underlay.ts'

/** Where a node itself is in its network. */
export interface NodePlace {
  readonly node: string
  /** Its addresses, each with the widest prefix that was seen for it. */
  readonly addresses: readonly {readonly cidr: Cidr; readonly source: string}[]
  /** False when no place told the size of its subnet. */
  readonly subnetSeen: boolean
}

/**
 * InternalIPs and Calico's own address, with the prefixes of annotation and interfaces. An annotation that took a tunnel's or a pod network's address
 * (node/address-mismatch) says nothing about the node's network.
 */
export function nodePlace(node: KubeNode, links: readonly Link[] | undefined): NodePlace {
  const {ipv4, ipv6} = node.calico
  const place = node.calicoNode === undefined ? 'annotation' : "Calico's Node"
  const annotated = [ipv4 && {text: ipv4, source: `${place} IPv4Address`}, ipv6 && {text: ipv6, source: `${place} IPv6Address`}].flatMap(item => item || [])
  const own = annotated.filter(({text}) => isOwn(text, node, links))
  const internal = node.internalIps.map(text => ({text, source: 'InternalIP'}))
  const known = new Set([...internal, ...own].flatMap(({text}) => addressOf(text) ?? []))
  const onLinks = (links ?? [])
    .filter(link => !isCalicoLink(link) && link.name !== 'lo')
    .flatMap(link => globalAddresses(link).map(text => ({text, source: `interface ${link.name}`})))
  const all = [...own, ...onLinks, ...internal].flatMap(({text, source}) => {
    const cidr = parseCidr(text)
    return cidr && known.has(cidr.address) ? [{cidr, source}] : []
  })
  return {node: node.name, addresses: widestOfEach(all), subnetSeen: links !== undefined || own.some(({text}) => text.includes('/'))}
}

function isOwn(annotation: string, {internalIps}: KubeNode, links: readonly Link[] | undefined): boolean {
  const address = addressOf(annotation)
  if (address === undefined) return false
  if (internalIps.some(ip => addressOf(ip) === address)) return true
  const link = links && linkHolding(links, address)
  return link !== undefined && !isCalicoLink(link)
}

function widestOfEach(all: NodePlace['addresses']): NodePlace['addresses'] {
  const groups = Map.groupBy(all, ({cidr}) => cidr.address)
  return [...groups.values()].map(same => same.reduce((widest, one) => (one.cidr.prefix < widest.cidr.prefix ? one : widest)))
}

export interface NodeHit {
  readonly node: string
  /** The address, or the subnet, that the pool shares. */
  readonly what: string
  readonly source: string
}

/** Nodes whose address is in the pool, and nodes whose subnet overlaps it. Load balancer addresses may come from the nodes' own subnet. */
export function nodesIn({pool, cidr: range}: PoolCidr, places: readonly NodePlace[]): {readonly addresses: NodeHit[]; readonly subnets: NodeHit[]} {
  const hits = places.flatMap(({node, addresses}) => addresses.map(({cidr, source}) => ({node, cidr, source})))
  const addresses = hits.filter(({cidr}) => containsAddress(range, cidr)).map(({node, cidr, source}) => ({node, what: cidr.address, source}))
  if (isLoadBalancerOnly(pool)) return {addresses, subnets: []}
  const subnets = hits.filter(({cidr}) => overlap(range, cidr)).map(({node, cidr, source}) => ({node, what: cidr.network, source}))
  return {addresses, subnets}
}

export const linksOf = (links: Collected<PerNode<readonly Link[]>>, node: string): readonly Link[] | undefined => {
  const own = links.known ? links.value[node] : undefined
  return own?.known ? own.value : undefined
}

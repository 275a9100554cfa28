import type {Collected, PerNode} from '../engine/collected.ts'
import {addressOf, contains, parseCidr} from './cidr.ts'
import {isLoadBalancerOnly, poolText} from './cidr-pools.ts'
import type {ServiceCidrs} from './cluster.ts'
import type {KubeNode} from './kubernetes.ts'
import type {Link} from './link.ts'
import {writtenIn} from './node-address-fields.ts'
import {holderOf} from './node-address-holder.ts'
import {type AddressMethod, addressMethod, type MethodSources} from './node-address-method.ts'
import type {IpPool} from './resources.ts'

export type MismatchKind = 'wrongInterface' | 'inside' | 'notHeld' | 'unexplained' | 'external' | 'other' | 'chosen'
/** A node whose Calico address is none that Kubernetes knows it by. */
export interface Mismatch {
  readonly node: KubeNode
  readonly family: 4 | 6
  /** Canonical, without prefix. */
  readonly address: string
  readonly kind: MismatchKind
  /** The interface that holds it, where interfaces were seen; the pool or Service network that it is in. */
  readonly place?: string
  /** It is one of the node's ExternalIPs. */
  readonly external: boolean
  readonly method: AddressMethod | undefined
}
export interface MismatchSources extends MethodSources {
  readonly links: Collected<PerNode<readonly Link[]>>
  readonly ipPools: Collected<readonly IpPool[]>
  readonly serviceCidrs: Collected<ServiceCidrs>
}

export const writtenAddress = ({calico}: KubeNode, family: 4 | 6): string | undefined => (family === 4 ? calico.ipv4 : calico.ipv6)
export const familyOf = (addresses: readonly string[], family: 4 | 6): string[] => addresses.filter(address => parseCidr(address)?.family === family)

/** Nothing where Calico has no address of this family for the node, or the same as Kubernetes. */
export function mismatchOf(node: KubeNode, family: 4 | 6, sources: MismatchSources): Mismatch | undefined {
  const address = addressOf(writtenAddress(node, family) ?? '')
  if (address === undefined || node.internalIps.some(internal => addressOf(internal) === address)) return undefined
  const method = addressMethod(family, sources)
  const external = node.externalIps.some(outer => addressOf(outer) === address)
  const told = explain(node, address, {sources, method, external})
  // A family that Kubernetes does not know the node by gives nothing to compare with: only an address that cannot be right is said.
  if (familyOf(node.internalIps, family).length === 0 && !['wrongInterface', 'inside', 'notHeld'].includes(told.kind)) return undefined
  return {node, family, address, external, method, ...told}
}

interface Clues {
  readonly sources: MismatchSources
  readonly method: AddressMethod | undefined
  readonly external: boolean
}

function explain({name}: KubeNode, address: string, {sources, method, external}: Clues): Pick<Mismatch, 'kind' | 'place'> {
  const links = sources.links.known ? sources.links.value[name] : undefined
  const holder = links?.known ? holderOf(links.value, address) : undefined
  if (holder && !holder.leadsOut) return {kind: 'wrongInterface', place: holder.name}
  const network = networkAround(address, sources)
  if (network !== undefined) return {kind: 'inside', place: network}
  const held = holder && {place: holder.name}
  if (!held && links?.known && links.partial === undefined) return {kind: 'notHeld'}
  if (method?.deliberate) return {kind: held ? 'chosen' : 'other', ...held}
  if (external) return {kind: 'external', ...held}
  return held ? {kind: 'other', ...held} : {kind: 'unexplained'}
}

/** Load balancer pools may lie in the nodes' own network. */
function networkAround(address: string, {ipPools, serviceCidrs}: MismatchSources): string | undefined {
  const pools = ipPools.known ? ipPools.value.filter(pool => !isLoadBalancerOnly(pool)) : []
  const pool = pools.find(({spec}) => contains(spec.cidr, address))
  if (pool) return `IPPool ${poolText(pool)}`
  const services = serviceCidrs.known ? serviceCidrs.value : undefined
  const range = services?.cidrs.find(({cidr}) => contains(cidr, address))
  if (range) return `the Services' ${range.cidr} (${range.source})`
  return services?.kubernetesIps.some(ip => addressOf(ip) === address) ? 'the Service default/kubernetes, whose address it is' : undefined
}

/** Same kind, same place: one cause. */
export const sameCause = (mismatches: readonly Mismatch[]): Mismatch[][] => [
  ...Map.groupBy(mismatches, ({kind, family, place, external}) => `${kind} ${family} ${external} ${place}`).values(),
]

/** `a: Calico has 172.17.0.1/16 (annotation projectcalico.org/IPv4Address), Kubernetes 10.0.0.1 (InternalIP); docker0 holds it (ip -j -d addr)`. */
export function mismatchLine({node, family, kind, place, external}: Mismatch): string {
  const holding =
    kind === 'notHeld' ? '; no interface holds it (ip -j -d addr)' : place !== undefined && kind !== 'inside' ? `; ${place} holds it (ip -j -d addr)` : ''
  const field = writtenIn(node, family === 4 ? 'ipv4' : 'ipv6')
  const source = node.calicoNode === undefined ? `annotation ${field}` : `${field} in etcd`
  return (
    `${node.name}: Calico has ${writtenAddress(node, family)} (${source}), ` +
    `Kubernetes ${node.internalIps.join(' ')} (InternalIP)${external ? `, ExternalIP ${node.externalIps.join(' ')}` : ''}${holding}`
  )
}

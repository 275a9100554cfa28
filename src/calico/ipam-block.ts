import {parseCidr} from './cidr.ts'
import type {IpamBlock} from './ipam.ts'
import {keep} from './keep.ts'

/** Blocks are /20 for IPv4 and /116 for IPv6 at most (libcalico-go validator: blockSize 20..32, 116..128). */
const largest = 4096

/**
 * Spec of an IPAMBlock, as v1 and v3 CRDs and etcd have it alike (libcalico-go/lib/backend/model/block.go). `deleted` for one that is marked so, undefined
 * for what cannot be counted. Never throws.
 */
export function readBlock(spec: Readonly<Record<string, unknown>>): IpamBlock | 'deleted' | undefined {
  if (isTrue(spec.deleted)) return 'deleted'
  const cidr = parseCidr(spec.cidr)
  const {allocations, unallocated} = spec
  if (!cidr || !Array.isArray(allocations) || !(Array.isArray(unallocated) || unallocated === null || unallocated === undefined)) return undefined
  const size = Number(cidr.last - cidr.first + 1n)
  if (size > largest || allocations.length !== size) return undefined
  const free = new Set((unallocated ?? []).filter((ordinal: unknown) => isOrdinal(ordinal, size))).size
  const own = ownerOf(spec)
  const attributes = Array.isArray(spec.attributes) ? spec.attributes.map(fieldsOf) : []
  return {cidr: cidr.network, ...own, size, free, ...counted(allocations, attributes, own.host)}
}

/** `deleted` is text in some v1 objects and a boolean in v3. */
export const isTrue = (value: unknown): boolean => value === true || value === 'true'

const isOrdinal = (value: unknown, size: number) => typeof value === 'number' && Number.isInteger(value) && value >= 0 && value < size

/** Field `hostAffinity` is older than `affinity: host:<node>`. */
function ownerOf({affinity, hostAffinity}: Readonly<Record<string, unknown>>): Pick<IpamBlock, 'host' | 'virtual'> {
  if (typeof affinity === 'string' && affinity.startsWith('host:')) return {host: keep(affinity.slice(5))}
  if (typeof affinity === 'string' && affinity.startsWith('virtual:')) return {virtual: keep(affinity.slice(8))}
  return typeof hostAffinity === 'string' && hostAffinity !== '' ? {host: keep(hostAffinity)} : {}
}

type Attribute = {readonly node?: string; readonly released: boolean}
function fieldsOf(attribute: unknown): Attribute {
  if (!isRecord(attribute)) return {released: false}
  const {secondary, releasedAt} = attribute
  const node = isRecord(secondary) && Object.hasOwn(secondary, 'node') ? secondary.node : undefined
  return {...(typeof node === 'string' && node !== '' && {node: keep(node)}), released: releasedAt !== undefined && releasedAt !== null}
}

function counted(allocations: readonly unknown[], attributes: readonly Attribute[], host: string | undefined): Pick<IpamBlock, 'cooling' | 'holders'> {
  const byNode = new Map<string, number>()
  let cooling = 0
  for (const index of allocations) {
    if (typeof index !== 'number') continue
    const attribute = attributes[index]
    if (attribute?.released) {
      cooling++
      continue
    }
    const node = attribute?.node ?? host ?? ''
    byNode.set(node, (byNode.get(node) ?? 0) + 1)
  }
  const holders = [...byNode].map(([node, count]) => ({node, count})).sort((a, b) => b.count - a.count || (a.node < b.node ? -1 : 1))
  return {cooling, holders}
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null && !Array.isArray(value)

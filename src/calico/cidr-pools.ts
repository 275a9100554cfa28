import {type Cidr, overlap, parseCidr} from './cidr.ts'
import type {IpPool} from './resources.ts'

/** A pool whose CIDR could be read. */
export interface PoolCidr {
  readonly pool: IpPool
  readonly cidr: Cidr
}

export function readPools(pools: readonly IpPool[]): {readonly read: PoolCidr[]; readonly unread: IpPool[]} {
  const read = pools.flatMap(pool => {
    const cidr = parseCidr(pool.spec.cidr)
    return cidr ? [{pool, cidr}] : []
  })
  return {read, unread: pools.filter(({spec}) => !parseCidr(spec.cidr))}
}

/** `IPPool a: its CIDR "10.244.0.0/33" cannot be read`. */
export const unreadPool = ({name, spec}: IpPool): string => `IPPool ${name}: its CIDR ${JSON.stringify(String(spec.cidr).slice(0, 60))} cannot be read`

/** `a (10.244.0.0/16)`, `a (10.244.0.0/16, disabled)`. */
export const poolText = ({name, spec}: IpPool): string => `${name} (${spec.cidr}${spec.disabled === true ? ', disabled' : ''})`

/** `IPPool a: cidr 10.244.0.0/16 nodeSelector zone == "b" disabled`. */
export function poolLine({name, spec}: IpPool): string {
  const more = [spec.nodeSelector && spec.nodeSelector !== 'all()' ? ` nodeSelector ${spec.nodeSelector}` : '', spec.disabled === true ? ' disabled' : '']
  return `IPPool ${name}: cidr ${spec.cidr}${more.join('')}`
}

/** Addresses of Services, and none for pods (Calico 3.30 and later). */
export const isLoadBalancerOnly = ({spec: {allowedUses}}: IpPool): boolean =>
  allowedUses !== undefined && allowedUses.length > 0 && allowedUses.every(use => use === 'LoadBalancer')

/** Pools that hang together by overlaps, widest first; pools that overlap nothing are left out. */
export function overlappingGroups(pools: readonly PoolCidr[]): PoolCidr[][] {
  const widestFirst = pools.toSorted(
    (a, b) => a.cidr.family - b.cidr.family || compare(a.cidr.first, b.cidr.first) || a.cidr.prefix - b.cidr.prefix || text(a, b),
  )
  const groups: PoolCidr[][] = []
  for (const pool of widestFirst) {
    // CIDRs are nested or apart, so the widest of a group has all others in it.
    const group = groups.at(-1)
    if (group && overlap(group[0]!.cidr, pool.cidr)) group.push(pool)
    else groups.push([pool])
  }
  return groups.filter(({length}) => length > 1)
}

const compare = (a: bigint, b: bigint) => (a < b ? -1 : a > b ? 1 : 0)
const text = (a: PoolCidr, b: PoolCidr) => (a.pool.name < b.pool.name ? -1 : 1)

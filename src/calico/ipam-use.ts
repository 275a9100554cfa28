import {type Cidr, overlap, parseCidr} from './cidr.ts'
import {borrowedOf, type IpamBlock, inUse} from './ipam.ts'
import type {IpPool} from './resources.ts'

export interface PoolUse {
  readonly name: string
  readonly cidr: string
  readonly family: 4 | 6
  readonly disabled: boolean
  /** Addresses of the whole CIDR: an IPv6 pool has more than a number can say. */
  readonly capacity: bigint
  /** Addresses; those that cool down too. */
  readonly inUse: bigint
  readonly free: bigint
  /** Blocks that are taken, and that there is room for. */
  readonly blocks: number
  readonly blocksPossible: bigint
}
export interface NodeUse {
  readonly node: string
  /** Blocks that are its own, and the addresses that are free in them. */
  readonly blocks: number
  readonly free: number
  /** Addresses it holds, in whatever block. */
  readonly inUse: number
  /** Of those, from blocks of others. */
  readonly borrowed: number
}
export interface IpamUse {
  /** In the order of the pools; a pool whose CIDR cannot be read is left out. */
  readonly pools: readonly PoolUse[]
  /** Blocks in no pool: deleted while in use, or changed. */
  readonly orphans: readonly IpamBlock[]
  /** By name. */
  readonly nodes: readonly NodeUse[]
  readonly blocks: number
  readonly inUse: number
  readonly borrowed: number
  readonly cooling: number
}

/** As `calicoctl ipam show` counts (libcalico-go: GetUtilization): a block belongs to the first pool it overlaps, disabled pools count too. */
export function ipamUse(blocks: readonly IpamBlock[], pools: readonly IpPool[]): IpamUse {
  const places = pools.flatMap(pool => {
    const cidr = parseCidr(pool.spec.cidr)
    return cidr ? [{pool, cidr, blocks: [] as IpamBlock[]}] : []
  })
  const orphans: IpamBlock[] = []
  for (const block of blocks) {
    const cidr = parseCidr(block.cidr)
    const place = cidr && places.find(one => overlap(one.cidr, cidr))
    if (place) place.blocks.push(block)
    else orphans.push(block)
  }
  const sum = (count: (block: IpamBlock) => number) => blocks.reduce((total, block) => total + count(block), 0)
  return {
    pools: places.map(({pool, cidr, blocks: inside}) => poolUse(pool, cidr, inside)),
    orphans,
    nodes: nodeUse(blocks),
    blocks: blocks.length,
    inUse: sum(inUse),
    borrowed: sum(borrowedOf),
    cooling: sum(({cooling}) => cooling),
  }
}

/** Calico's own where a pool says nothing (facts: calico.md §8.4). */
const defaultBlockSize = {4: 26, 6: 122} as const

function poolUse({name, spec}: IpPool, {family, prefix, network, first, last}: Cidr, blocks: readonly IpamBlock[]): PoolUse {
  const capacity = last - first + 1n
  const used = BigInt(blocks.reduce((total, block) => total + inUse(block), 0))
  const bits = (spec.blockSize ?? defaultBlockSize[family]) - prefix
  return {
    name,
    cidr: network,
    family,
    disabled: spec.disabled === true,
    capacity,
    inUse: used,
    free: capacity > used ? capacity - used : 0n,
    blocks: blocks.length,
    blocksPossible: Number.isInteger(bits) && bits >= 0 && bits <= 128 ? 1n << BigInt(bits) : 0n,
  }
}

function nodeUse(blocks: readonly IpamBlock[]): NodeUse[] {
  const uses = new Map<string, {blocks: number; free: number; inUse: number; borrowed: number}>()
  const of = (node: string) => {
    const use = uses.get(node) ?? {blocks: 0, free: 0, inUse: 0, borrowed: 0}
    uses.set(node, use)
    return use
  }
  for (const {host, free, holders} of blocks) {
    if (host !== undefined) {
      const own = of(host)
      own.blocks++
      own.free += free
    }
    for (const {node, count} of holders) {
      if (node === '') continue
      const use = of(node)
      use.inUse += count
      if (host !== undefined && node !== host) use.borrowed += count
    }
  }
  return [...uses].map(([node, use]) => ({node, ...use})).sort((a, b) => (a.node < b.node ? -1 : 1))
}

export interface IpamGrowth {
  readonly minutes: number
  /** Addresses and blocks that came or went, over all and by pool name; a pool that is in one look only is left out. */
  readonly inUse: number
  readonly blocks: number
  readonly pools: readonly {readonly name: string; readonly inUse: bigint; readonly blocks: number}[]
}
export interface TimedUse {
  /** Milliseconds since 1970. */
  readonly at: number
  readonly use: IpamUse
}

/** What changed from one look to a later one; undefined when there is no time between them. */
export function ipamGrowth(before: TimedUse, after: TimedUse): IpamGrowth | undefined {
  const minutes = (after.at - before.at) / 60_000
  if (!(minutes > 0) || !Number.isFinite(minutes)) return undefined
  const earlier = new Map(before.use.pools.map(pool => [pool.name, pool]))
  const pools = after.use.pools.flatMap(({name, inUse: used, blocks}) => {
    const then = earlier.get(name)
    return then ? [{name, inUse: used - then.inUse, blocks: blocks - then.blocks}] : []
  })
  return {minutes, inUse: after.use.inUse - before.use.inUse, blocks: after.use.blocks - before.use.blocks, pools}
}

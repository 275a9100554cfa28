import fc from 'fast-check'
import {describe, expect, test} from 'vitest'
import {borrowedOf, type IpamBlock} from '../../src/calico/ipam.ts'
import {ipamGrowth, ipamUse} from '../../src/calico/ipam-use.ts'
import type {IpPool} from '../../src/calico/resources.ts'
import {loadChecks} from '../../src/checks/index.ts'
import {topFacts} from '../../src/cli/top-facts.ts'
import {collectors} from '../../src/collectors/index.ts'
import {accessOf, planFor} from '../../src/engine/plan.ts'

const pool = (name: string, cidr: string, more: object = {}): IpPool => ({name, spec: {cidr, ...more}})
const block = (cidr: string, host: string | undefined, holders: Record<string, number>, more: Partial<IpamBlock> = {}): IpamBlock => ({
  cidr,
  ...(host !== undefined && {host}),
  size: 64,
  free: 64 - Object.values(holders).reduce((sum, count) => sum + count, 0),
  cooling: 0,
  holders: Object.entries(holders).map(([node, count]) => ({node, count})),
  ...more,
})

describe('use', () => {
  const pools = [pool('four', '10.244.0.0/16'), pool('six', 'fd00::/48', {blockSize: 122}), pool('off', '10.9.0.0/24', {disabled: true}), pool('broken', 'x')]
  const blocks = [
    block('10.244.0.0/26', 'a', {a: 10, b: 2}),
    block('10.244.0.64/26', 'a', {a: 64}),
    block('10.244.0.128/26', 'b', {b: 1}, {cooling: 3, free: 60}),
    block('fd00::/122', 'b', {b: 5}),
    block('10.9.0.0/26', undefined, {c: 1}),
    block('172.16.0.0/26', 'gone', {gone: 1}),
  ]
  const use = ipamUse(blocks, pools)
  test('of pools, IPv6 to the last address, disabled ones too', () => {
    expect(use.pools).toEqual([
      {name: 'four', cidr: '10.244.0.0/16', family: 4, disabled: false, capacity: 65_536n, inUse: 80n, free: 65_456n, blocks: 3, blocksPossible: 1024n},
      {name: 'six', cidr: 'fd00::/48', family: 6, disabled: false, capacity: 2n ** 80n, inUse: 5n, free: 2n ** 80n - 5n, blocks: 1, blocksPossible: 2n ** 74n},
      {name: 'off', cidr: '10.9.0.0/24', family: 4, disabled: true, capacity: 256n, inUse: 1n, free: 255n, blocks: 1, blocksPossible: 4n},
    ])
    expect(use.orphans.map(({cidr}) => cidr)).toEqual(['172.16.0.0/26'])
  })
  test('of nodes: what is theirs, and what they borrowed', () => {
    expect(use.nodes).toEqual([
      {node: 'a', blocks: 2, free: 52, inUse: 74, borrowed: 0},
      {node: 'b', blocks: 2, free: 119, inUse: 8, borrowed: 2},
      {node: 'c', blocks: 0, free: 0, inUse: 1, borrowed: 0},
      {node: 'gone', blocks: 1, free: 63, inUse: 1, borrowed: 0},
    ])
    expect(use).toMatchObject({blocks: 6, inUse: 87, borrowed: 2, cooling: 3})
    // A block that is nobody's cannot be borrowed from.
    expect(borrowedOf(block('10.9.0.0/26', undefined, {c: 1}))).toBe(0)
  })
  test('a block is counted once, in the first pool it overlaps', () => {
    const {pools: both} = ipamUse([block('10.0.0.0/26', 'a', {a: 1})], [pool('one', '10.0.0.0/16'), pool('two', '10.0.0.0/8')])
    expect(both.map(({inUse}) => inUse)).toEqual([1n, 0n])
  })
  test('a block size that no pool can have makes no number', () => {
    expect(ipamUse([], [pool('p', '10.0.0.0/28', {blockSize: 26})]).pools).toMatchObject([{blocksPossible: 0n}])
    expect(ipamUse([], [pool('p', '10.0.0.0/28', {blockSize: 26.5})]).pools).toMatchObject([{blocksPossible: 0n}])
  })
  test('nothing that is written in pools and blocks makes it throw', () => {
    const text = fc.oneof(
      fc.string(),
      fc.ipV4().map(ip => `${ip}/26`),
      fc.ipV6().map(ip => `${ip}/122`),
    )
    fc.assert(
      fc.property(fc.array(text), fc.array(text), (cidrs, blockCidrs) => {
        ipamUse(
          blockCidrs.map(cidr => block(cidr, 'a', {a: 1})),
          cidrs.map(cidr => pool(cidr, cidr)),
        )
      }),
    )
  })
  test('five thousand blocks of a thousand nodes take a moment', () => {
    const many = Array.from({length: 5_000}, (_, index) =>
      block(`10.${128 + (index >> 10)}.${(index >> 2) & 255}.${(index & 3) * 64}/26`, `node-${index % 1_000}`, {[`node-${index % 1_000}`]: 20}),
    )
    const some = Array.from({length: 20}, (_, index) => pool(`p${index}`, `10.${128 + index}.0.0/16`))
    const started = performance.now()
    expect(ipamUse(many, some)).toMatchObject({blocks: 5_000, inUse: 100_000, orphans: []})
    expect(performance.now() - started).toBeLessThan(1_500)
    expect(JSON.stringify(many).length).toBeLessThan(700_000)
  })
})

test('growth between two looks', () => {
  const pools = [pool('p', '10.0.0.0/16')]
  const at = (minutes: number, blocks: readonly IpamBlock[], of = pools) => ({at: minutes * 60_000, use: ipamUse(blocks, of)})
  const [few, more] = [[block('10.0.0.0/26', 'a', {a: 5})], [block('10.0.0.0/26', 'a', {a: 15}), block('10.0.0.64/26', 'a', {a: 1})]]
  expect(ipamGrowth(at(0, few), at(2, more))).toEqual({minutes: 2, inUse: 11, blocks: 1, pools: [{name: 'p', inUse: 11n, blocks: 1}]})
  expect(ipamGrowth(at(0, more), at(1, few))).toMatchObject({inUse: -11, blocks: -1})
  expect(ipamGrowth(at(0, few), at(1, few, [...pools, pool('new', '10.1.0.0/16')]))!.pools.map(({name}) => name)).toEqual(['p'])
  expect(ipamGrowth(at(1, few), at(1, more))).toBeUndefined()
})

test('checks ask for none of it, and the live view for no more rights than it shows', async () => {
  const rightsOf = (access: ReturnType<typeof accessOf>) =>
    access.map(({verb, group, resource, subresource = ''}) => `${verb} ${group} ${resource} ${subresource}`)
  const checks = await loadChecks()
  const [without, beside] = [planFor(checks, collectors), planFor(checks, collectors, topFacts)].map(plan => rightsOf(accessOf(plan)))
  expect(without!.filter(right => /ipam|affinit|proxy|kubecontrollers/.test(right))).toEqual([])
  expect(beside!.filter(right => !without!.includes(right)).sort()).toEqual([
    'get  pods proxy',
    'get crd.projectcalico.org ipamconfigs ',
    'get crd.projectcalico.org kubecontrollersconfigurations ',
    'get projectcalico.org ipamconfigurations ',
    'get projectcalico.org kubecontrollersconfigurations ',
    'list crd.projectcalico.org blockaffinities ',
    'list crd.projectcalico.org ipamblocks ',
    'list projectcalico.org blockaffinities ',
    'list projectcalico.org ipamblocks ',
  ])
})

import fc from 'fast-check'
import {describe, expect, test} from 'vitest'
import {readBlock} from '../../src/calico/ipam-block.ts'
import {scenario} from '../../src/demo/index.ts'
import {known, unknown} from '../../src/engine/collected.ts'
import type {EtcdDoor} from '../../src/engine/collector.ts'
import type {FactName} from '../../src/engine/facts.ts'
import {factsOf} from './facts-of.ts'
import {fakeCluster, forbidden, type Paths} from './fake-cluster.ts'
import * as shapes from './shapes.ts'

const {paths, upstream} = shapes
const ipam = ['ipamBlocks', 'blockAffinities', 'ipamHandles', 'ipamConfig'] as const satisfies readonly FactName[]

interface BlockShape {
  readonly cidr?: string
  readonly affinity?: string | undefined
  /** Nodes that hold the first addresses; '' names none, undefined is free, null is cooling down. */
  readonly held?: readonly (string | null | undefined)[]
  readonly size?: number
  readonly more?: object
}
const block = ({cidr = '10.244.1.0/26', affinity = 'host:a', held = [], size = 64, more = {}}: BlockShape = {}) => {
  const places = Array.from({length: size}, (_, ordinal) => held[ordinal])
  const used = places.filter(place => place !== undefined)
  let next = 0
  return {
    metadata: {name: cidr.replaceAll(/[.:/]/g, '-')},
    spec: {
      cidr,
      affinity,
      allocations: places.map(place => (place === undefined ? null : next++)),
      unallocated: places.flatMap((place, ordinal) => (place === undefined ? [ordinal] : [])),
      attributes: used.map(node => ({
        handle_id: node === null ? '' : `k8s-pod-network.${node}`,
        secondary: node === null || node === '' ? {} : {node, pod: 'p', namespace: 'n'},
        ...(node === null && {releasedAt: '2026-01-01T00:00:00Z'}),
      })),
      deleted: false,
      strictAffinity: false,
      ...more,
    },
  }
}

describe('a block', () => {
  const read = (shape: BlockShape) => readBlock(block(shape).spec)
  test('is counted', () => {
    expect(read({held: ['a', 'a', 'b', '', undefined, null]})).toEqual({
      cidr: '10.244.1.0/26',
      host: 'a',
      size: 64,
      free: 59,
      cooling: 1,
      // What names no node is the block's host's.
      holders: [
        {node: 'a', count: 3},
        {node: 'b', count: 1},
      ],
    })
  })
  test('of IPv6, of a load balancer, of nobody', () => {
    expect(read({cidr: 'fd00:0::40/122', held: ['a']})).toMatchObject({cidr: 'fd00::40/122', size: 64, free: 63, host: 'a'})
    expect(read({affinity: 'virtual:load-balancer', held: ['']})).toEqual({
      cidr: '10.244.1.0/26',
      virtual: 'load-balancer',
      size: 64,
      free: 63,
      cooling: 0,
      holders: [{node: '', count: 1}],
    })
    expect(readBlock({...block().spec, affinity: null})).toEqual({cidr: '10.244.1.0/26', size: 64, free: 64, cooling: 0, holders: []})
    expect(readBlock({...block().spec, affinity: undefined, hostAffinity: 'old'})).toMatchObject({host: 'old'})
  })
  test('that is full has no list of what is free', () => {
    const held = Array.from({length: 64}, () => 'a')
    for (const unallocated of [[], null, undefined]) expect(read({held, more: {unallocated}})).toMatchObject({size: 64, free: 0})
  })
  test('that is marked deleted is none', () => {
    expect(read({more: {deleted: true}})).toBe('deleted')
    expect(read({more: {deleted: 'true'}})).toBe('deleted')
  })
  test.each<[string, object]>([
    ['no CIDR', {cidr: undefined}],
    ['no allocations', {allocations: undefined}],
    ['as many allocations as it has not', {allocations: [null]}],
    ['more addresses than a block may have', {cidr: '10.0.0.0/8'}],
    ['no list of what is free', {unallocated: 'all'}],
  ])('with %s cannot be counted', (_name, more) => expect(read({more})).toBeUndefined())
  test('is counted whatever its attributes are, or not at all', () => {
    fc.assert(
      fc.property(fc.anything(), fc.array(fc.anything(), {maxLength: 4}), fc.anything(), (attributes, allocations, affinity) => {
        const read = readBlock({cidr: '10.0.0.0/30', allocations, unallocated: [0, 0, 9, 'x'], attributes, affinity})
        if (read !== undefined && read !== 'deleted') expect(JSON.parse(JSON.stringify(read))).toEqual(read)
      }),
    )
  })
})

const affinity = (name: string, spec: object) => ({
  metadata: {name},
  spec: {node: 'a', cidr: '10.244.1.0/26', state: 'confirmed', type: 'host', deleted: 'false', ...spec},
})
const list = (...items: object[]) => items
const aggregated = {
  [paths.apis]: shapes.groups('apps', 'crd.projectcalico.org', 'projectcalico.org'),
  [paths.apiService]: {spec: {service: {name: 'calico-api'}}, status: {conditions: [{type: 'Available', status: 'True'}]}},
}

describe('from v1 CRDs', () => {
  const given: Paths = {
    ...upstream,
    [paths.v1('ipamblocks')]: list(block({held: ['a']}), block({cidr: '10.244.2.0/26', more: {deleted: true}}), block({cidr: 'x'})),
    [paths.v1('blockaffinities')]: list(
      affinity('one', {}),
      affinity('gone', {deleted: 'true'}),
      affinity('old', {state: '', type: undefined, node: 'b'}),
      affinity('lb', {type: 'virtual', node: 'load-balancer', state: 'pending'}),
      affinity('broken', {cidr: 'x'}),
    ),
    [paths.v1('ipamhandles')]: list(
      {metadata: {name: 'k8s-pod-network.abc'}, spec: {handleID: 'k8s-pod-network.ABC', block: {'10.244.1.0/26': 1}, deleted: false}},
      {metadata: {name: 'gone'}, spec: {handleID: 'gone', block: {}, deleted: true}},
    ),
    [`${paths.v1('ipamconfigs')}/default`]: {spec: {strictAffinity: true, autoAllocateBlocks: true, maxBlocksPerHost: 0}},
  }
  test('what is deleted is not there, and what is broken is said', async () => {
    const facts = await factsOf(fakeCluster(given), ipam)
    expect(facts.ipamBlocks).toEqual({
      known: true,
      value: [{cidr: '10.244.1.0/26', host: 'a', size: 64, free: 63, cooling: 0, holders: [{node: 'a', count: 1}]}],
      partial: 'could not be read: IPAMBlock x',
    })
    expect(facts.blockAffinities).toEqual({
      known: true,
      value: [
        {node: 'a', type: 'host', cidr: '10.244.1.0/26', state: 'confirmed'},
        {node: 'b', type: 'host', cidr: '10.244.1.0/26', state: 'confirmed'},
        {node: 'load-balancer', type: 'virtual', cidr: '10.244.1.0/26', state: 'pending'},
      ],
      partial: 'could not be read: BlockAffinity broken',
    })
    expect(facts.ipamHandles).toEqual(known([{id: 'k8s-pod-network.ABC', blocks: [{cidr: '10.244.1.0/26', count: 1}]}]))
    expect(facts.ipamConfig).toEqual(known({strictAffinity: true, autoAllocateBlocks: true, maxBlocksPerHost: 20}))
  })
  test('nothing there, nothing allowed and nothing served are three things', async () => {
    const facts = await factsOf(fakeCluster({...upstream, [paths.v1('ipamblocks')]: [], [paths.v1('blockaffinities')]: forbidden('blockaffinities')}), ipam)
    expect(facts.ipamBlocks).toEqual(known([]))
    expect(facts.blockAffinities).toMatchObject({known: false, why: 'forbidden'})
    expect(facts.ipamConfig).toMatchObject({known: false, why: 'absent'})
  })
  test('a bundle may say anything', async () => {
    const {collectors} = await import('../../src/collectors/index.ts')
    const {readFacts} = await import('../../src/engine/read-facts.ts')
    const sources = ['ipam-blocks', 'ipam-affinities', 'ipam-handles', 'ipam-config', 'felix-metrics', 'typha-metrics', 'kube-controllers-metrics']
    fc.assert(
      fc.property(fc.oneof(fc.anything(), fc.array(fc.anything())), value => {
        const evidence = Object.fromEntries(sources.map(source => [source, [{at: '2026-01-01T00:00:00Z', ms: 1, data: known(value)}]]))
        const facts = readFacts({evidence, nodesWanted: known(['a'])}, collectors)
        for (const name of [...ipam, 'felixMetrics', 'typhaMetrics', 'kubeControllersMetrics'] as const) expect(facts[name]).toHaveProperty('known')
      }),
    )
  })
})

test('behind the aggregated API server they are read from the v1 CRDs', async () => {
  const facts = await factsOf(fakeCluster({...upstream, ...aggregated, [paths.v1('ipamblocks')]: list(block())}), ipam)
  expect(facts.ipamBlocks).toMatchObject({known: true, value: [{cidr: '10.244.1.0/26'}]})
})

test('from native v3 CRDs the configuration has another name', async () => {
  const given = {
    ...upstream,
    [paths.apis]: shapes.groups('apps', 'projectcalico.org'),
    [paths.v3('ipamblocks')]: list(block()),
    [paths.v3('blockaffinities')]: list(affinity('one', {deleted: false}), affinity('gone', {deleted: true})),
    [`${paths.v3('ipamconfigurations')}/default`]: {spec: {strictAffinity: false, autoAllocateBlocks: true, maxBlocksPerHost: 4, ipCooldownSeconds: 30}},
  }
  const facts = await factsOf(fakeCluster(given), ipam)
  expect(facts.ipamBlocks).toMatchObject({known: true, value: [{free: 64}]})
  expect(facts.blockAffinities).toMatchObject({known: true, value: [{node: 'a'}]})
  expect(facts.ipamConfig).toMatchObject({value: {maxBlocksPerHost: 4, cooldownSeconds: 30}})
})

describe('from etcd', () => {
  const keys: Record<string, unknown> = {
    '/calico/ipam/v2/assignment/ipv4/block/10.244.1.0-26': block({held: ['a']}).spec,
    '/calico/ipam/v2/assignment/ipv6/block/fd00::-122': block({cidr: 'fd00::/122', held: ['b', 'b']}).spec,
    '/calico/ipam/v2/assignment/ipv4/block/10.244.9.0-26': 'no JSON',
    '/calico/ipam/v2/host/a/ipv4/block/10.244.1.0-26': {state: 'confirmed', deleted: false},
    '/calico/ipam/v2/host/b/ipv6/block/fd00::-122': {state: 'pending', deleted: false},
    '/calico/ipam/v2/virtual/load-balancer/ipv4/block/10.9.0.0-26': {state: 'confirmed'},
    '/calico/ipam/v2/handle/k8s-pod-network.abc': {block: {'10.244.1.0/26': 1}, deleted: false},
    '/calico/ipam/v2/config': {strict_affinity: true, maxBlocksPerHost: 3},
  }
  const entries = Object.entries(keys).map(([key, value]) => ({key, value: typeof value === 'string' ? value : JSON.stringify(value)}))
  const etcd: EtcdDoor = {
    reach: async ([endpoint]) => known({endpoint: endpoint!, silent: []}),
    list: async (_, prefix, project) => known(entries.filter(({key}) => key.startsWith(prefix)).flatMap(entry => project(entry) ?? [])),
    async get(_, key) {
      const entry = entries.find(one => one.key === key)
      return entry ? known(entry) : unknown('absent', key)
    },
  }
  const onEtcd: Paths = {
    ...upstream,
    [paths.daemonSets]: [shapes.daemonSet({env: shapes.etcdEnv})],
    [paths.config]: shapes.configMap({etcd_endpoints: 'https://10.0.0.8:2379'}),
    // Of an earlier time.
    [paths.v1('ipamblocks')]: list(block({cidr: '10.1.0.0/26'})),
  }
  test('the keys say it, and leftover CRDs do not', async () => {
    const facts = await factsOf({...fakeCluster(onEtcd), etcd}, ipam)
    expect(facts.ipamBlocks).toMatchObject({
      value: [
        {cidr: '10.244.1.0/26', host: 'a'},
        {cidr: 'fd00::/122', free: 62, holders: [{node: 'b', count: 2}]},
      ],
      partial: expect.stringContaining('10.244.9.0-26'),
    })
    expect(facts.blockAffinities).toEqual(
      known([
        {node: 'a', type: 'host', cidr: '10.244.1.0/26', state: 'confirmed'},
        {node: 'b', type: 'host', cidr: 'fd00::/122', state: 'pending'},
        {node: 'load-balancer', type: 'virtual', cidr: '10.9.0.0/26', state: 'confirmed'},
      ]),
    )
    expect(facts.ipamHandles).toEqual(known([{id: 'k8s-pod-network.abc', blocks: [{cidr: '10.244.1.0/26', count: 1}]}]))
    expect(facts.ipamConfig).toEqual(known({strictAffinity: true, autoAllocateBlocks: false, maxBlocksPerHost: 3}))
  })
  test('without a way there nothing is known', async () => {
    const facts = await factsOf(fakeCluster(onEtcd), ipam)
    for (const name of ipam) expect(facts[name], name).toMatchObject({known: false, why: 'not-collected', detail: expect.stringContaining('etcd')})
  })
})

test('the simulated etcd holds what the simulated CRDs hold', () => {
  const blocks = Object.entries(scenario('etcd', {nodes: 4}).etcd!).filter(([key]) => key.includes('/assignment/'))
  expect(blocks.length).toBeGreaterThan(3)
  for (const [, spec] of blocks) expect(readBlock(spec as Record<string, unknown>)).toMatchObject({size: 64})
})

import {describe, expect, test} from 'vitest'
import {known, unknown} from '../../src/engine/collected.ts'
import {nodeEvidenceTasks} from '../../src/evidence/node-tasks.ts'
import {contextOf, fakeDoor, filesOf, missedOf, run, said} from './fake-node.ts'

const ebpf = {dataplane: known({kind: 'ebpf', source: 'default'} as const)}
const iptables = {dataplane: known({kind: 'iptables', source: 'default'} as const)}
const settings = (backend: 'bird' | 'vxlan') => ({
  bgpSettings: known({backend, backendSource: 'default', mesh: true, asNumber: '64512', listenPort: 179}),
})

test('light probes go together, each dump alone, and a node answers one exec at a time', async () => {
  const {door, asked, most} = fakeDoor()
  const evidence = await run(nodeEvidenceTasks(contextOf(door, ['n1'], iptables)))
  expect(asked.filter(({probes}) => probes.size > 10)).toHaveLength(2)
  expect(asked.filter(({probes}) => probes.size <= 10).map(({probes}) => [...probes.keys()])).toEqual([
    ['iptables-nft-save.txt'],
    ['ip6tables-nft-save.txt'],
    ['iptables-legacy-save.txt'],
    ['ip6tables-legacy-save.txt'],
    ['nft-ruleset.txt'],
    ['ipset-list.txt'],
  ])
  expect(most.ever).toBe(1)
  expect(missedOf(evidence)).toEqual([])
  expect(filesOf(evidence).find(({path}) => path === 'nodes/n1/ip-route.txt')).toEqual({
    path: 'nodes/n1/ip-route.txt',
    source: 'ip route show table all',
    node: 'n1',
    at: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
    ms: expect.any(Number),
    exit: 0,
    truncated: false,
    text: 'ip route show table all\n',
  })
})

test('nodes are asked beside each other', async () => {
  const {door, most} = fakeDoor()
  await run(nodeEvidenceTasks(contextOf(door, ['n1', 'n2', 'n3'])))
  expect(most.ever).toBe(3)
})

test.each([
  ['known to be eBPF', ebpf, true],
  ['not known', {}, true],
  ['known in part', {dataplane: known({kind: 'iptables', source: 'default'} as const, 'not all was seen')}, true],
  ['known to be iptables', iptables, false],
])('eBPF is dumped where the dataplane is %s: %s', async (_what, facts, wanted) => {
  const {door, asked} = fakeDoor()
  await run(nodeEvidenceTasks(contextOf(door, ['n1'], facts)))
  expect(asked.some(({probes}) => probes.has('bpf-nat.txt'))).toBe(wanted)
})

test.each([
  ['known to run', settings('bird'), true],
  ['not known', {}, true],
  ['known to be switched off', settings('vxlan'), false],
])('BIRD is asked where it is %s, and its status everywhere', async (_what, facts, wanted) => {
  const {door, asked} = fakeDoor()
  await run(nodeEvidenceTasks(contextOf(door, ['n1'], facts)))
  expect(asked.some(({probes}) => probes.has('birdcl-show-route.txt'))).toBe(wanted)
  expect(asked.some(({probes}) => probes.has('birdcl-show-status.txt'))).toBe(true)
})

describe('what cannot be had is missed', () => {
  test('without a door, each node once', async () => {
    const tasks = nodeEvidenceTasks(contextOf(undefined, ['n1', 'n2']))
    expect(await run(tasks)).toEqual(['n1', 'n2'].map(node => ({missed: {node, why: 'not-collected', detail: 'nodes were not asked (--exec none)'}})))
  })
  test.each([unknown('unreachable', 'no pod'), unknown('forbidden', 'no right'), unknown('timeout', 'no answer'), unknown('failed', 'broken')])(
    '$why: once for a whole node, which is then left alone',
    async silence => {
      const {door, asked} = fakeDoor((_name, probe, {name}) => (name === 'n1' ? silence : known(said(probe))))
      const evidence = await run(nodeEvidenceTasks(contextOf(door, ['n1', 'n2'], iptables)))
      expect(missedOf(evidence)).toEqual([{node: 'n1', why: silence.why, detail: silence.detail}])
      expect(asked.filter(({node}) => node === 'n1')).toHaveLength(1)
      expect(asked.filter(({node}) => node === 'n2')).toHaveLength(8)
    },
  )
  test('one probe that was not answered, and one that the door forgot', async () => {
    const {door} = fakeDoor((name, probe) =>
      name === 'ip-link.txt' ? unknown('timeout', 'no complete answer in 5 s') : name === 'ip-neigh.txt' ? undefined : known(said(probe)),
    )
    expect(missedOf(await run(nodeEvidenceTasks(contextOf(door, ['n1'], iptables))))).toEqual([
      {node: 'n1', source: 'ip -s -d link show', why: 'timeout', detail: 'no complete answer in 5 s'},
      {node: 'n1', source: 'ip -s neigh show', why: 'failed', detail: 'the answer ended before this probe'},
    ])
  })
  test('a dump that floods or is slow costs itself only; a second slow one ends it', async () => {
    const answers: Record<string, ReturnType<typeof unknown>> = {
      'iptables-nft-save.txt': unknown('failed', 'its answer flooded'),
      'ip6tables-nft-save.txt': unknown('timeout', 'no complete answer in 5 s'),
      'nft-ruleset.txt': unknown('timeout', 'no complete answer in 5 s'),
    }
    const {door} = fakeDoor((name, probe) => answers[name] ?? known(said(probe)))
    expect(missedOf(await run(nodeEvidenceTasks(contextOf(door, ['n1'], iptables)))).map(({source, why}) => [source, why])).toEqual([
      ['iptables-nft-save -c', 'failed'],
      ['ip6tables-nft-save -c', 'timeout'],
      ['nft -n -a list ruleset, ipset list', 'timeout'],
    ])
  })
  test('a door that throws', async () => {
    const door = {ask: () => Promise.reject(new Error('boom'))}
    expect(missedOf(await run(nodeEvidenceTasks(contextOf(door))))).toEqual([{node: 'n1', why: 'failed', detail: 'boom'}])
  })
  test('what was not begun in time', async () => {
    const {door, asked} = fakeDoor()
    const evidence = await run(nodeEvidenceTasks(contextOf(door)), {signal: AbortSignal.abort(new DOMException('late', 'TimeoutError'))})
    expect(evidence).toEqual([{missed: {node: 'n1', why: 'timeout', detail: 'the overall time was over before this was asked'}}])
    expect(asked).toEqual([])
  })
  test('dumps without a light task before them say it themselves', async () => {
    const {door} = fakeDoor(() => unknown('forbidden', 'no right'))
    const [, heavy] = nodeEvidenceTasks(contextOf(door))
    expect(await run([heavy!])).toEqual([{missed: {node: 'n1', why: 'forbidden', detail: 'no right'}}])
  })
})

test('a consumer that goes away does not hold up the node', async () => {
  const {door} = fakeDoor()
  const [light, heavy] = nodeEvidenceTasks(contextOf(door, ['n1'], iptables))
  for await (const _ of light!.run({timeoutMs: 1_000, maxBytes: 1_000_000})) break
  expect(filesOf(await run([heavy!]))).toHaveLength(6)
})

test('estimates grow with the cluster and with the node, and no file counts more than it may be', () => {
  const {door} = fakeDoor()
  const bytesOf = (facts: Parameters<typeof contextOf>[2]) => nodeEvidenceTasks(contextOf(door, ['n1'], facts)).map(({estimate}) => estimate.bytes)
  const [light = 0, heavy = 0] = bytesOf({nodes: known([])})
  const many = bytesOf({
    nodes: known(Array.from({length: 900}, () => ({}) as never)),
    links: known({n1: known(Array.from({length: 200}, () => ({}) as never))}),
  })
  expect(many[0]).toBeGreaterThan(2 * light)
  expect(many[1]).toBeGreaterThan(heavy)
  expect(many[1]).toBeLessThan(100_000 * 20)
  for (const task of nodeEvidenceTasks(contextOf(door)))
    expect(task).toMatchObject({node: 'n1', maxBytes: expect.any(Number), estimate: {ms: expect.any(Number)}})
})

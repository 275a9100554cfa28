import {expect, test} from 'vitest'
import type {CalicoPod, KubeNode} from '../../src/calico/kubernetes.ts'
import {type CollectOptions, collect} from '../../src/engine/collect.ts'
import {type Collected, known, unknown} from '../../src/engine/collected.ts'
import {type Cluster, defineCollector, defineDerived, defineProbe, type NodeDoor, type ProbeOutput} from '../../src/engine/collector.ts'
import {UsageError} from '../../src/engine/errors.ts'
import {readFacts} from '../../src/engine/read-facts.ts'

const node = (name: string, ready: KubeNode['ready'] = 'True', extra: Partial<KubeNode> = {}): KubeNode => ({
  name,
  labels: {'kubernetes.io/hostname': name},
  internalIps: ['10.0.0.1'],
  externalIps: [],
  podCidrs: [],
  kernelVersion: '6.1.0',
  osImage: '',
  operatingSystem: 'linux',
  architecture: 'amd64',
  kubeletVersion: 'v1.33.0',
  containerRuntime: '',
  ready,
  unschedulable: false,
  taints: [],
  virtual: false,
  calico: {},
  ...extra,
})
const pod = (name: string): CalicoPod => ({
  namespace: 'kube-system',
  name: `calico-node-${name}`,
  app: 'calico-node',
  node: name,
  phase: 'Running',
  ready: true,
  terminating: false,
  containers: [{name: 'calico-node', init: false, image: '', ready: true, restarts: 0, state: 'running'}],
})

const nodesSource = (nodes: Collected<KubeNode[]>) =>
  defineCollector({source: 'nodes', access: [], collect: async () => nodes, facts: {kubeNodes: (evidence: KubeNode[]) => evidence}})
const podsSource = (pods: Collected<CalicoPod[]>) =>
  defineCollector({source: 'calico-pods', access: [], collect: async () => pods, facts: {calicoPods: (evidence: CalicoPod[]) => evidence}})
const mtuProbe = defineProbe({source: 'mtu-file', probe: {tries: [['cat', '/var/lib/calico/mtu']]}, facts: {mtuFile: ({stdout}) => Number(stdout)}})

const noCluster: Cluster = {
  list: async () => unknown('failed'),
  get: async () => unknown('failed'),
  can: async () => unknown('failed'),
  text: async () => unknown('failed'),
  exec: async () => unknown('failed'),
}
const said = (stdout: string, extra: Partial<ProbeOutput> = {}): Collected<ProbeOutput> => known({argv: ['cat'], exit: 0, stdout, stderr: '', ...extra})
const doorOf = (answer: (name: string) => Promise<Collected<ProbeOutput>> | Collected<ProbeOutput>): NodeDoor => ({
  ask: async ({name}, probes) => new Map(await Promise.all([...probes.keys()].map(async source => [source, await answer(name)] as const))),
})

async function lookAt(nodes: Collected<KubeNode[]>, pods: Collected<CalicoPod[]>, door: NodeDoor | undefined, extra: Partial<CollectOptions> = {}) {
  const collectors = [nodesSource(nodes), podsSource(pods), mtuProbe]
  const snapshot = await collect(
    {api: [collectors[0] as never, collectors[1] as never], probes: [mtuProbe]},
    {
      collectors,
      cluster: noCluster,
      door,
      source: {kind: 'live'},
      settings: {exec: 'pod', checks: [], nodes: []},
      concurrency: 2,
      nodeTimeoutMs: 1_000,
      signal: new AbortController().signal,
      ...extra,
    },
  )
  return {snapshot, table: readFacts(snapshot, collectors)}
}

test('every wanted node is in a per-node fact: answered, or with its cause', async () => {
  const door = doorOf(name => (name === 'a' ? said('1450\n') : unknown('timeout', '15 s')))
  const {table} = await lookAt(known([node('a'), node('b')]), known([pod('a'), pod('b')]), door)
  expect(table.mtuFile).toEqual(known({a: known(1450), b: unknown('timeout', '15 s')}))
})

test('virtual and Windows nodes are not wanted', async () => {
  const nodes = known([node('a'), node('w', 'True', {operatingSystem: 'windows'}), node('v', 'True', {virtual: true})])
  const {snapshot} = await lookAt(
    nodes,
    known([pod('a')]),
    doorOf(() => said('1')),
  )
  expect(snapshot.nodesWanted).toEqual(known(['a']))
})

test('with --exec none a node is not-collected, never missing', async () => {
  const {table} = await lookAt(known([node('a')]), known([pod('a')]), undefined)
  expect(table.mtuFile).toMatchObject({known: true, value: {a: {known: false, why: 'not-collected'}}})
})

test('nodes that may not be listed are known from their calico-node pods, and that is no whole view', async () => {
  const {table, snapshot} = await lookAt(
    unknown('forbidden', '403'),
    known([pod('a')]),
    doorOf(() => said('1450')),
  )
  expect(snapshot.nodesWanted).toMatchObject({known: true, value: ['a'], partial: expect.stringContaining('forbidden')})
  expect(table.mtuFile).toMatchObject({known: true, partial: expect.stringContaining('forbidden')})
})

test('without nodes and pods a per-node fact is unknown as a whole', async () => {
  const {table} = await lookAt(
    unknown('forbidden', '403'),
    unknown('forbidden', '403'),
    doorOf(() => said('1450')),
  )
  expect(table.mtuFile).toEqual(unknown('forbidden', '403'))
})

test('NotReady nodes are asked last', async () => {
  const asked: string[] = []
  const door = doorOf(name => (asked.push(name), said('1')))
  await lookAt(known([node('dead', 'Unknown'), node('a'), node('b')]), known([]), door, {concurrency: 1})
  expect(asked).toEqual(['a', 'b', 'dead'])
})

test('a door that throws costs that node only', async () => {
  const door: NodeDoor = {
    ask: async ({name}, probes) => {
      if (name === 'a') throw new Error('boom')
      return new Map([...probes.keys()].map(source => [source, said('7')]))
    },
  }
  const {table} = await lookAt(known([node('a'), node('b')]), known([]), door)
  expect(table.mtuFile).toEqual(known({a: unknown('failed', 'boom'), b: known(7)}))
})

test('a pattern that matches no node is a usage error that names what is near', async () => {
  const settings = {exec: 'pod' as const, checks: [], nodes: ['workr-1']}
  const looking = lookAt(known([node('worker-1')]), known([]), undefined, {settings})
  await expect(looking).rejects.toThrow(UsageError)
  await expect(looking).rejects.toMatchObject({next: 'Did you mean worker-1?'})
})

test.each([
  [['worker-*'], ['worker-1', 'worker-2']],
  [['kubernetes.io/hostname=master'], ['master']],
  [['!kubernetes.io/nothing'], ['master', 'worker-1', 'worker-2']],
  [
    ['master', 'worker-2'],
    ['master', 'worker-2'],
  ],
])('--node %s', async (patterns, expected) => {
  const nodes = known(['master', 'worker-1', 'worker-2'].map(name => node(name)))
  const {snapshot} = await lookAt(nodes, known([]), undefined, {settings: {exec: 'pod', checks: [], nodes: patterns}})
  expect(snapshot.nodesWanted).toEqual(known(expected))
})

test('when the time is over, nodes not yet asked are timeouts', async () => {
  const controller = new AbortController()
  const door = doorOf(() => (controller.abort(), said('1')))
  const {table} = await lookAt(known([node('a'), node('b')]), known([]), door, {concurrency: 1, signal: controller.signal})
  expect(table.mtuFile).toMatchObject({value: {a: {known: true}, b: {known: false, why: 'timeout'}}})
})

test('a long answer is kept compressed and read as it was', async () => {
  const {table, snapshot} = await lookAt(
    known([node('a')]),
    known([]),
    doorOf(() => said(`1450${' '.repeat(100_000)}`)),
  )
  expect(JSON.stringify(snapshot.evidence['mtu-file']).length).toBeLessThan(5_000)
  expect(table.mtuFile).toEqual(known({a: known(1450)}))
})

test.each([
  [{exit: 127}, {known: false, why: 'absent'}],
  [{exit: 124}, {known: false, why: 'timeout'}],
  [
    {exit: 1, stderr: 'cat: nope'},
    {known: false, why: 'failed', detail: 'cat: exit 1 cat: nope'},
  ],
  [
    {exit: 141, cut: 'more than 5 lines'},
    {known: true, partial: 'more than 5 lines'},
  ],
])('a probe that ended with %o', async (output, expected) => {
  const {table} = await lookAt(
    known([node('a')]),
    known([]),
    doorOf(() => said('1', output)),
  )
  expect(table.mtuFile).toMatchObject({value: {a: expected}})
})

test('sources behind a derived fact are asked before those that need it', async () => {
  const order: string[] = []
  const first = defineCollector({source: 'first', access: [], collect: async () => (order.push('first'), known('v1.33.0')), facts: {kubernetesVersion: String}})
  const derived = defineDerived({
    source: 'derived',
    from: ['kubernetesVersion'],
    facts: {calicoNamespaces: ({kubernetesVersion}) => (kubernetesVersion.known ? known([kubernetesVersion.value]) : kubernetesVersion)},
  })
  const last = defineCollector({
    source: 'last',
    access: [],
    after: ['calicoNamespaces'],
    collect: async (_cluster, facts) => (order.push(JSON.stringify(facts.calicoNamespaces)), known([])),
    facts: {ipPools: (evidence: []) => evidence},
  })
  const collectors = [last, derived, first]
  await collect(
    {api: [last, first], probes: []},
    {
      collectors,
      cluster: noCluster,
      door: undefined,
      source: {kind: 'live'},
      settings: {exec: 'none', checks: [], nodes: []},
      concurrency: 1,
      nodeTimeoutMs: 1,
      signal: new AbortController().signal,
    },
  )
  expect(order).toEqual(['first', '{"known":true,"value":["v1.33.0"]}'])
})

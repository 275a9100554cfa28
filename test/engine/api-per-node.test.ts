import {expect, test} from 'vitest'
import {collectors} from '../../src/collectors/index.ts'
import {collect} from '../../src/engine/collect.ts'
import {known, unknown} from '../../src/engine/collected.ts'
import {planFor} from '../../src/engine/plan.ts'
import {readFacts} from '../../src/engine/read-facts.ts'
import {fakeCluster, forbidden, type Paths} from '../collectors/fake-cluster.ts'
import {paths, upstream} from '../collectors/shapes.ts'

const pod = (node: string) => ({
  metadata: {name: `calico-node-${node}`, namespace: 'kube-system', labels: {'k8s-app': 'calico-node'}},
  spec: {nodeName: node},
  status: {phase: 'Running', containerStatuses: [{name: 'calico-node', state: {running: {}}}]},
})
const page = (node: string) => `/api/v1/namespaces/kube-system/pods/calico-node-${node}:9091/proxy/metrics`
const given: Paths = {
  ...upstream,
  [paths.podsOf('kube-system')]: [pod('a'), pod('b')],
  [paths.v1('felixconfigurations')]: [{metadata: {name: 'default'}, spec: {prometheusMetricsEnabled: true}}],
  [page('a')]: 'felix_resync_state 3\n',
  [page('b')]: 'felix_resync_state 2\n',
}
async function look(cluster: ReturnType<typeof fakeCluster>, nodes: readonly string[] = []) {
  const snapshot = await collect(planFor([], collectors, ['felixMetrics']), {
    collectors,
    cluster,
    door: undefined,
    source: {kind: 'live'},
    settings: {exec: 'none', checks: [], nodes},
    concurrency: 4,
    nodeTimeoutMs: 1_000,
    signal: new AbortController().signal,
  })
  return {snapshot, fact: readFacts(snapshot, collectors).felixMetrics}
}
const inState = (resyncState: number) => known({gauges: {resyncState}, counters: {}, summaries: {}})

test('every wanted node has its answer, and no other is asked', async () => {
  const cluster = fakeCluster(given)
  const {fact} = await look(cluster, ['a', 'c'])
  expect(fact).toEqual(known({a: inState(3), c: unknown('unreachable', 'no calico-node pod on this node')}))
  expect(cluster.asked.filter(path => path.includes('/proxy/'))).toEqual([page('a')])
})

test('a node that was not asked is not-collected, and one that was not wanted is not there', async () => {
  const {snapshot} = await look(fakeCluster(given))
  const {felixMetrics} = readFacts({...snapshot, nodesWanted: known(['b', 'new'])}, collectors)
  expect(felixMetrics).toEqual(known({b: inState(2), new: unknown('not-collected', 'this node was not asked')}))
})

test('where nodes cannot be listed those with a pod are asked, and it is a part', async () => {
  const {fact} = await look(fakeCluster({...given, [paths.nodes]: forbidden('nodes')}))
  expect(fact).toEqual(known({a: inState(3), b: inState(2)}, 'nodes could not be listed (forbidden); these have a calico-node pod'))
})

test('without nodes and pods nothing is known', async () => {
  const {fact} = await look(fakeCluster({...given, [paths.nodes]: forbidden('nodes'), [paths.podsOf('kube-system')]: forbidden('pods')}))
  expect(fact).toMatchObject({known: false, why: 'forbidden'})
})

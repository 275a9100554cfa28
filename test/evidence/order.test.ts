import {expect, test} from 'vitest'
import type {BgpSession, Bird} from '../../src/calico/bgp-session.ts'
import type {CalicoPod, KubeNode} from '../../src/calico/kubernetes.ts'
import type {Finding, Severity} from '../../src/engine/check.ts'
import {known, unknown} from '../../src/engine/collected.ts'
import type {CheckReport} from '../../src/engine/report.ts'
import {type Looked, sickNodes} from '../../src/evidence/order.ts'

const takenAt = '2026-11-21T06:00:00.000Z'
const kube = (name: string, ready: KubeNode['ready'] = 'True') => ({name, ready}) as KubeNode
const pod = (node: string, rest: Partial<CalicoPod> = {}, container: object = {}) =>
  ({
    node,
    namespace: 'calico-system',
    name: `calico-node-${node}`,
    app: 'calico-node',
    phase: 'Running',
    ready: true,
    terminating: false,
    containers: [{name: 'calico-node', init: false, image: '', ready: true, restarts: 0, state: 'running', ...container}],
    ...rest,
  }) as CalicoPod
const session = (bgpState: string) => ({name: 'Mesh_10_0_0_2', bgpState}) as BgpSession
const bird = (...states: string[]): Bird => ({running: true, sessions: states.map(session)})
const check = (id: string, severity: Severity, nodes: readonly string[]) =>
  ({id, findings: [{severity, subjects: nodes.map(name => ({kind: 'Node', name}))} as unknown as Finding]}) as unknown as CheckReport

const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']
const none = unknown('not-collected')
const healthy: Looked = {
  facts: {kubeNodes: known(names.map(name => kube(name))), calicoPods: known(names.map(name => pod(name))), birdV4: known({}), birdV6: none},
  report: {takenAt, checks: []},
  nodes: names,
  silent: new Set(),
}

test('nobody is sick in a healthy cluster, nor where nothing is known', () => {
  expect(sickNodes(healthy)).toEqual([])
  const blind = {kubeNodes: none, calicoPods: none, birdV4: none, birdV6: none}
  expect(sickNodes({...healthy, facts: blind})).toEqual([])
})

test('the gravest sign first, then the name', () => {
  const looked: Looked = {
    ...healthy,
    facts: {
      kubeNodes: known(names.map(name => kube(name, name === 'h' ? 'Unknown' : name === 'g' ? 'False' : 'True'))),
      calicoPods: known([
        ...['a', 'b', 'c', 'g', 'h'].map(name => pod(name)),
        pod('f', {ready: false}, {state: 'waiting', ready: false, reason: 'CrashLoopBackOff'}),
        pod('d', {}, {restarts: 2, last: {reason: 'OOMKilled', exitCode: 137, finishedAt: '2026-11-21T05:00:00Z'}}),
      ]),
      birdV4: known({b: known(bird('Established', 'Connect')), c: known(bird('Established')), a: unknown('timeout')}),
      birdV6: known({c: known(bird('Active', 'Idle'))}),
    },
    report: {takenAt, checks: [check('mtu/x', 'warning', ['a', 'b'])]},
    silent: new Set(['a']),
  }
  expect(sickNodes(looked)).toEqual([
    {node: 'g', reason: 'not ready'},
    {node: 'h', reason: 'its kubelet is silent'},
    {node: 'e', reason: 'no calico-node pod'},
    {node: 'f', reason: 'calico-node CrashLoopBackOff'},
    {node: 'a', reason: 'gave no answer'},
    {node: 'd', reason: 'calico-node restarted (OOMKilled)'},
    {node: 'b', reason: '1 BGP session down'},
    {node: 'c', reason: '2 BGP sessions down'},
  ])
})

test('a restart of last week, an info and what is said of most nodes are no signs', () => {
  const old = {restarts: 3, last: {reason: 'Error', exitCode: 1, finishedAt: '2026-11-14T05:00:00Z'}}
  const looked: Looked = {
    ...healthy,
    facts: {...healthy.facts, calicoPods: known(names.map(name => pod(name, {}, name === 'a' ? old : {})))},
    report: {takenAt, checks: [check('x/info', 'info', ['b']), check('x/most', 'error', names.slice(0, 5)), check('x/half', 'error', names.slice(0, 4))]},
  }
  expect(sickNodes(looked).map(({node, reason}) => `${node} ${reason}`)).toEqual(['a x/half', 'b x/half', 'c x/half', 'd x/half'])
})

test('a part of the list of pods says nothing of those that are not in it', () => {
  const looked: Looked = {...healthy, facts: {...healthy.facts, calicoPods: known([pod('a')], 'one namespace of two')}}
  expect(sickNodes(looked)).toEqual([])
})

test('of two pods on a node the one that stays counts', () => {
  const gone = pod('a', {terminating: true, ready: false}, {state: 'terminated', ready: false})
  for (const pods of [
    [gone, ...names.map(name => pod(name))],
    [...names.map(name => pod(name)), gone],
  ])
    expect(sickNodes({...healthy, facts: {...healthy.facts, calicoPods: known(pods)}})).toEqual([])
})

test('a session that most have down is to another that is sick; who has more down is sick too', () => {
  const down = (node: string) => (node === 'h' ? bird('Idle', 'Idle') : bird('Established', 'Connect'))
  const birdV4 = known(Object.fromEntries(names.map(node => [node, known(down(node))])))
  expect(sickNodes({...healthy, facts: {...healthy.facts, birdV4}})).toEqual([{node: 'h', reason: '2 BGP sessions down'}])
})

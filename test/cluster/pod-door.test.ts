import {expect, test} from 'vitest'
import {podDoor} from '../../src/cluster/pod-door.ts'
import type {ExecAnswer} from '../../src/demo/index.ts'
import type {Limits, NodeToAsk, Probe} from '../../src/engine/collector.ts'
import {connected} from '../helpers/connections.ts'
import {writeConfig} from '../helpers/kubeconfig.ts'
import {simulated} from '../helpers/simulated.ts'

const probes = new Map<string, Probe>([
  ['osrelease', {tries: [['cat', '/proc/sys/kernel/osrelease']]}],
  ['links', {tries: [['ip', '-j', '-d', 'addr']]}],
  ['missing', {tries: [['no-such-command']]}],
])

/** The simulated cluster's calico-node pods as nodes to ask. */
async function cluster() {
  const connection = await simulated({nodes: 6})
  const pods = await connection.cluster.list(
    {group: '', version: 'v1', resource: 'pods'},
    {
      labelSelector: 'k8s-app=calico-node',
      project: ({metadata, spec}): NodeToAsk => ({
        name: spec.nodeName,
        target: {node: spec.nodeName, namespace: metadata.namespace, pod: metadata.name, container: 'calico-node'},
      }),
    },
  )
  if (!pods.known) throw new Error(pods.detail)
  const ask = (node: NodeToAsk, limits: Partial<Limits> = {}) =>
    podDoor(connection.cluster).ask(node, probes, {timeoutMs: 5_000, maxBytes: 1_000_000, ...limits})
  return {...connection, nodes: pods.value, ask}
}

test('one exec answers all probes of a node', async () => {
  const {sim, nodes, ask} = await cluster()
  const answers = await ask(nodes[0]!)
  expect(answers.get('osrelease')).toMatchObject({known: true, value: {exit: 0, stdout: expect.stringMatching(/^\d+\.\d+/)}})
  expect(answers.get('links')).toMatchObject({known: true, value: {exit: 0, stdout: expect.stringContaining('"ifname"')}})
  expect(answers.get('missing')).toMatchObject({known: true, value: {exit: 127}})
  expect(sim.requests.filter(({subresource}) => subresource === 'exec')).toHaveLength(1)
})

test.each<[string, ExecAnswer, Partial<Limits>, object]>([
  ['refusal', {status: 403}, {}, {why: 'forbidden'}],
  ['a kubelet that cannot be reached', {status: 500}, {}, {why: 'unreachable'}],
  ['silence', 'silence', {timeoutMs: 300}, {why: 'timeout'}],
  ['a break before the upgrade', 'reset', {}, {why: 'unreachable'}],
])('%s: no probe is known, and why is said', async (_name, exec, limits, expected) => {
  const {sim, nodes, ask} = await cluster()
  sim.setFaults([{node: nodes[0]!.name, exec}])
  const started = performance.now()
  const answers = await ask(nodes[0]!, limits)
  expect(answers.size).toBe(probes.size)
  for (const answer of answers.values()) expect(answer).toMatchObject({known: false, ...expected})
  expect(performance.now() - started).toBeLessThan(2_000)
  expect((await ask(nodes[1]!)).get('osrelease')).toMatchObject({known: true})
})

test.each(['half', 'drop', 'truncated'] as const)('half an answer (%s): what came stands, the rest is failed', async exec => {
  const {sim, nodes, ask} = await cluster()
  sim.setFaults([{node: nodes[0]!.name, exec}])
  const answers = [...(await ask(nodes[0]!)).values()]
  expect(answers).toHaveLength(probes.size)
  expect(answers.some(answer => !answer.known && answer.why === 'failed')).toBe(true)
  for (const answer of answers) expect(answer.known || answer.why === 'failed').toBe(true)
})

test('50 MB from one probe: that one is failed, the others are asked again', async () => {
  const {sim, nodes, ask} = await cluster()
  sim.setFaults([{node: nodes[0]!.name, exec: 'flood'}])
  const answers = await ask(nodes[0]!)
  expect(answers.get('osrelease')).toMatchObject({known: true})
  expect(answers.get('links')).toMatchObject({known: false, why: 'failed', detail: expect.stringContaining('flooded')})
  expect(answers.get('missing')).toMatchObject({known: true, value: {exit: 127}})
})

test('nothing to ask is unreachable, and so is a pod that just went', async () => {
  const {nodes, ask, sim} = await cluster()
  const before = sim.requests.length
  expect((await ask({name: 'a'})).get('links')).toEqual({known: false, why: 'unreachable', detail: 'no calico-node pod on this node'})
  expect((await ask({...nodes[0]!, unreachable: 'calico-node is not running: CrashLoopBackOff'})).get('links')).toMatchObject({
    why: 'unreachable',
    detail: expect.stringContaining('CrashLoop'),
  })
  expect(sim.requests).toHaveLength(before)
  expect((await ask({name: 'a', target: {...nodes[0]!.target!, pod: 'gone'}})).get('links')).toMatchObject({known: false, why: 'unreachable'})
})

test('without the right to exec it is forbidden, in the words of the API server', async () => {
  const {nodes, sim} = await cluster()
  const kubeconfig = writeConfig(sim.addUser('reader', [{verbs: ['get', 'list'], apiGroups: ['*'], resources: ['pods', 'nodes']}]))
  const {cluster: asReader} = await connected({kubeconfig})
  const answers = await podDoor(asReader).ask(nodes[0]!, probes, {timeoutMs: 2_000, maxBytes: 1_000})
  expect(answers.get('links')).toMatchObject({known: false, why: 'forbidden', detail: expect.stringContaining('cannot')})
  expect(await asReader.can({verb: 'create', group: '', resource: 'pods', subresource: 'exec', namespace: 'kube-system'})).toEqual({known: true, value: false})
  expect(await asReader.list({group: '', version: 'v1', resource: 'configmaps'}, {project: item => item})).toMatchObject({known: false, why: 'forbidden'})
})

test('a list of 1,200 nodes through a simulated API server, with an expired token on the way', async () => {
  const {cluster: api, sim} = await simulated({nodes: 1_200})
  sim.setFaults([{path: /^\/api\/v1\/nodes\?.*continue=/, answer: {status: 410}, after: 1, times: 1}])
  const nodes = await api.list({group: '', version: 'v1', resource: 'nodes'}, {project: ({metadata}): string => metadata.name})
  expect(nodes).toMatchObject({known: true})
  expect(nodes.known && [nodes.value.length, new Set(nodes.value).size]).toEqual([1_200, 1_200])
  expect(nodes).not.toHaveProperty('partial')
  expect(sim.requests.filter(({resource}) => resource === 'nodes')).toHaveLength(6)
})

import {expect, test} from 'vitest'
import {type Collected, known, unknown} from '../../src/engine/collected.ts'
import type {Cluster, NodeDoor} from '../../src/engine/collector.ts'
import {askingRightsFirst} from '../../src/engine/exec-rights.ts'

const open: NodeDoor = {ask: async (_node, probes) => new Map([...probes.keys()].map(source => [source, known({argv: [], exit: 0, stdout: 'in', stderr: ''})]))}
const clusterSaying = (can: (verb: string) => Collected<boolean>, questions: string[] = []): Cluster => ({
  list: async () => unknown('failed'),
  get: async () => unknown('failed'),
  exec: async () => unknown('failed'),
  can: async ({verb, namespace}) => (questions.push(`${verb} ${namespace}`), can(verb)),
})
const nodeIn = (namespace: string) => ({name: 'a', target: {node: 'a', namespace, pod: 'p', container: 'calico-node'}})
const probes = new Map([['x', {tries: [['true']] as const}]])
const limits = {timeoutMs: 1, maxBytes: 1}

test('a no to both verbs is forbidden for every node, asked once', async () => {
  const questions: string[] = []
  const door = askingRightsFirst(
    open,
    clusterSaying(() => known(false), questions),
  )
  const answers = await Promise.all([1, 2, 3].map(() => door.ask(nodeIn('kube-system'), probes, limits)))
  for (const answer of answers) expect(answer.get('x')).toMatchObject({known: false, why: 'forbidden'})
  expect(questions).toEqual(['get kube-system', 'create kube-system'])
})

test.each([
  ['get alone, as before Kubernetes 1.35', (verb: string) => known(verb === 'get')],
  ['create alone', (verb: string) => known(verb === 'create')],
  ['no answer to the question', () => unknown('forbidden', '403')],
])('%s lets the exec tell', async (_name, can) => {
  const answers = await askingRightsFirst(open, clusterSaying(can)).ask(nodeIn('kube-system'), probes, limits)
  expect(answers.get('x')).toMatchObject({known: true})
})

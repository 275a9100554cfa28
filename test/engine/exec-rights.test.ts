import {expect, test} from 'vitest'
import {type Collected, known, unknown} from '../../src/engine/collected.ts'
import type {Cluster, NodeDoor} from '../../src/engine/collector.ts'
import {askingRightsFirst} from '../../src/engine/exec-rights.ts'

const doorSaying = (answer: Collected<string>, knocks: string[] = []): NodeDoor => ({
  ask: async ({name}, probes) => {
    knocks.push(name)
    const output = answer.known ? known({argv: [], exit: 0, stdout: answer.value, stderr: ''}) : answer
    return new Map([...probes.keys()].map(source => [source, output]))
  },
})
const open = doorSaying(known('in'))
const clusterSaying = (can: (verb: string) => Collected<boolean>, questions: string[] = []): Cluster => ({
  list: async () => unknown('failed'),
  get: async () => unknown('failed'),
  text: async () => unknown('failed'),
  exec: async () => unknown('failed'),
  can: async ({verb, namespace}) => (questions.push(`${verb} ${namespace}`), can(verb)),
})
const granted = (...verbs: string[]) => clusterSaying(verb => known(verbs.includes(verb)))
const nodeIn = (namespace: string, name = 'a') => ({name, target: {node: name, namespace, pod: 'p', container: 'calico-node'}})
const probes = new Map([['x', {tries: [['true']] as const}]])
const limits = {timeoutMs: 1, maxBytes: 1}
const forbidden = (detail: string) => unknown('forbidden', detail)

test('a no to both verbs is forbidden for every node, asked once', async () => {
  const questions: string[] = []
  const knocks: string[] = []
  const door = askingRightsFirst(
    doorSaying(known('in'), knocks),
    clusterSaying(() => known(false), questions),
  )
  const answers = await Promise.all([1, 2, 3].map(() => door.ask(nodeIn('kube-system'), probes, limits)))
  for (const answer of answers) expect(answer.get('x')).toEqual(forbidden('no right to exec into pods of kube-system (pods/exec, verbs get and create)'))
  expect(questions).toEqual(['get kube-system', 'create kube-system'])
  expect(knocks).toEqual([])
})

test('without get there is no exec, whatever the version', async () => {
  const answers = await askingRightsFirst(open, granted('create')).ask(nodeIn('kube-system'), probes, limits)
  expect(answers.get('x')).toEqual(forbidden('no right to exec into pods of kube-system (pods/exec, verb get)'))
})

test('without create the exec tells: it goes well before Kubernetes 1.35', async () => {
  const answers = await askingRightsFirst(open, granted('get')).ask(nodeIn('kube-system'), probes, limits)
  expect(answers.get('x')).toMatchObject({known: true})
})

test('without create since 1.35: the right is named that the API server does not name, and nobody else is asked in vain', async () => {
  const knocks: string[] = []
  const door = askingRightsFirst(doorSaying(forbidden('exec in kube-system/p: 403 pods "p" is forbidden:'), knocks), granted('get'))
  const words = 'no right to exec into pods of kube-system (pods/exec, verb create, which Kubernetes 1.35 and later want beside get)'
  for (const name of ['a', 'b']) expect((await door.ask(nodeIn('kube-system', name), probes, limits)).get('x')).toEqual(forbidden(words))
  await door.ask(nodeIn('elsewhere', 'c'), probes, limits)
  expect(knocks).toEqual(['a', 'c'])
})

test('a refusal in spite of both rights keeps its own words', async () => {
  const answers = await askingRightsFirst(doorSaying(forbidden('an admission webhook')), granted('get', 'create')).ask(nodeIn('kube-system'), probes, limits)
  expect(answers.get('x')).toEqual(forbidden('an admission webhook'))
})

test('where the question fails, the exec tells', async () => {
  const silent = clusterSaying(() => unknown('forbidden', '403'))
  const answers = await askingRightsFirst(open, silent).ask(nodeIn('kube-system'), probes, limits)
  expect(answers.get('x')).toMatchObject({known: true})
})

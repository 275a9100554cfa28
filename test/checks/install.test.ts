import fc from 'fast-check'
import {describe, expect, test} from 'vitest'
import type {CalicoPod, ContainerStatus, Workload} from '../../src/calico/kubernetes.ts'
import {podTrouble} from '../../src/calico/pod-trouble.ts'
import {exampleNode, manifestInstall} from '../../src/checks/example-cluster.ts'
import {exampleCalicoPod, exampleInstall, exampleStatus, exampleUnreadyPod, exampleWorkload} from '../../src/checks/example-workloads.ts'
import nodePods from '../../src/checks/install/node-pods.ts'
import {examine} from '../../src/engine/examine.ts'
import {tableOf} from './table.ts'

const judge = (pods: readonly CalicoPod[], more: Partial<Workload> = {}, install = manifestInstall) => {
  const ready = pods.filter(pod => pod.ready).length
  const daemonSet = exampleWorkload('DaemonSet', 'calico-node', {desired: pods.length, updated: pods.length, ready, ...more})
  return examine(nodePods, tableOf({calicoDaemonSets: [daemonSet], calicoPods: pods, nodes: [exampleNode('a', 1), exampleNode('b', 2)], install}))
}
const findingsOf = (verdict: ReturnType<typeof examine>) => (verdict.status === 'fail' ? verdict.findings : [])

describe('neither well nor a fault', () => {
  test.each([
    ['a pod that has just started', judge([exampleCalicoPod('a'), exampleUnreadyPod('b', {age: 5}, {state: 'running'})])],
    ['a pod of unknown age', judge([exampleCalicoPod('a'), {...exampleUnreadyPod('b', {}, {state: 'running'}), age: undefined} as never])],
    ['ready for long, and not for ten seconds', judge([exampleUnreadyPod('a', {age: 90_000, readyChangedFor: 10}, {state: 'running'})])],
    ['a pod on its way out', judge([exampleCalicoPod('a'), exampleCalicoPod('b', {ready: false, terminating: true})])],
    ['an image being pulled', judge([exampleUnreadyPod('a', {age: 100}, {reason: 'ContainerCreating'})])],
    ['an init container at work', judge([exampleUnreadyPod('a', {age: 100}, {init: true, name: 'install-cni', state: 'running'})])],
    ['a rollout that has not made the pod yet', judge([exampleCalicoPod('a')], {desired: 2, updated: 1, ready: 1})],
    ['counts and pods that do not fit', judge([exampleCalicoPod('a')], {desired: 1, ready: 0})],
    ['pods that may not be listed', judge([], {desired: 2, updated: 2, ready: 2})],
    ['pods under another label', judge([], {desired: 2, updated: 2, ready: 1, podLabels: {app: 'calico'}})],
    ['a DaemonSet for no node', judge([], {desired: 0, updated: 0, ready: 0})],
  ])('%s', (_name, verdict) => {
    expect(verdict).toMatchObject({status: 'unknown'})
    expect(verdict.status === 'unknown' && verdict.reasons.join()).not.toBe('')
  })
})

describe('causes', () => {
  const kind = (status: Partial<ContainerStatus>, more: Partial<CalicoPod> = {}) => {
    const trouble = podTrouble(exampleUnreadyPod('a', more, status), exampleNode('a', 1))
    return typeof trouble === 'object' ? trouble.kind : trouble
  }
  test.each([
    [{reason: 'ErrImagePull'}, 'image'],
    [{reason: 'InvalidImageName'}, 'image'],
    [{reason: 'CreateContainerConfigError'}, 'config'],
    [{reason: 'RunContainerError'}, 'config'],
    [{reason: 'CrashLoopBackOff', last: {reason: 'Error', exitCode: 1}}, 'crash'],
    [{reason: 'CrashLoopBackOff', last: {reason: 'Error', exitCode: 137}}, 'killed'],
    [{reason: 'CrashLoopBackOff', last: {reason: 'OOMKilled', exitCode: 137}}, 'oom'],
    [{reason: 'CrashLoopBackOff'}, 'crash'],
    [{state: 'terminated', reason: 'Completed', exitCode: 0}, 'crash'],
    [{state: 'terminated', reason: 'OOMKilled', exitCode: 137}, 'oom'],
    [{state: 'running', restarts: 1, last: {reason: 'Error', exitCode: 1}}, 'notReady'],
    [{init: true, name: 'upgrade-ipam', state: 'terminated', reason: 'Error', exitCode: 1}, 'init'],
  ] satisfies [Partial<ContainerStatus>, string][])('%o is %s', (status, expected) => expect(kind(status)).toBe(expected))
  test('the last line of a termination message is the one that says why', () => {
    const last = {reason: 'Error', exitCode: 1, message: 'line one\nline two\nstat /nodename: no such file\n'}
    const trouble = podTrouble(exampleUnreadyPod('a', {}, {reason: 'CrashLoopBackOff', restarts: 4, last}), undefined)
    expect(trouble).toMatchObject({detail: 'Error, exit code 1, 4 restarts: stat /nodename: no such file'})
  })
  test('an init container that ended well is not in the way', () => {
    const done = exampleStatus({name: 'install-cni', init: true, state: 'terminated', exitCode: 0})
    const pod = exampleUnreadyPod('a', {containers: [done, exampleStatus({reason: 'ErrImagePull'})]}, {})
    expect(podTrouble(pod, undefined)).toMatchObject({kind: 'image', container: {name: 'calico-node'}})
  })
  test('twenty pods with one cause are one finding with a few lines', () => {
    const pods = Array.from({length: 20}, (_, index) => exampleUnreadyPod(`node-${index}`, {}, {reason: 'ErrImagePull'}))
    const findings = findingsOf(judge(pods))
    expect(findings).toHaveLength(1)
    expect(findings[0]?.subjects).toHaveLength(20)
    expect(findings[0]?.evidence.at(-1)).toBe('… and 15 more like these')
  })
})

describe('fixes', () => {
  const fixFor = (status: Partial<ContainerStatus>, more: Partial<Workload> = {}, install = manifestInstall) =>
    findingsOf(judge([exampleUnreadyPod('a', {}, status)], more, install)).flatMap(({fix}) => fix)
  const container = {
    name: 'calico-node',
    image: '',
    command: [],
    env: [],
    envFrom: [],
    limits: {memory: '500M'},
    readiness: ['/bin/calico-node', '-felix-ready'],
  }
  const oom = {reason: 'CrashLoopBackOff', last: {reason: 'OOMKilled', exitCode: 137}} as const
  test('memory by the owner’s knob', () => {
    expect(fixFor(oom, {containers: [container]})[0]?.command).toContain('--limits=memory=1Gi')
    expect(fixFor(oom, {containers: [container]}, exampleInstall('kubespray'))[0]?.text).toContain('Its limit is 500M. Set calico_node_memory_limit: 1Gi')
    expect(fixFor(oom, {containers: [{...container, limits: {}}]})[0]?.text).toContain('no memory limit')
  })
  test('the probe is asked as the manifest asks it', () => {
    expect(fixFor({state: 'running'}, {containers: [container]})[0]?.command).toBe(
      'kubectl -n kube-system exec calico-node-a -c calico-node -- /bin/calico-node -felix-ready',
    )
    expect(fixFor({state: 'running'}, {containers: [{...container, readiness: ['GET /readiness:9099']}]})[0]?.command).toContain('describe pod')
  })
})

test('no pod makes the check crash, and every finding is worded', () => {
  const text = fc.string({unit: 'binary', maxLength: 20})
  const number = fc.integer({min: -5, max: 1000})
  const status = fc.record(
    {
      name: fc.constantFrom('calico-node', 'install-cni'),
      init: fc.boolean(),
      image: text,
      ready: fc.boolean(),
      restarts: number,
      state: fc.constantFrom('running', 'waiting', 'terminated', 'unknown'),
      reason: fc.oneof(text, fc.constantFrom('CrashLoopBackOff', 'ErrImagePull', 'ContainerCreating')),
      message: text,
      exitCode: number,
      last: fc.record({reason: text, exitCode: number, message: text}, {requiredKeys: ['reason', 'exitCode']}),
    },
    {requiredKeys: ['name', 'init', 'image', 'ready', 'restarts', 'state']},
  )
  const pod = fc.record(
    {
      namespace: fc.constant('kube-system'),
      name: text,
      app: fc.constantFrom('calico-node', 'canal', 'calico-typha'),
      node: fc.constantFrom('a', 'b', 'c'),
      phase: fc.constantFrom('Running', 'Pending', 'Failed', 'Succeeded', ''),
      ready: fc.boolean(),
      terminating: fc.boolean(),
      reason: text,
      message: text,
      age: number,
      readyChangedFor: number,
      containers: fc.array(status, {maxLength: 3}),
    },
    {requiredKeys: ['namespace', 'name', 'app', 'phase', 'ready', 'terminating', 'containers']},
  )
  fc.assert(
    fc.property(fc.array(pod, {maxLength: 5}), number, number, number, (pods, desired, updated, ready) => {
      const verdict = judge(pods as never, {desired, updated, ready})
      expect(verdict.status).not.toBe('crashed')
      for (const {message, fix, evidence} of findingsOf(verdict))
        expect([message.length < 400, fix.length > 0, evidence.length > 0]).toEqual([true, true, true])
    }),
  )
})

import fc from 'fast-check'
import {expect, test} from 'vitest'
import {projectInstallation} from '../../src/collectors/calico/installation.ts'
import {projectNode} from '../../src/collectors/project-node.ts'
import {projectPod} from '../../src/collectors/project-pod.ts'
import {projectService} from '../../src/collectors/project-service.ts'
import {projectWorkload} from '../../src/collectors/project-workload.ts'
import {factsOf} from './facts-of.ts'
import {fakeCluster} from './fake-cluster.ts'
import * as shapes from './shapes.ts'

/** Some part of a good object, anywhere in it, is replaced by anything. */
const damaged = (good: unknown) =>
  fc.tuple(fc.integer({min: 0, max: 200}), fc.anything()).map(([position, junk]) => damage(structuredClone(good), position, junk))

function damage(object: any, position: number, junk: unknown): unknown {
  const places: [any, string][] = []
  const walk = (here: any) => {
    if (typeof here !== 'object' || here === null) return
    for (const key of Object.keys(here)) {
      places.push([here, key])
      walk(here[key])
    }
  }
  walk(object)
  const place = places[position % places.length]
  if (place) place[0][place[1]] = junk
  return object
}

const pod = {
  metadata: {name: 'calico-node-abcde', namespace: 'kube-system', labels: {'k8s-app': 'calico-node'}, creationTimestamp: '2026-01-01T00:00:00Z'},
  spec: {nodeName: 'a'},
  status: {
    phase: 'Running',
    conditions: [{type: 'Ready', status: 'False'}],
    initContainerStatuses: [{name: 'install-cni', state: {terminated: {reason: 'Completed', exitCode: 0}}}],
    containerStatuses: [
      {
        name: 'calico-node',
        restartCount: 7,
        state: {waiting: {reason: 'CrashLoopBackOff', message: 'back-off 5m0s'}},
        lastState: {terminated: {reason: 'OOMKilled', exitCode: 137, finishedAt: '2026-01-01T00:10:00Z'}},
      },
    ],
  },
}

test.each([
  ['nodes', shapes.node('a', {}, {}), projectNode],
  ['workloads', shapes.daemonSet(), (item: unknown) => projectWorkload('DaemonSet', item)],
  ['pods', pod, projectPod],
  ['services', {metadata: {name: 's'}, spec: {clusterIP: '10.96.0.1', ports: [{port: 443}]}}, projectService],
  ['installations', shapes.installation(), projectInstallation],
])('%s: no damage makes a projection throw, and what it gives is JSON', (_name, good, project) => {
  fc.assert(
    fc.property(fc.oneof(damaged(good), fc.anything()), item => {
      const projected = project(item)
      expect(JSON.parse(JSON.stringify(projected ?? null))).toEqual(projected ?? null)
    }),
  )
})

test('a pod that crashes, and how it ended before', () => {
  expect(projectPod(pod)).toEqual({
    namespace: 'kube-system',
    name: 'calico-node-abcde',
    app: 'calico-node',
    node: 'a',
    phase: 'Running',
    ready: false,
    terminating: false,
    createdAt: '2026-01-01T00:00:00Z',
    containers: [
      {name: 'install-cni', init: true, image: '', ready: false, restarts: 0, state: 'terminated', reason: 'Completed', exitCode: 0},
      {
        name: 'calico-node',
        init: false,
        image: '',
        ready: false,
        restarts: 7,
        state: 'waiting',
        reason: 'CrashLoopBackOff',
        message: 'back-off 5m0s',
        last: {reason: 'OOMKilled', exitCode: 137, finishedAt: '2026-01-01T00:10:00Z'},
      },
    ],
  })
})

test('nodes that run no calico-node are told by what they say of themselves', () => {
  const virtual = (labels: Record<string, string>, more?: object) => projectNode(shapes.node('v', labels, more))?.virtual
  expect(virtual({type: 'virtual-kubelet'})).toBe(true)
  expect(virtual({'eks.amazonaws.com/compute-type': 'fargate'})).toBe(true)
  expect(virtual({}, {spec: {taints: [{key: 'virtual-kubelet.io/provider', value: 'azure', effect: 'NoSchedule'}]}})).toBe(true)
  expect(virtual({'alpha.service-controller.kubernetes.io/exclude-balancer': 'true', 'kubernetes.azure.com/cluster': 'x'})).toBe(false)
})

test('whatever the API says, no fact throws and no collector fails for it', async () => {
  const answers = fc.dictionary(fc.constantFrom(...Object.keys(shapes.upstream), shapes.paths.installation, shapes.paths.apiService), fc.anything())
  const wanted = ['install', 'datastore', 'dataplane', 'bgpSettings', 'encapsulation', 'calicoVersion', 'serviceCidrs', 'typhaService', 'calicoPods'] as const
  await fc.assert(
    fc.asyncProperty(answers, async given => {
      const lists = Object.keys(shapes.upstream).filter(path => Array.isArray(shapes.upstream[path]))
      const listed = Object.fromEntries(
        Object.entries(given).map(([path, answer]) => [path, lists.includes(path) && !Array.isArray(answer) ? [answer] : answer]),
      )
      const facts = await factsOf(fakeCluster({...shapes.upstream, ...listed}), wanted)
      for (const name of wanted) expect(facts[name]).toHaveProperty('known')
    }),
    {numRuns: 60},
  )
})

import {expect, test} from 'vitest'
import type {ContainerStatus} from '../../src/calico/kubernetes.ts'
import {logsWanted} from '../../src/evidence/log-wanted.ts'

const container = (more: Partial<ContainerStatus>): ContainerStatus => ({
  name: 'calico-node',
  init: false,
  image: '',
  ready: true,
  restarts: 0,
  state: 'running',
  ...more,
})
const last = {reason: 'Error', exitCode: 1}
const wanted = (...containers: readonly Partial<ContainerStatus>[]) => {
  const logs = logsWanted({phase: 'Running', containers: containers.map(container)})
  return [...logs.wanted.map(one => `${one.container}${one.previous ? ' previous' : ''}`), ...logs.none.map(({container: name, why}) => `${name}: ${why}`)]
}

test.each<[string, Partial<ContainerStatus>[], string[]]>([
  ['that runs', [{}], ['calico-node']],
  ['that runs again', [{restarts: 2, last}], ['calico-node', 'calico-node previous']],
  ['that ran again so long ago that its end is forgotten', [{restarts: 2}], ['calico-node', 'calico-node previous']],
  ['that ended', [{state: 'terminated', exitCode: 1}], ['calico-node']],
  ['that waits after a crash', [{state: 'waiting', reason: 'CrashLoopBackOff', restarts: 3, last}], ['calico-node previous']],
  [
    'that cannot start',
    [{state: 'waiting', reason: 'ImagePullBackOff', message: 'no such image'}],
    ['calico-node: it never started: ImagePullBackOff: no such image'],
  ],
  ['that waits for its init container', [{state: 'waiting', reason: 'PodInitializing'}], ['calico-node: it never started: PodInitializing']],
  ['of whom nothing is known', [{state: 'unknown'}], ['calico-node']],
])('a container %s', (_name, containers, expected) => expect(wanted(...containers)).toEqual(expected))

test.each<[string, Partial<ContainerStatus>, string[]]>([
  ['that did its work', {state: 'terminated', exitCode: 0}, []],
  ['that did it at the second try', {state: 'terminated', exitCode: 0, restarts: 1}, ['install-cni', 'install-cni previous']],
  ['that failed', {state: 'terminated', exitCode: 1}, ['install-cni']],
  ['that hangs', {}, ['install-cni']],
  ['that fails again and again', {state: 'waiting', reason: 'CrashLoopBackOff', restarts: 9, last}, ['install-cni previous']],
  ['whose turn has not come', {state: 'waiting', reason: 'PodInitializing'}, []],
])('an init container %s', (_name, status, expected) => expect(wanted({...status, init: true, name: 'install-cni'})).toEqual(expected))

test('a pod without any status says why', () => {
  const logs = logsWanted({phase: 'Pending', reason: 'Unschedulable', message: '0/3 nodes are available', containers: []})
  expect(logs).toEqual({wanted: [], none: [{container: 'all containers', why: 'it never started: Pending: Unschedulable: 0/3 nodes are available'}]})
})

import type {CalicoPod, Workload} from '../calico/kubernetes.ts'
import {known, unknown} from '../engine/collected.ts'
import {exampleNode, manifestInstall} from './example-cluster.ts'
import {exampleCalicoPod, exampleHomelessPod, exampleWorkload, exampleUnreadyPod as pod} from './example-workloads.ts'

/** The container runs, and the pod is not ready. */
const running = {state: 'running'} as const

export const nodePodsExamples = {
  'all ready': {given: given(exampleCalicoPod('a'), exampleCalicoPod('b')), finds: []},
  'a pod that is half a minute old is starting': {given: given(exampleCalicoPod('a'), pod('b', {age: 30, readyChangedFor: 30}, running)), finds: []},
  'a rollout: one pod ends, the next begins': {
    given: {
      ...given(
        exampleCalicoPod('a'),
        exampleCalicoPod('b', {terminating: true, ready: false}),
        pod('b', {name: 'calico-node-new', age: 2}, {reason: 'PodInitializing'}),
      ),
      calicoDaemonSets: [daemonSet({desired: 2, ready: 1, updated: 1})],
    },
    finds: [],
  },
  'an image that nobody has': {
    given: given(
      exampleCalicoPod('a'),
      pod('b', {}, {name: 'install-cni', init: true, reason: 'ImagePullBackOff', message: 'Back-off pulling image "docker.io/calico/cni:v3.29.99"'}),
    ),
    finds: ['image Node/b'],
  },
  'a bad image in a rollout is said though the rollout is under way': {
    given: {
      ...given(exampleCalicoPod('a'), pod('b', {age: 20}, {reason: 'ErrImagePull'})),
      calicoDaemonSets: [daemonSet({desired: 2, ready: 1, updated: 1})],
    },
    finds: ['image Node/b'],
  },
  'one cause on many nodes is one finding': {
    given: given(...['a', 'b', 'c'].map(node => pod(node, {}, {reason: 'CreateContainerConfigError', message: 'configmap "calico-config" not found'}))),
    finds: ['config Node/a Node/b Node/c'],
  },
  'a mount that never comes': {given: given(exampleCalicoPod('a'), pod('b', {age: 900}, {reason: 'ContainerCreating'})), finds: ['creating Node/b']},
  'install-cni fails': {
    given: given(
      pod('a', {}, {name: 'install-cni', init: true, reason: 'CrashLoopBackOff', restarts: 5, last: {reason: 'Error', exitCode: 1, message: 'unauthorized'}}),
    ),
    finds: ['init Node/a'],
  },
  'Felix panics': {
    given: given(pod('a', {}, {reason: 'CrashLoopBackOff', restarts: 12, last: {reason: 'Error', exitCode: 2, message: 'panic: nil'}})),
    finds: ['crash Node/a'],
  },
  'between two crashes it runs for a moment': {
    given: given(pod('a', {readyChangedFor: 5}, {...running, restarts: 40, last: {reason: 'Error', exitCode: 1}})),
    finds: ['crash Node/a'],
  },
  'the liveness probe ends it': {
    given: given(pod('a', {}, {reason: 'CrashLoopBackOff', restarts: 41, last: {reason: 'Error', exitCode: 143}})),
    finds: ['killed Node/a'],
  },
  'too little memory': {
    given: given(pod('a', {}, {reason: 'CrashLoopBackOff', restarts: 9, last: {reason: 'OOMKilled', exitCode: 137}})),
    finds: ['oom Node/a'],
  },
  'no room for it': {
    given: given(exampleCalicoPod('a'), exampleHomelessPod({reason: 'Unschedulable', message: '0/2 nodes are available: 1 Insufficient cpu.'})),
    finds: ['unschedulable DaemonSet/calico-node'],
  },
  'put out by the node': {
    given: given(exampleCalicoPod('a'), exampleCalicoPod('b', {phase: 'Failed', ready: false, reason: 'Evicted', containers: []})),
    finds: ['evicted Node/b'],
  },
  'put out, and back again': {
    given: {
      ...given(exampleCalicoPod('a'), exampleCalicoPod('a', {name: 'calico-node-old', phase: 'Failed', ready: false, reason: 'Evicted', containers: []})),
      calicoDaemonSets: [daemonSet({desired: 1, ready: 1, updated: 1})],
    },
    finds: [],
  },
  'the probe says no for long': {given: given(exampleCalicoPod('a'), pod('b', {readyChangedFor: 700}, running)), finds: ['notReady Node/b']},
  'the node is down': {
    given: {
      ...given(exampleCalicoPod('a'), pod('b', {readyChangedFor: 700}, running)),
      nodes: known([exampleNode('a', 1), exampleNode('b', 2, {ready: 'Unknown'})]),
    },
    finds: ['nodeDown Node/b'],
  },
  'the kubelet is silent, and its pod was ready when last heard of': {
    given: {
      ...given(exampleCalicoPod('a'), exampleCalicoPod('b')),
      nodes: known([exampleNode('a', 1), exampleNode('b', 2, {ready: 'Unknown'})]),
    },
    finds: ['nodeDown Node/b'],
  },
  'pods that were never made': {
    given: {...given(exampleCalicoPod('a')), calicoDaemonSets: [daemonSet({desired: 3, ready: 1, updated: 3})]},
    finds: ['absent DaemonSet/calico-node'],
  },
  'no Calico at all': {given: {...given(), calicoDaemonSets: []}, finds: []},
  'Windows has its own': {
    given: {
      ...given(exampleCalicoPod('a')),
      calicoDaemonSets: [daemonSet({desired: 1, ready: 1}), exampleWorkload('DaemonSet', 'calico-node-windows', {desired: 2, ready: 0})],
    },
    finds: [],
  },
  'who installed it was not seen': {
    given: {...given(pod('a', {}, {reason: 'ErrImagePull'})), install: unknown('forbidden', '403'), nodes: unknown('forbidden', '403')},
    finds: ['image Node/a'],
  },
}

function daemonSet(more: Partial<Workload>) {
  return exampleWorkload('DaemonSet', 'calico-node', more)
}
function given(...pods: readonly CalicoPod[]) {
  const one = daemonSet({desired: pods.length, ready: pods.filter(({ready}) => ready).length, updated: pods.length})
  const nodes = known([exampleNode('a', 1), exampleNode('b', 2), exampleNode('c', 3)])
  return {calicoDaemonSets: [one], calicoPods: pods, nodes, install: manifestInstall}
}

import type {Flavour, Install} from '../calico/cluster.ts'
import type {CalicoPod, Container, ContainerStatus, Workload} from '../calico/kubernetes.ts'
import {type Known, known} from '../engine/collected.ts'

/** What the examples of checks of Calico's own workloads are made of. */

export function exampleInstall(flavour: Flavour): Known<Install> {
  const namespace = flavour === 'operator' ? 'calico-system' : 'kube-system'
  const daemonSet = flavour === 'canal' ? 'canal' : 'calico-node'
  return known({
    flavour,
    title: flavour,
    namespace,
    daemonSet,
    ...(flavour !== 'operator' && {configMap: flavour === 'canal' ? 'canal-config' : 'calico-config'}),
    evidence: [],
    others: [],
  })
}

/** In kube-system, named like its container (a DaemonSet's is calico-node), with one pod wanted and ready. */
export function exampleWorkload(kind: Workload['kind'], name: string, more: Partial<Workload> = {}): Workload {
  return {
    kind,
    namespace: 'kube-system',
    name,
    labels: {},
    annotations: {},
    podLabels: {'k8s-app': name},
    owners: [],
    nodeSelector: {},
    hostNetwork: true,
    initContainers: [],
    containers: [exampleContainer(kind === 'DaemonSet' ? 'calico-node' : name)],
    desired: 1,
    updated: 1,
    ready: 1,
    ...more,
  }
}

const exampleContainer = (name: string): Container => ({name, image: `docker.io/calico/${name}:v3.29.1`, command: [], env: [], envFrom: [], limits: {}})

/** Pod `calico-node-<node>`, an hour old, running and ready. */
export const exampleCalicoPod = (node: string, more: Partial<CalicoPod> = {}): CalicoPod => ({
  namespace: 'kube-system',
  name: `calico-node-${node}`,
  app: 'calico-node',
  node,
  phase: 'Running',
  ready: true,
  terminating: false,
  age: 3600,
  containers: [exampleStatus({state: 'running', ready: true})],
  ...more,
})

export const exampleStatus = (more: Partial<ContainerStatus>): ContainerStatus => ({
  name: 'calico-node',
  init: false,
  image: 'docker.io/calico/node:v3.29.1',
  ready: false,
  restarts: 0,
  state: 'waiting',
  ...more,
})

/** Its one container in the state given, waiting when none is. */
export const exampleUnreadyPod = (node: string, more: Partial<CalicoPod>, status: Partial<ContainerStatus>): CalicoPod =>
  exampleCalicoPod(node, {ready: false, containers: [exampleStatus(status)], ...more})

/** Pending, an hour old, on no node. */
export function exampleHomelessPod(more: Partial<CalicoPod>): CalicoPod {
  const {node: _, ...homeless} = exampleCalicoPod('homeless', {phase: 'Pending', ready: false, containers: [], ...more})
  return homeless
}

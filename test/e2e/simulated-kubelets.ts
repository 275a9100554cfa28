import type {ClusterState, KubeObject} from '../../src/demo/cluster-state.ts'
import {type Executor, simulatedExecutor} from './executor.ts'
import type {KubeletNode} from './kubelet.ts'

interface ContainerState {
  readonly name: string
  readonly state?: {readonly running?: object}
}

/** Kubelets for the nodes of a simulated cluster, its pods on them; `execute` gives a node another inside: a namespace of the lab. */
export function kubeletsOf(state: ClusterState, execute: (node: string) => Executor | undefined = () => undefined): KubeletNode[] {
  const podsOf = Map.groupBy(state.objects.pods ?? [], pod => (pod.spec as {nodeName?: string} | undefined)?.nodeName ?? '')
  return Object.values(state.nodes).map(node => {
    const pods = new Map((podsOf.get(node.name) ?? []).map(pod => [`${pod.metadata.namespace}/${pod.metadata.name}`, runningIn(pod)]))
    return {name: node.name, execute: execute(node.name) ?? simulatedExecutor(node), containers: (namespace, pod) => pods.get(`${namespace}/${pod}`)}
  })
}

function runningIn({status}: KubeObject): string[] {
  const {containerStatuses = []} = (status ?? {}) as {containerStatuses?: readonly ContainerState[]}
  return containerStatuses.filter(({state}) => state?.running !== undefined).map(({name}) => name)
}

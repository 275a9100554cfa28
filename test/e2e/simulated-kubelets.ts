import type {ClusterState, KubeObject} from '../../src/demo/cluster-state.ts'
import {kubeletLog} from '../../src/demo/kubelet-log.ts'
import {PlainError} from '../../src/demo/status.ts'
import {type Executor, simulatedExecutor} from './executor.ts'
import type {KubeletNode, Said} from './kubelet.ts'

interface ContainerState {
  readonly name: string
  readonly state?: {readonly running?: object}
}

/** Kubelets for the nodes of a simulated cluster, its pods on them; `execute` gives a node another inside: a namespace of the lab. */
export function kubeletsOf(state: ClusterState, execute: (node: string) => Executor | undefined = () => undefined): KubeletNode[] {
  const podsOf = Map.groupBy(state.objects.pods ?? [], pod => (pod.spec as {nodeName?: string} | undefined)?.nodeName ?? '')
  return Object.values(state.nodes).map(node => {
    const pods = new Map((podsOf.get(node.name) ?? []).map(pod => [`${pod.metadata.namespace}/${pod.metadata.name}`, pod]))
    const running = new Map([...pods].map(([name, pod]) => [name, runningIn(pod)]))
    return {
      name: node.name,
      execute: execute(node.name) ?? simulatedExecutor(node),
      containers: (namespace, pod) => running.get(`${namespace}/${pod}`),
      log: (namespace, pod, container, query) => logOf(state, pods.get(`${namespace}/${pod}`), container, query),
    }
  })
}

function runningIn({status}: KubeObject): string[] {
  const {containerStatuses = []} = (status ?? {}) as {containerStatuses?: readonly ContainerState[]}
  return containerStatuses.filter(({state}) => state?.running !== undefined).map(({name}) => name)
}

function logOf(state: ClusterState, pod: KubeObject | undefined, container: string, query: URLSearchParams): Said {
  if (!pod) return {code: 404, text: 'pod does not exist'}
  try {
    return {code: 200, text: kubeletLog(state, pod, container, query)}
  } catch (error) {
    if (error instanceof PlainError) return {code: error.code, text: error.message}
    throw error
  }
}

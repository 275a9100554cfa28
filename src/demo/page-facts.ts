import type {ClusterState, KubeObject} from './cluster-state.ts'

/** What metrics pages tell of the simulated cluster. */
export const nodeOf = ({spec}: KubeObject): string => (spec as {nodeName?: string}).nodeName ?? ''

interface Workloads {
  readonly version: string
  readonly total: number
  readonly byNode: ReadonlyMap<string, number>
}
const counted = new WeakMap<readonly KubeObject[], Workloads>()

/** Pods with an address of the pod network. Counted once for each state of the cluster: a thousand pages of twenty thousand pods are asked for at once. */
export function workloadsOf({objects, resourceVersion}: ClusterState): Workloads {
  const pods = objects.pods ?? []
  const version = `${resourceVersion} ${pods.length}`
  const known = counted.get(pods)
  if (known?.version === version) return known
  const byNode = new Map<string, number>()
  for (const pod of pods) if (!(pod.spec as {hostNetwork?: boolean}).hostNetwork) byNode.set(nodeOf(pod), (byNode.get(nodeOf(pod)) ?? 0) + 1)
  const workloads = {version, byNode, total: [...byNode.values()].reduce((sum, count) => sum + count, 0)}
  counted.set(pods, workloads)
  return workloads
}

interface PodStatus {
  readonly startTime?: string
  readonly conditions?: readonly {readonly type: string; readonly status: string}[]
  readonly containerStatuses?: readonly {readonly state?: {readonly running?: {readonly startedAt?: string}}}[]
}
const statusOf = ({status}: KubeObject) => (status ?? {}) as PodStatus
export const isReady = (pod: KubeObject): boolean => statusOf(pod).conditions?.some(({type, status}) => type === 'Ready' && status === 'True') ?? false

/** Seconds since 1970, by the cluster's clock. */
export function startOf(pod: KubeObject): number {
  const {startTime, containerStatuses = []} = statusOf(pod)
  const started = Date.parse(containerStatuses[0]?.state?.running?.startedAt ?? startTime ?? '')
  return Number.isNaN(started) ? 0 : started / 1000
}

/** Where the datastore is, in whichever group; an etcd's objects by their keys. */
export function calicoObjects({objects, etcd = {}}: ClusterState, resource: string): readonly KubeObject[] {
  const stored = objects[`${resource}.crd.projectcalico.org`] ?? objects[`${resource}.projectcalico.org`]
  const prefix = `/calico/resources/v3/projectcalico.org/${resource}/`
  return stored ?? Object.entries(etcd).flatMap(([key, value]) => (key.startsWith(prefix) ? [value as KubeObject] : []))
}

export const specOf = (state: ClusterState, resource: string): Record<string, unknown> =>
  (calicoObjects(state, resource).find(({metadata}) => metadata.name === 'default')?.spec ?? {}) as Record<string, unknown>

export function envOf({spec}: KubeObject, name: string): string | undefined {
  const [container] = (spec as {containers?: readonly {env?: readonly {name: string; value?: string}[]}[]}).containers ?? []
  return container?.env?.find(one => one.name === name)?.value
}

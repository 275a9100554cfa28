import type {ClusterState, KubeObject} from './cluster-state.ts'

/** What metrics pages tell of the simulated cluster. */
export const nodeOf = ({spec}: KubeObject): string => (spec as {nodeName?: string}).nodeName ?? ''
export const workloadsOf = ({objects}: ClusterState): KubeObject[] => (objects.pods ?? []).filter(({spec}) => !(spec as {hostNetwork?: boolean}).hostNetwork)

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

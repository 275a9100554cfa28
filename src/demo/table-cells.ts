import type {KubeObject} from './cluster-state.ts'

/** What stands at a path, undefined where it ends before. */
export const at = (value: unknown, ...path: readonly (string | number)[]): any => {
  let found: any = value
  for (const name of path) found = found?.[name]
  return found
}

type ContainerStatus = {readonly ready: boolean; readonly restartCount: number; readonly state?: Record<string, {readonly reason?: string}>}
const statuses = (pod: KubeObject): readonly ContainerStatus[] => at(pod, 'status', 'containerStatuses') ?? []

export const readyOf = (pod: KubeObject): string => `${statuses(pod).filter(({ready}) => ready).length}/${at(pod, 'spec', 'containers')?.length ?? 0}`
export const restartsOf = (pod: KubeObject): string => String(statuses(pod).reduce((sum, status) => sum + status.restartCount, 0))

export function podStatus(pod: KubeObject): string {
  if (pod.metadata.deletionTimestamp !== undefined) return 'Terminating'
  const reasons = statuses(pod).map(({state}) => state?.waiting?.reason ?? state?.terminated?.reason)
  return reasons.findLast(reason => reason !== undefined) ?? at(pod, 'status', 'reason') ?? at(pod, 'status', 'phase') ?? 'Unknown'
}

export function nodeStatus(node: KubeObject): string {
  const ready = at(node, 'status', 'conditions')?.find(({type}: {type: string}) => type === 'Ready')
  const state = ready === undefined ? 'Unknown' : ready.status === 'True' ? 'Ready' : 'NotReady'
  return at(node, 'spec', 'unschedulable') === true ? `${state},SchedulingDisabled` : state
}

export function rolesOf({metadata: {labels = {}}}: KubeObject): string {
  const prefix = 'node-role.kubernetes.io/'
  const roles = Object.keys(labels).filter(label => label.startsWith(prefix))
  return roles.map(label => label.slice(prefix.length)).join(',') || '<none>'
}

export const nodeAddress = (node: KubeObject, type: string): string =>
  at(node, 'status', 'addresses')?.find((address: {type: string}) => address.type === type)?.address ?? '<none>'

/** `k8s-app=calico-node,tier=x` */
export const selectorOf = (labels: Readonly<Record<string, string>> | undefined): string =>
  Object.entries(labels ?? {})
    .map(([key, value]) => `${key}=${value}`)
    .toSorted()
    .join(',') || '<none>'

export const containersOf = (workload: KubeObject, field: 'name' | 'image'): string =>
  (at(workload, 'spec', 'template', 'spec', 'containers') ?? []).map((container: Record<string, string>) => container[field]).join(',')

export const portsOf = (service: KubeObject): string =>
  (at(service, 'spec', 'ports') ?? [])
    .map(({port, nodePort, protocol}: {port: number; nodePort?: number; protocol: string}) => `${port}${nodePort ? `:${nodePort}` : ''}/${protocol}`)
    .join(',') || '<none>'

export function externalIpOf(service: KubeObject): string {
  const {type, externalName, externalIPs = []} = at(service, 'spec') ?? {}
  if (type === 'ExternalName') return externalName
  const balancers = type === 'LoadBalancer' ? (at(service, 'status', 'loadBalancer', 'ingress') ?? []) : []
  const addresses = [...balancers.map(({ip, hostname}: {ip?: string; hostname?: string}) => ip ?? hostname), ...externalIPs]
  return addresses.join(',') || (type === 'LoadBalancer' ? '<pending>' : '<none>')
}

/** The first three, and how many more. */
export function endpointsOf(list: readonly string[]): string {
  const shown = list.slice(0, 3).join(',')
  if (list.length > 3) return `${shown} + ${list.length - 3} more...`
  return shown || '<unset>'
}

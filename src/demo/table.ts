import {type ApiResource, keyOf} from './api-resources.ts'
import type {KubeObject} from './cluster-state.ts'

interface Column {
  readonly name: string
  readonly type?: string
  readonly format?: string
  /** 0: shown by default; 1: with -o wide. */
  readonly priority?: number
  readonly cell: (object: KubeObject, now: string) => unknown
}

export type IncludeObject = 'None' | 'Metadata' | 'Object'

const at = (value: unknown, ...path: readonly (string | number)[]): any => {
  let found: any = value
  for (const name of path) found = found?.[name]
  return found
}
const name: Column = {name: 'Name', format: 'name', cell: ({metadata}) => metadata.name}
const age: Column = {name: 'Age', cell: ({metadata}, now) => ageOf(metadata.creationTimestamp, now)}
const text = (label: string, priority: number, ...path: (string | number)[]): Column => ({
  name: label,
  priority,
  cell: object => at(object, ...path) ?? '<none>',
})
const integer = (label: string, ...path: string[]): Column => ({name: label, type: 'integer', cell: object => at(object, ...path) ?? 0})

/** Columns as printers/internalversion gives them; resources without printer columns show name and age. */
const columnsByResource: Record<string, readonly Column[]> = {
  pods: [
    name,
    {name: 'Ready', cell: readyOf},
    {name: 'Status', cell: podStatus},
    {name: 'Restarts', cell: object => String(statuses(object).reduce((sum, status) => sum + status.restartCount, 0))},
    age,
    text('IP', 1, 'status', 'podIP'),
    text('Node', 1, 'spec', 'nodeName'),
    text('Nominated Node', 1, 'status', 'nominatedNodeName'),
    {name: 'Readiness Gates', priority: 1, cell: () => '<none>'},
  ],
  nodes: [
    name,
    {name: 'Status', cell: nodeStatus},
    {name: 'Roles', cell: rolesOf},
    age,
    text('Version', 0, 'status', 'nodeInfo', 'kubeletVersion'),
    {name: 'Internal-IP', priority: 1, cell: object => addressOf(object, 'InternalIP')},
    {name: 'External-IP', priority: 1, cell: object => addressOf(object, 'ExternalIP')},
    text('OS-Image', 1, 'status', 'nodeInfo', 'osImage'),
    text('Kernel-Version', 1, 'status', 'nodeInfo', 'kernelVersion'),
    text('Container-Runtime', 1, 'status', 'nodeInfo', 'containerRuntimeVersion'),
  ],
  namespaces: [name, text('Status', 0, 'status', 'phase'), age],
  configmaps: [name, {name: 'Data', cell: object => Object.keys(at(object, 'data') ?? {}).length}, age],
  services: [name, text('Type', 0, 'spec', 'type'), text('Cluster-IP', 0, 'spec', 'clusterIP'), age],
  'daemonsets.apps': [
    name,
    integer('Desired', 'status', 'desiredNumberScheduled'),
    integer('Current', 'status', 'currentNumberScheduled'),
    integer('Ready', 'status', 'numberReady'),
    integer('Up-to-date', 'status', 'updatedNumberScheduled'),
    integer('Available', 'status', 'numberAvailable'),
    age,
  ],
  'deployments.apps': [
    name,
    {name: 'Ready', cell: object => `${at(object, 'status', 'readyReplicas') ?? 0}/${at(object, 'spec', 'replicas') ?? 1}`},
    integer('Up-to-date', 'status', 'updatedReplicas'),
    integer('Available', 'status', 'availableReplicas'),
    age,
  ],
}
const columnsOf = (resource: ApiResource) => columnsByResource[keyOf(resource)] ?? [name, age]

export const columnDefinitions = (resource: ApiResource): object[] =>
  columnsOf(resource).map(({name: label, type = 'string', format = '', priority = 0}) => ({name: label, type, format, description: '', priority}))

/** `object` stays null with includeObject=None, which is what makes tables cheap. */
export function tableRow(resource: ApiResource, object: KubeObject, include: IncludeObject, now: string, full: (object: KubeObject) => object): object {
  const cells = columnsOf(resource).map(column => column.cell(object, now))
  if (include === 'None') return {cells, object: null}
  if (include === 'Object') return {cells, object: full(object)}
  return {cells, object: {kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata: object.metadata}}
}

const statuses = (pod: KubeObject): {ready: boolean; restartCount: number; state?: Record<string, {reason?: string}>}[] =>
  at(pod, 'status', 'containerStatuses') ?? []
function readyOf(pod: KubeObject): string {
  return `${statuses(pod).filter(({ready}) => ready).length}/${at(pod, 'spec', 'containers')?.length ?? 0}`
}
function podStatus(pod: KubeObject): string {
  if (pod.metadata.deletionTimestamp !== undefined) return 'Terminating'
  const reasons = statuses(pod).map(({state}) => state?.waiting?.reason ?? state?.terminated?.reason)
  return reasons.findLast(reason => reason !== undefined) ?? at(pod, 'status', 'reason') ?? at(pod, 'status', 'phase') ?? 'Unknown'
}
function nodeStatus(node: KubeObject): string {
  const ready = at(node, 'status', 'conditions')?.find(({type}: {type: string}) => type === 'Ready')
  const state = ready === undefined ? 'Unknown' : ready.status === 'True' ? 'Ready' : 'NotReady'
  return at(node, 'spec', 'unschedulable') === true ? `${state},SchedulingDisabled` : state
}
function rolesOf({metadata: {labels = {}}}: KubeObject): string {
  const prefix = 'node-role.kubernetes.io/'
  const roles = Object.keys(labels).filter(label => label.startsWith(prefix))
  return roles.map(label => label.slice(prefix.length)).join(',') || '<none>'
}
const addressOf = (node: KubeObject, type: string): string =>
  at(node, 'status', 'addresses')?.find((address: {type: string}) => address.type === type)?.address ?? '<none>'

/** As kubectl counts: `45s`, `12m`, `5h`, `3d`. */
function ageOf(since: string | undefined, now: string): string {
  const seconds = Math.floor((Date.parse(now) - Date.parse(since ?? '')) / 1000)
  if (Number.isNaN(seconds)) return '<unknown>'
  if (seconds < 120) return `${seconds}s`
  if (seconds < 7_200) return `${Math.floor(seconds / 60)}m`
  if (seconds < 172_800) return `${Math.floor(seconds / 3600)}h`
  return `${Math.floor(seconds / 86_400)}d`
}

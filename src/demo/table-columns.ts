import type {KubeObject} from './cluster-state.ts'
import {ageOf} from './human-duration.ts'
import {
  at,
  containersOf,
  endpointsOf,
  externalIpOf,
  nodeAddress,
  nodeStatus,
  podStatus,
  portsOf,
  readyOf,
  restartsOf,
  rolesOf,
  selectorOf,
} from './table-cells.ts'

export interface Column {
  readonly name: string
  readonly type?: string
  readonly format?: string
  /** 0: shown by default; 1: with -o wide. */
  readonly priority?: number
  readonly cell: (object: KubeObject, now: string) => unknown
}
type Path = readonly (string | number)[]

const name: Column = {name: 'Name', format: 'name', cell: ({metadata}) => metadata.name}
const age: Column = {name: 'Age', cell: ({metadata}, now) => ageOf(metadata.creationTimestamp, now)}
const text = (label: string, priority: number, ...path: Path): Column => ({name: label, priority, cell: object => at(object, ...path) ?? '<none>'})
const number = (label: string, ...path: Path): Column => ({name: label, cell: object => at(object, ...path) ?? 0})
const integer = (label: string, ...path: Path): Column => ({...number(label, ...path), type: 'integer'})
const workload: readonly Column[] = [
  {name: 'Containers', priority: 1, cell: object => containersOf(object, 'name')},
  {name: 'Images', priority: 1, cell: object => containersOf(object, 'image')},
  {name: 'Selector', priority: 1, cell: object => selectorOf(at(object, 'spec', 'selector', 'matchLabels'))},
]

/** Columns as pkg/printers/internalversion gives them, of what a scenario holds. */
export const columnsByResource: Readonly<Record<string, readonly Column[]>> = {
  pods: [
    name,
    {name: 'Ready', cell: readyOf},
    {name: 'Status', cell: podStatus},
    {name: 'Restarts', cell: restartsOf},
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
    {name: 'Internal-IP', priority: 1, cell: object => nodeAddress(object, 'InternalIP')},
    {name: 'External-IP', priority: 1, cell: object => nodeAddress(object, 'ExternalIP')},
    text('OS-Image', 1, 'status', 'nodeInfo', 'osImage'),
    text('Kernel-Version', 1, 'status', 'nodeInfo', 'kernelVersion'),
    text('Container-Runtime', 1, 'status', 'nodeInfo', 'containerRuntimeVersion'),
  ],
  namespaces: [name, text('Status', 0, 'status', 'phase'), age],
  configmaps: [name, {name: 'Data', cell: object => Object.keys(at(object, 'data') ?? {}).length}, age],
  services: [
    name,
    text('Type', 0, 'spec', 'type'),
    text('Cluster-IP', 0, 'spec', 'clusterIP'),
    {name: 'External-IP', cell: externalIpOf},
    {name: 'Port(s)', cell: portsOf},
    age,
    {name: 'Selector', priority: 1, cell: object => selectorOf(at(object, 'spec', 'selector'))},
  ],
  'daemonsets.apps': [
    name,
    integer('Desired', 'status', 'desiredNumberScheduled'),
    integer('Current', 'status', 'currentNumberScheduled'),
    integer('Ready', 'status', 'numberReady'),
    integer('Up-to-date', 'status', 'updatedNumberScheduled'),
    integer('Available', 'status', 'numberAvailable'),
    {name: 'Node Selector', cell: object => selectorOf(at(object, 'spec', 'template', 'spec', 'nodeSelector'))},
    age,
    ...workload,
  ],
  // Its counts are called strings, and are numbers all the same.
  'deployments.apps': [
    name,
    {name: 'Ready', cell: object => `${at(object, 'status', 'readyReplicas') ?? 0}/${at(object, 'spec', 'replicas') ?? 1}`},
    number('Up-to-date', 'status', 'updatedReplicas'),
    number('Available', 'status', 'availableReplicas'),
    age,
    ...workload,
  ],
  'endpointslices.discovery.k8s.io': [
    name,
    text('AddressType', 0, 'addressType'),
    {name: 'Ports', cell: object => endpointsOf((at(object, 'ports') ?? []).map(({port}: {port?: number}) => String(port ?? '*')))},
    {name: 'Endpoints', cell: object => endpointsOf((at(object, 'endpoints') ?? []).flatMap(({addresses}: {addresses: string[]}) => addresses))},
    age,
  ],
  'poddisruptionbudgets.policy': [
    name,
    {name: 'Min Available', cell: object => String(at(object, 'spec', 'minAvailable') ?? 'N/A')},
    {name: 'Max Unavailable', cell: object => String(at(object, 'spec', 'maxUnavailable') ?? 'N/A')},
    integer('Allowed Disruptions', 'status', 'disruptionsAllowed'),
    age,
  ],
  'servicecidrs.networking.k8s.io': [name, {name: 'CIDRs', cell: object => (at(object, 'spec', 'cidrs') ?? []).join(',')}, age],
  'customresourcedefinitions.apiextensions.k8s.io': [name, {name: 'Created At', type: 'date', cell: ({metadata}) => metadata.creationTimestamp}],
}
/** A CRD that names no printer columns. */
export const customColumns: readonly Column[] = [name, {...age, type: 'date'}]
export const otherColumns: readonly Column[] = [name, age]

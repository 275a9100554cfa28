import {runsFelix} from '../calico/runs-felix.ts'
import {typhaServiceName} from '../calico/typha-service-name.ts'
import {textAt} from '../collectors/fields.ts'
import {missed} from './api-ask.ts'
import {etcdTasks} from './api-etcd.ts'
import {eventsTask, namespaceEvents, nodeEvents} from './api-events.ts'
import {type Group, groupTasks} from './api-group.ts'
import {crdGroup, crdKinds, operatorGroup, operatorKinds, v3Group, v3Kinds} from './api-kinds.ts'
import {type Listing, listTask, resourcePath} from './api-list.ts'
import {metricsOff} from './api-metrics.ts'
import {namedTask, podPath} from './api-named.ts'
import {otherPodsTask} from './api-other-pods.ts'
import {isCalicos, namespacesOf, ownNamespacesOf, withoutImages} from './api-places.ts'
import {podsDesk, podTask} from './api-pods.ts'
import {serverTask} from './api-server.ts'
import type {EvidenceContext, EvidenceTask} from './task.ts'

/**
 * All that the API gives for people to read: the API server, events, Calico's and its installer's objects, status, logs and metrics of Calico's pods. What is
 * small and tells most comes first; IPAM's blocks and handles, the largest lists, last.
 */
export function apiEvidenceTasks(context: EvidenceContext): EvidenceTask[] {
  const calicos = calicoTasks(context)
  return [
    serverTask(context),
    ...eventTasks(context),
    ...calicos.filter(task => !isIpam(task)),
    ...clusterTasks(context),
    ...workloadTasks(context),
    ...podTasks(context),
    ...calicos.filter(isIpam),
  ]
}

const isIpam = ({what}: EvidenceTask) => /^(ipam|blockaffinities)/i.test(what)

const eventTasks = (context: EvidenceContext): EvidenceTask[] => [
  ...namespacesOf(context.facts).map(namespace => eventsTask(context, namespaceEvents(namespace))),
  eventsTask(context, nodeEvents),
]

function calicoTasks(context: EvidenceContext): EvidenceTask[] {
  const {apiGroup, kubeNodes} = context.facts
  const nodes = kubeNodes.known ? kubeNodes.value.length : 100
  // A node has one block and one affinity at least; every pod and tunnel a handle.
  const expected = (resource: string) => (resource.startsWith('ipamhandles') ? nodes * 30 : /^(ipamblocks|blockaffinities)/.test(resource) ? nodes * 2 : 10)
  const crd: Group = {group: crdGroup, version: 'v1', kinds: crdKinds, expected}
  const v3: Group = {group: v3Group, version: 'v3', kinds: v3Kinds, expected}
  const operator: Group = {group: operatorGroup, version: 'v1', kinds: operatorKinds, expected}
  return [...calicosOwn(context, crd, v3), ...groupTasks(context, operator), ...(apiGroup.known ? etcdTasks(context) : [])]
}

/** Where nobody could tell which group is in force, both are asked for. */
function calicosOwn(context: EvidenceContext, crd: Group, v3: Group): EvidenceTask[] {
  const {apiGroup} = context.facts
  if (!apiGroup.known) return [...groupTasks(context, crd), ...groupTasks(context, v3)]
  const {mode, group} = apiGroup.value
  if (mode === 'etcd') return []
  if (group === v3Group) return groupTasks(context, v3)
  return groupTasks(context, mode === 'aggregated' ? {...crd, instead: v3} : crd)
}

/** Only what is Calico's of kinds that are everybody's. */
function clusterTasks(context: EvidenceContext): EvidenceTask[] {
  const {kubeNodes} = context.facts
  const expected = kubeNodes.known ? 5 * kubeNodes.value.length : 500
  const apiServices = ['v3.projectcalico.org', 'v1.crd.projectcalico.org', 'v1.operator.tigera.io']
  return [
    listTask(context, {group: '', version: 'v1', resource: 'nodes', kind: 'Node', trim: withoutImages, expected}),
    listTask(context, {
      group: 'apiextensions.k8s.io',
      version: 'v1',
      resource: 'customresourcedefinitions',
      kind: 'CustomResourceDefinition',
      metadataOnly: true,
      keep: item => /\.(projectcalico\.org|tigera\.io|policy\.networking\.k8s\.io)$/.test(textAt(item, 'metadata', 'name')),
      expected: 60,
    }),
    namedTask(context, {
      what: 'APIServices of Calico',
      path: resourcePath({group: 'apiregistration.k8s.io', resource: 'apiservices'}),
      type: {apiVersion: 'apiregistration.k8s.io/v1', kind: 'APIService'},
      paths: apiServices.map(name => `/apis/apiregistration.k8s.io/v1/apiservices/${name}`),
    }),
  ]
}

/** `kubernetes-services-endpoint` says how calico-node reaches the API server; no other ConfigMap of these namespaces is read. */
export const calicosConfigMaps: readonly string[] = ['calico-config', 'canal-config', 'cni-config', 'calico-vpp-config', 'kubernetes-services-endpoint']

function workloadTasks(context: EvidenceContext): EvidenceTask[] {
  const namespaces = namespacesOf(context.facts)
  const inCalicos = (group: string, version: string, resource: string, kind: string): Listing => {
    const listing = {group, version, resource, kind, namespaces, keep: isCalicos, expected: 5}
    return listing
  }
  return [
    listTask(context, inCalicos('apps', 'v1', 'daemonsets', 'DaemonSet')),
    listTask(context, inCalicos('apps', 'v1', 'deployments', 'Deployment')),
    listTask(context, inCalicos('policy', 'v1', 'poddisruptionbudgets', 'PodDisruptionBudget')),
    namedTask(context, {
      what: 'ConfigMaps of Calico',
      path: resourcePath({group: '', resource: 'configmaps'}),
      type: {apiVersion: 'v1', kind: 'ConfigMap'},
      paths: [
        ...ownNamespacesOf(context.facts).flatMap(namespace => calicosConfigMaps.map(name => podPath(namespace, 'configmaps', name))),
        podPath('kube-system', 'configmaps', 'kubeadm-config'),
      ],
    }),
    ...typhaTasks(context, namespaces),
  ]
}

function typhaTasks(context: EvidenceContext, namespaces: readonly string[]): EvidenceTask[] {
  const service = typhaServiceName(context.facts.nodeEnv, context.facts.calicoConfig)
  if (!service.known && service.why === 'not-collected') return []
  const [name, where] = service.known ? [service.value.name, [service.value.namespace]] : ['calico-typha', namespaces]
  const named = (resource: string, kind: string) =>
    namedTask(context, {
      what: `${resource} of Typha`,
      path: resourcePath({group: '', resource}),
      type: {apiVersion: 'v1', kind},
      paths: where.map(namespace => podPath(namespace, resource, name)),
    })
  const labelSelector = `kubernetes.io/service-name=${name}`
  return [
    named('services', 'Service'),
    named('endpoints', 'Endpoints'),
    listTask(context, {
      group: 'discovery.k8s.io',
      version: 'v1',
      resource: 'endpointslices',
      kind: 'EndpointSlice',
      namespaces: where,
      labelSelector,
      expected: 2,
    }),
  ]
}

/** Pods of nodes that were not chosen are left out; where they run decides for the DaemonSet only. */
function podTasks(context: EvidenceContext): EvidenceTask[] {
  const {facts, nodes} = context
  const desk = podsDesk(context)
  const chosen = new Set(nodes.map(({name}) => name))
  const pods = facts.calicoPods.known ? facts.calicoPods.value.filter(pod => !runsFelix(pod) || pod.node === undefined || chosen.has(pod.node)) : []
  const unseen = facts.calicoPods.known ? [] : [missed('status and logs of calico-node, Typha and kube-controllers', facts.calicoPods)]
  const told = [...unseen, ...metricsOff(pods, facts)]
  return [
    ...(told.length > 0 ? [{what: 'pods that are not asked', estimate: {bytes: 0, ms: 0}, maxBytes: 0, run: () => ReadableStream.from(told)}] : []),
    ...pods.map(pod => podTask(context, desk, pod)),
    ...namespacesOf(facts).map(namespace => otherPodsTask(context, desk, namespace)),
  ]
}

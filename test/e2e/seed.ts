import pLimit from 'p-limit'
import {type ApiResource, groupVersion, keyOf} from '../../src/demo/api-resources.ts'
import type {ClusterState, KubeObject} from '../../src/demo/cluster-state.ts'
import type {Api} from './api.ts'
import type {KubeletPlace} from './kubelet.ts'

export interface SeedOptions {
  /** Where the kubelets of nodes listen, by node. A node without one cannot be reached. */
  readonly kubelets?: ReadonlyMap<string, KubeletPlace>
}
/** Requests at once: more only wait in the API server's own queue. */
const concurrency = 20

/**
 * Creates the objects of a simulated cluster, nodes and pods with their status. CRDs must be there. What the server itself owns stays its own: uid,
 * resourceVersion, creationTimestamp, Service default/kubernetes, ServiceCIDR kubernetes.
 */
export async function seed(api: Api, state: ClusterState, {kubelets = new Map()}: SeedOptions = {}): Promise<void> {
  const limit = pLimit(concurrency)
  const stored = state.resources.filter(isStored)
  const put = (resource: ApiResource) =>
    (state.objects[keyOf(resource)] ?? [])
      .filter(object => !isServersOwn(resource, object))
      .map(object => limit(() => create(api, resource, finished(resource, object, kubelets))))
  // Nothing can be created in a namespace that is not there.
  await Promise.all(stored.filter(({resource}) => resource === 'namespaces').flatMap(put))
  await Promise.all(stored.filter(({resource}) => resource !== 'namespaces').flatMap(put))
}

/** What an aggregated API shows is stored under another name; CRDs and APIServices are not scenario but means. */
const isStored = ({group, resource, custom}: ApiResource) =>
  (group !== 'projectcalico.org' || custom) && !['customresourcedefinitions', 'apiservices'].includes(resource)

async function create(api: Api, resource: ApiResource, object: KubeObject): Promise<void> {
  const {deletionTimestamp, ...metadata} = withoutServersOwn(object.metadata)
  const {status, ...body} = object
  const list = pathOf(resource, object)
  const path = `${list}/${object.metadata.name}`
  const {status: code, text} = await api.ask('POST', list, {body: {apiVersion: groupVersion(resource), kind: resource.kind, ...body, metadata}})
  if (code === 409) await adopt(api, resource, path, metadata)
  else if (code !== 201) throw new Error(`POST ${list} ${object.metadata.name}: ${code} ${text}`)
  else if (status !== undefined) await putStatus(api, resource, path, status)
  if (deletionTimestamp !== undefined) await api.must('DELETE', path, {body: {gracePeriodSeconds: 3_600}})
}

const pathOf = (resource: ApiResource, {metadata: {namespace}}: KubeObject) =>
  `${resource.group === '' ? '/api' : '/apis'}/${groupVersion(resource)}${resource.namespaced ? `/namespaces/${namespace}` : ''}/${resource.resource}`

function withoutServersOwn({
  uid: _uid,
  resourceVersion: _version,
  creationTimestamp: _time,
  managedFields: _fields,
  generation: _generation,
  ...metadata
}: KubeObject['metadata']) {
  return metadata
}

const merge = 'application/merge-patch+json'
/** Service default/kubernetes and ServiceCIDR kubernetes follow from the server's arguments. */
const isServersOwn = ({resource}: ApiResource, {metadata: {name}}: KubeObject) => ['services', 'servicecidrs'].includes(resource) && name === 'kubernetes'

/** The server makes the namespaces of the system itself, a moment after its start. */
async function adopt(api: Api, {resource}: ApiResource, path: string, {labels, annotations}: KubeObject['metadata']): Promise<void> {
  if (resource !== 'namespaces') throw new Error(`${path} is there already`)
  await api.must('PATCH', path, {type: merge, body: {metadata: {labels, annotations}}})
}

/** Where there is no subresource, the status is a field like any other (CRDs of old). */
async function putStatus(api: Api, {resource}: ApiResource, path: string, status: unknown): Promise<void> {
  const patch = {type: merge, body: {status}}
  const {status: code, text} = await api.ask('PATCH', `${path}/status`, patch)
  if (code === 404) return api.must('PATCH', path, patch)
  if (code !== 200) throw new Error(`PATCH ${resource} ${path}/status: ${code} ${text}`)
}

function finished({resource}: ApiResource, object: KubeObject, kubelets: ReadonlyMap<string, KubeletPlace>): KubeObject {
  if (resource === 'pods') return {...object, spec: withAccount(object.spec ?? {}), status: withoutQos(object.status ?? {})}
  const place = kubelets.get(object.metadata.name)
  return resource === 'nodes' && place ? {...object, status: withKubelet(object.status ?? {}, place)} : object
}

/** As admission by ServiceAccount would fill it in, which is off. */
const withAccount = (spec: {serviceAccountName?: string}) => ({...spec, serviceAccountName: spec.serviceAccountName ?? 'default'})

/** The server computes it from the containers, and lets nobody say otherwise. */
const withoutQos = ({qosClass: _computed, ...status}: {qosClass?: unknown}) => status

/** Where the kubelet listens, and that it takes WebSockets (kubernetes: features ExtendWebSocketsToKubelet, NodeDeclaredFeatures). */
const withKubelet = (status: {addresses?: readonly object[]}, {address, port}: KubeletPlace) => ({
  ...status,
  addresses: [...(status.addresses ?? []), {type: 'InternalDNS', address}],
  daemonEndpoints: {kubeletEndpoint: {Port: port}},
  declaredFeatures: ['ExtendWebSocketsToKubelet'],
})

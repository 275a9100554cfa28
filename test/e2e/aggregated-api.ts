import type {IncomingMessage, ServerResponse} from 'node:http'
import {createServer} from 'node:https'
import type {ClusterState} from '../../src/demo/cluster-state.ts'
import {handle} from '../../src/demo/handle.ts'
import {forbidden} from '../../src/demo/rbac.ts'
import {type RequestInfo, requestInfo} from '../../src/demo/request-info.ts'
import {statusAnswer} from '../../src/demo/respond.ts'
import {StatusError} from '../../src/demo/status.ts'
import type {Api} from './api.ts'
import type {ControlPlane} from './control-plane.ts'
import {listen} from './listen.ts'

/** What the API server's own controller shall find: the reason of condition Available (kube-aggregator: remote_available_controller.go). */
export type AggregatedCondition = 'Passed' | 'FailedDiscoveryCheck' | 'EndpointsNotFound' | 'MissingEndpoints' | 'ServiceNotFound'
export interface AggregatedOptions {
  readonly condition?: AggregatedCondition
  /** calico-apiserver up to Calico 3.30, then calico-system. */
  readonly namespace?: string
}

const service = 'calico-api'
const path = '/apis/apiregistration.k8s.io/v1/apiservices/v3.projectcalico.org'

/**
 * Registers projectcalico.org/v3 as an aggregated API, served from the objects of the state, and waits until the condition has come. Nobody may listen on
 * loopback in an EndpointSlice, so the Service is an ExternalName. The state must have an aggregated projectcalico.org; close it before the cluster.
 */
export async function startAggregatedApi(plane: ControlPlane, state: ClusterState, options: AggregatedOptions = {}): Promise<{close(): Promise<void>}> {
  const {condition = 'Passed', namespace = 'calico-apiserver'} = options
  const {admin, issue, ca} = plane
  const {certificate, key} = await issue({name: 'calico-apiserver', serves: [`${service}.${namespace}.svc`]})
  const server = createServer({cert: certificate, key, ca, requestCert: true, rejectUnauthorized: true})
  server.on('request', (request, response) => void answer(request, response, state, admin))
  const {port, close} = await listen(server, '127.0.0.1')
  if (condition !== 'Passed') await close()
  await createNamespace(admin, namespace)
  await createService(admin, {namespace, port, condition})
  await admin.must('POST', '/apis/apiregistration.k8s.io/v1/apiservices', {body: apiService(namespace, port, ca)})
  await conditionCame(admin, condition)
  return {close: condition === 'Passed' ? close : async () => {}}
}

async function createNamespace({ask}: Api, name: string): Promise<void> {
  const {status, text} = await ask('POST', '/api/v1/namespaces', {body: {metadata: {name}}})
  if (status !== 201 && status !== 409) throw new Error(text)
}

interface ServicePlan {
  readonly namespace: string
  readonly port: number
  readonly condition: AggregatedCondition
}
async function createService({must}: Api, {namespace, port, condition}: ServicePlan): Promise<void> {
  if (condition === 'ServiceNotFound') return
  const metadata = {name: service, namespace}
  const ports = [{name: 'https', port, protocol: 'TCP'}]
  const elsewhere = condition === 'Passed' || condition === 'FailedDiscoveryCheck'
  const spec = elsewhere ? {type: 'ExternalName', externalName: 'localhost', ports} : {type: 'ClusterIP', ports, selector: {'k8s-app': 'calico-apiserver'}}
  await must('POST', `/api/v1/namespaces/${namespace}/services`, {body: {metadata, spec}})
  if (condition !== 'MissingEndpoints') return
  const slice = {
    metadata: {...metadata, labels: {'kubernetes.io/service-name': service}},
    addressType: 'IPv4',
    endpoints: [],
    ports: [{name: 'https', port: 5443}],
  }
  await must('POST', `/apis/discovery.k8s.io/v1/namespaces/${namespace}/endpointslices`, {body: slice})
}

const apiService = (namespace: string, port: number, ca: string) => ({
  metadata: {name: 'v3.projectcalico.org'},
  spec: {
    group: 'projectcalico.org',
    version: 'v3',
    groupPriorityMinimum: 1500,
    versionPriority: 200,
    service: {name: service, namespace, port},
    caBundle: Buffer.from(ca).toString('base64'),
  },
})

const patience = 30_000
async function conditionCame({must}: Api, wanted: AggregatedCondition): Promise<void> {
  const deadline = performance.now() + patience
  for (;;) {
    const {status} = await must('GET', path)
    const available = status?.conditions?.find(({type}: {type: string}) => type === 'Available')
    if (available?.reason === wanted) return
    if (performance.now() > deadline) throw new Error(`APIService v3.projectcalico.org does not come to ${wanted}: ${JSON.stringify(available)}`)
    await new Promise(resolve => setTimeout(resolve, 100))
  }
}

async function answer(request: IncomingMessage, response: ServerResponse, state: ClusterState, admin: Api): Promise<void> {
  request.resume()
  const info = requestInfo(request.method ?? 'GET', request.url ?? '/')
  const {code, type, body} = await answered(request, info, state, admin).catch(error => {
    if (error instanceof StatusError) return statusAnswer(error.status)
    return {code: 500, type: 'text/plain', body: Buffer.from(String(error))}
  })
  response.writeHead(code, {'Content-Type': type}).end(body)
}

/** Who asks stands in headers that the aggregator sets; what they may, it is asked itself (k8s.io/apiserver: delegated authorization). */
async function answered({headers, headersDistinct}: IncomingMessage, info: RequestInfo, state: ClusterState, admin: Api) {
  const user = {name: String(headers['x-remote-user'] ?? 'system:anonymous')}
  const groups = headersDistinct['x-remote-group'] ?? []
  if (info.resource !== '' && !(await mayThey(admin, user.name, groups, info))) throw new StatusError(forbidden(user, info))
  const resources = state.resources.filter(({group}) => group === 'projectcalico.org')
  return handle({...state, resources}, {info, user, accept: headers.accept, body: ''})
}

async function mayThey({must}: Api, user: string, groups: readonly string[], info: RequestInfo): Promise<boolean> {
  const {verb, group, version, resource, subresource, namespace, name} = info
  const body = {spec: {user, groups, resourceAttributes: {verb, group, version, resource, subresource, namespace, name}}}
  return (await must('POST', '/apis/authorization.k8s.io/v1/subjectaccessreviews', {body})).status.allowed
}

import {afterAll, beforeAll, describe, expect, test} from 'vitest'
import {type SimulatedCluster, startSimulatedCluster} from '../../src/demo/index.ts'
import {ask} from './ask.ts'
import {exec} from './exec-client.ts'

let cluster: SimulatedCluster
beforeAll(async () => {
  cluster = await startSimulatedCluster()
  cluster.addUser('reader', [
    {verbs: ['get', 'list'], apiGroups: [''], resources: ['nodes']},
    {verbs: ['list'], apiGroups: ['crd.projectcalico.org'], resources: ['*']},
    {verbs: ['get'], apiGroups: [''], resources: ['pods/exec'], namespaces: ['kube-system']},
    {verbs: ['get'], apiGroups: [''], resources: ['configmaps'], namespaces: ['kube-system'], resourceNames: ['calico-config']},
  ])
})
afterAll(() => cluster.close())
const as = (token: string | undefined, path: string) => ask(cluster, path, {token})
const reviews = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews'
const review = async (token: string, resourceAttributes: object) =>
  (await ask(cluster, reviews, {token, method: 'POST', body: {spec: {resourceAttributes}}})).json.status.allowed

describe('who asks', () => {
  test('by a token that nobody has, nobody is let in', async () => {
    for (const path of ['/api/v1/nodes', '/version'])
      expect(await as('wrong', path)).toMatchObject({status: 401, json: {kind: 'Status', code: 401, reason: 'Unauthorized', message: 'Unauthorized'}})
  })
  test('without any, one is anonymous and sees version and health', async () => {
    expect(await as(undefined, '/api/v1/nodes')).toMatchObject({
      status: 403,
      json: {message: 'nodes is forbidden: User "system:anonymous" cannot list resource "nodes" in API group "" at the cluster scope'},
    })
    expect((await as(undefined, '/api')).json).toMatchObject({code: 403, message: 'forbidden: User "system:anonymous" cannot get path "/api"'})
    for (const path of ['/version', '/healthz', '/livez', '/readyz']) expect(await as(undefined, path)).toMatchObject({status: 200})
    expect((await ask(cluster, reviews, {token: undefined, method: 'POST', body: {}})).status).toBe(403)
  })
  test('version, health and discovery are for all who are known', async () => {
    expect((await as('reader', '/version')).json).toMatchObject({gitVersion: 'v1.33.5', major: '1', minor: '33'})
    expect(await as('reader', '/readyz')).toMatchObject({status: 200, text: 'ok'})
    expect((await as('reader', '/api')).json).toMatchObject({kind: 'APIVersions', versions: ['v1']})
    const groups = (await as('reader', '/apis')).json.groups.map((group: {name: string}) => group.name)
    expect(groups).toContain('crd.projectcalico.org')
    expect(groups).not.toContain('projectcalico.org')
    const resources = (await as('reader', '/apis/crd.projectcalico.org/v1')).json
    expect(resources).toMatchObject({kind: 'APIResourceList', groupVersion: 'crd.projectcalico.org/v1'})
    expect(resources.resources.map((resource: {name: string}) => resource.name)).toContain('ippools')
    expect((await as('reader', '/api/v1')).json.resources.map((resource: {name: string}) => resource.name)).toContain('pods/exec')
    expect(await as('reader', '/apis/no.such.group')).toMatchObject({status: 404, text: '404 page not found\n'})
    expect((await as('reader', '/metrics')).json).toMatchObject({code: 403, message: 'forbidden: User "demo-reader" cannot get path "/metrics"'})
    expect(await ask(cluster, '/metrics')).toMatchObject({status: 404, headers: {'content-type': 'text/plain; charset=utf-8'}, text: '404 page not found\n'})
  })
})

describe('rights', () => {
  test('what is listed is allowed, the rest forbidden in the words of Kubernetes', async () => {
    expect(await as('reader', '/api/v1/nodes')).toMatchObject({status: 200})
    expect(await as('reader', '/apis/crd.projectcalico.org/v1/ippools')).toMatchObject({status: 200})
    expect((await as('reader', '/api/v1/pods')).json).toMatchObject({
      code: 403,
      reason: 'Forbidden',
      message: 'pods is forbidden: User "demo-reader" cannot list resource "pods" in API group "" at the cluster scope',
      details: {kind: 'pods'},
    })
    expect((await as('reader', '/apis/apps/v1/namespaces/kube-system/daemonsets/calico-node')).json.message).toBe(
      'daemonsets.apps "calico-node" is forbidden: User "demo-reader" cannot get resource "daemonsets" in API group "apps" in the namespace "kube-system"',
    )
  })
  test('by name, and by verb', async () => {
    expect(await as('reader', '/api/v1/namespaces/kube-system/configmaps/calico-config')).toMatchObject({status: 200})
    expect(await as('reader', '/api/v1/namespaces/kube-system/configmaps/kubeadm-config')).toMatchObject({status: 403})
    expect((await as('reader', '/api/v1/nodes?watch=true')).json.message).toContain('cannot watch resource "nodes"')
  })
  test('a review answers with the rules that gate requests', async () => {
    expect(await review('reader', {verb: 'list', resource: 'nodes'})).toBe(true)
    expect(await review('reader', {verb: 'list', resource: 'pods'})).toBe(false)
    expect(await review('reader', {verb: 'get', resource: 'pods', subresource: 'exec', namespace: 'kube-system'})).toBe(true)
    expect(await review('reader', {verb: 'get', resource: 'pods', subresource: 'exec'})).toBe(false)
    expect(await review('demo-admin', {verb: 'create', resource: 'pods', subresource: 'exec'})).toBe(true)
  })
  test.each<[unknown, number]>([
    [{}, 422],
    [{spec: {resourceAttributes: {}, nonResourceAttributes: {}}}, 422],
    [[], 400],
    [{spec: {resourceAttributes: {verb: 1}}}, 400],
    [{kind: 'Pod', apiVersion: 'v1'}, 400],
  ])('a review that is none is refused: %j', async (body, status) => {
    expect(await ask(cluster, reviews, {method: 'POST', body})).toMatchObject({status, json: {kind: 'Status', code: status}})
  })
  test('exec needs get, and from Kubernetes 1.35 on create as well', async () => {
    const pod = cluster.state.objects.pods!.find(({metadata}) => metadata.labels?.['k8s-app'] === 'calico-node')!.metadata.name
    const run = () => exec(cluster, pod, ['true'], {token: 'reader'})
    expect(await run()).toMatchObject({closeCode: 1000})
    cluster.state.kubernetesVersion = 'v1.35.0'
    const {refused} = await run()
    expect(JSON.parse(refused!.body)).toMatchObject({code: 403, message: `pods "${pod}" is forbidden: `, details: {name: pod, kind: 'pods'}})
    cluster.state.kubernetesVersion = 'v1.33.5'
  })
  test('nothing can be written', async () => {
    expect(await ask(cluster, '/api/v1/namespaces/default/pods', {method: 'POST', body: {}})).toMatchObject({status: 405, json: {reason: 'MethodNotAllowed'}})
    expect(await ask(cluster, '/api/v1/nodes/worker-01', {method: 'DELETE'})).toMatchObject({status: 405})
    expect(await ask(cluster, '/api/v1/nodes', {method: 'POST', token: 'reader', body: {}})).toMatchObject({status: 403})
  })
})

test('who speaks for another has the rights of the other', async () => {
  const as = (headers: Record<string, string>) => ask(cluster, '/api/v1/pods', {headers})
  expect((await as({'impersonate-user': 'demo-reader'})).json.message).toContain('User "demo-reader" cannot list resource "pods"')
  expect((await as({'impersonate-user': 'nobody'})).json.message).toContain('User "nobody" cannot list')
  expect((await ask(cluster, '/api/v1/nodes', {token: 'reader', headers: {'impersonate-user': 'nobody'}})).json).toMatchObject({
    code: 403,
    message: 'users "nobody" is forbidden: User "demo-reader" cannot impersonate resource "users" in API group "" at the cluster scope',
  })
  expect(await as({'impersonate-user': 'nobody', 'impersonate-group': 'system:masters'})).toMatchObject({status: 200})
})

test.each([['//'], ['/%zz'], ['/api/v1/namespaces/%E0%A4%A/pods'], ['/api/v1/nodes/'], ['/apis//v1/x'], ['/?a?b'], ['/api/v1/namespaces/a/b/c/d/e']])(
  'a strange path is answered: %s',
  async path => expect([200, 404]).toContain((await ask(cluster, path)).status),
)

test('every request is recorded as authorisation sees it', async () => {
  const before = cluster.requests.length
  await as('reader', '/api/v1/nodes?limit=1')
  await as('wrong', '/api/v1/namespaces/shop/pods/x')
  await ask(cluster, reviews, {method: 'POST', body: {spec: {resourceAttributes: {}}}})
  expect(cluster.requests.slice(before)).toMatchObject([
    {method: 'GET', path: '/api/v1/nodes', query: 'limit=1', verb: 'list', group: '', resource: 'nodes', user: 'demo-reader', status: 200},
    {verb: 'get', resource: 'pods', namespace: 'shop', name: 'x', user: '', status: 401},
    {method: 'POST', verb: 'create', group: 'authorization.k8s.io', resource: 'selfsubjectaccessreviews', user: 'demo-admin', status: 201},
  ])
})

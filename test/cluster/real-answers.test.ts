import type {ServerResponse} from 'node:http'
import {expect, test} from 'vitest'
import {podDoor} from '../../src/cluster/pod-door.ts'
import type {Cluster, Probe} from '../../src/engine/collector.ts'
import {apiServer, startHttp, startHttps} from '../helpers/api-server.ts'
import {connected, refusal} from '../helpers/connections.ts'
import {channel, refuseWith, startExecServer, startRefusingServer} from '../helpers/exec-server.ts'
import {base64, kubeconfigFile, writeConfig} from '../helpers/kubeconfig.ts'
import {simulated} from '../helpers/simulated.ts'

/*
 * What kube-apiserver 1.36 and its kubelets say when they say no, as the contract suite (test/e2e) hears it, and what the doors make of it.
 */

const status = (code: number, message: string, more: object = {}) =>
  JSON.stringify({kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, ...more, code})
const plain = (response: ServerResponse, code: number, text: string) => void response.writeHead(code, {'Content-Type': 'text/plain; charset=utf-8'}).end(text)

test.each<[string, (response: ServerResponse) => void, object]>([
  [
    'a group that nobody serves',
    response => plain(response, 404, '404 page not found\n'),
    {why: 'absent', detail: 'GET /apis/a.io/v1/things: 404 page not found'},
  ],
  [
    'a resource that its group does not have',
    response => void response.writeHead(404).end(status(404, 'the server could not find the requested resource', {reason: 'NotFound', details: {}})),
    {why: 'absent', detail: 'GET /apis/a.io/v1/things: 404 the server could not find the requested resource'},
  ],
  [
    'a path without the right',
    response => void response.writeHead(403).end(status(403, 'forbidden: User "jane" cannot get path "/metrics"', {reason: 'Forbidden', details: {}})),
    {why: 'forbidden', detail: 'GET /apis/a.io/v1/things: 403 forbidden: User "jane" cannot get path "/metrics"'},
  ],
  [
    'a form that is not there',
    response => void response.writeHead(406).end(status(406, 'only the following media types are accepted', {reason: 'NotAcceptable'})),
    {why: 'failed'},
  ],
  [
    'a version that is yet to come',
    response => void response.writeHead(504, {'Retry-After': '1'}).end(status(504, 'Timeout: Too large resource version: 9, current: 8', {reason: 'Timeout'})),
    {why: 'timeout'},
  ],
  [
    'an aggregated API whose server is gone',
    response => plain(response, 503, 'error trying to reach service: dial tcp 10.96.3.3:443: connect: connection refused'),
    {why: 'failed', detail: expect.stringContaining('503 error trying to reach service: dial tcp 10.96.3.3:443')},
  ],
])('%s', async (_name, answer, expected) => {
  const server = await startHttp(apiServer((_request, response) => answer(response)))
  const {cluster} = await connected({kubeconfig: kubeconfigFile({server: server.url})})
  expect(await cluster.list({group: 'a.io', version: 'v1', resource: 'things'}, {project: item => item})).toMatchObject({known: false, ...expected})
  expect(await cluster.get('/apis/a.io/v1/things')).toMatchObject({known: false, ...expected})
})

const target = {node: 'a', namespace: 'calico-system', pod: 'calico-node-x', container: 'calico-node'}
const what = 'exec in calico-system/calico-node-x'
const limits = {timeoutMs: 2_000, maxBytes: 100_000}
const clusterAt = async ({url, authority}: Awaited<ReturnType<typeof startExecServer>>) =>
  (await connected({kubeconfig: kubeconfigFile({server: url, cluster: {'certificate-authority-data': base64(authority.ca)}, user: {token: 't'}})})).cluster
const script = `echo ${'long '.repeat(400)}`

async function refused(code: number, body: string, type = 'application/json') {
  const server = await startRefusingServer(socket => refuseWith(socket, code, body, `Content-Type: ${type}\r\n`))
  return (await clusterAt(server)).exec(target, script, limits)
}
test('a container that has ended: plain words of the kubelet', async () => {
  expect(await refused(500, 'container not found ("calico-node")', 'text/plain; charset=utf-8')).toEqual({
    known: false,
    why: 'absent',
    detail: `${what}: 500 container not found ("calico-node")`,
  })
})
test('a pod that the kubelet has not: plain words too', async () => {
  expect(await refused(404, 'pod does not exist', 'text/plain; charset=utf-8')).toEqual({
    known: false,
    why: 'absent',
    detail: `${what}: 404 pod does not exist`,
  })
})
test('a kubelet that cannot be reached: a Status without a reason', async () => {
  expect(await refused(500, status(500, 'error dialing backend: dial tcp 10.0.0.5:10250: connect: connection refused'))).toEqual({
    known: false,
    why: 'unreachable',
    detail: `${what}: the API server cannot reach the kubelet: 500 error dialing backend: dial tcp 10.0.0.5:10250: connect: connection refused`,
  })
})
test('a node without an address that the API server may use', async () => {
  const message = 'no preferred addresses found; known addresses: [{Hostname a}]'
  expect(await refused(500, status(500, message))).toMatchObject({known: false, why: 'unreachable', detail: expect.stringContaining(message)})
})
test('no right to create, which is not said', async () => {
  expect(await refused(403, status(403, 'pods "calico-node-x" is forbidden: ', {reason: 'Forbidden'}))).toEqual({
    known: false,
    why: 'forbidden',
    detail: `${what}: 403 pods "calico-node-x" is forbidden:`,
  })
})

/** As an API server says it that translates v5 for its kubelets, which it upgrades before it knows. */
async function ended(message: string) {
  const told = `Internal error occurred: ${message}`
  const body = {metadata: {}, status: 'Failure', message: told, reason: 'InternalError', details: {causes: [{message}]}, code: 500}
  const server = await startExecServer(socket => {
    socket.send(channel(1, ''))
    socket.send(channel(3, JSON.stringify(body)))
    socket.close()
  })
  return (await clusterAt(server)).exec(target, script, limits)
}
const url = `https://10.0.0.5:10250/exec/calico-system/calico-node-x/calico-node?command=sh&command=-c&command=${encodeURIComponent(script)}&output=1`
test.each<[string, string, object]>([
  [
    'a kubelet that cannot be reached, without the script that was to run',
    `error sending request: Post "${url}": dial tcp 10.0.0.5:10250: i/o timeout`,
    {
      why: 'unreachable',
      detail: `${what}: the API server cannot reach the kubelet: error sending request: Post "https://10.0.0.5:10250/…": dial tcp 10.0.0.5:10250: i/o timeout`,
    },
  ],
  [
    'a container that has ended',
    'unable to upgrade connection: container not found ("calico-node")',
    {why: 'absent', detail: `${what}: unable to upgrade connection: container not found ("calico-node")`},
  ],
  ['a pod that the kubelet has not', 'unable to upgrade connection: pod does not exist', {why: 'absent'}],
  [
    'a kubelet that does not trust the API server',
    'unable to upgrade connection: Forbidden (user=kube-apiserver-kubelet-client, verb=create, resource=nodes, subresource(s)=[exec proxy])',
    {why: 'forbidden', detail: expect.stringContaining('the kubelet refuses the API server: unable to upgrade connection: Forbidden (user=kube-apiserver')},
  ],
  ['a kubelet that does not know the API server', 'unable to upgrade connection: Unauthorized', {why: 'forbidden'}],
])('translated: %s', async (_name, message, expected) => {
  expect(await ended(message)).toMatchObject({known: false, ...expected})
})
test('translated: no such command, under every prefix', async () => {
  const id = 'f1d2d2f924e986ac86fdf7b36c94bcdf32beec15a38c5a4f1d2d2f924e986ac8'
  const why = `failed to exec in container: failed to start exec "${id}": OCI runtime exec failed: exec failed: unable to start container process: exec: "sh": executable file not found in $PATH: unknown`
  expect(await ended(`Internal error occurred: error executing command in container: ${why}`)).toEqual({
    known: true,
    value: {stdout: '', stderr: `error executing command in container: ${why}\n`, exit: 127},
  })
})

test('what a pod that ended or went cannot tell is not absent on its node', async () => {
  const probes = new Map<string, Probe>([['links', {tries: [['ip', '-j', 'addr']]}]])
  const {cluster, sim} = await simulated({nodes: 3})
  const {metadata, spec} = sim.state.objects.pods!.find(({metadata: {labels}}) => labels?.['k8s-app'] === 'calico-node')!
  const node = (spec as {nodeName: string}).nodeName
  const ask = async (more: object, by: Cluster = cluster) =>
    (await podDoor(by).ask({name: node, target: {...target, node, namespace: 'kube-system', pod: metadata.name, ...more}}, probes, limits)).get('links')
  expect(await ask({})).toMatchObject({known: true})
  expect(await ask({container: 'install-cni'})).toEqual({
    known: false,
    why: 'unreachable',
    detail: `exec in kube-system/${metadata.name}: 500 container not found ("install-cni")`,
  })
  sim.state.kubernetesVersion = 'v1.36.1'
  const kubeconfig = writeConfig(sim.addUser('getter', [{verbs: ['get'], apiGroups: [''], resources: ['pods/exec']}]))
  expect(await ask({}, (await connected({kubeconfig})).cluster)).toMatchObject({
    known: false,
    why: 'forbidden',
    detail: expect.stringMatching(/is forbidden:$/),
  })
})

test('what the simulated API serves not is absent, in both of its ways', async () => {
  const {cluster} = await simulated({nodes: 3})
  const list = (group: string, version: string, resource: string) => cluster.list({group, version, resource}, {project: item => item})
  for (const [group, version, resource] of [
    ['projectcalico.org', 'v3', 'ippools'],
    ['crd.projectcalico.org', 'v1', 'nothings'],
    ['apps', 'v1', 'nothings'],
  ] as const)
    expect(await list(group, version, resource)).toMatchObject({known: false, why: 'absent', detail: expect.stringMatching(/: 404 (page|the server)/)})
})

test('who is seen as anonymous is told so at once, not by each list', async () => {
  const {sim} = await simulated({nodes: 3})
  const as = (user: object) =>
    refusal({kubeconfig: kubeconfigFile({server: sim.url, cluster: {'certificate-authority-data': base64(sim.ca)}, user: {...user}})})
  expect(await as({})).toMatch(/wants credentials, and user "lab-user" has none\. → Choose another --context or --user/)
  expect(await as({username: 'me', password: 'secret'})).toMatch(/sees nobody it knows: user "lab-user" has a password only, .* → .*--token/)
  const {authority, url: server} = await startHttps((request, response) => {
    if (request.url === '/version') return void response.end('{"gitVersion":"v1.36.1"}')
    response.writeHead(403).end(status(403, 'forbidden: User "system:anonymous" cannot get path "/api"', {reason: 'Forbidden', details: {}}))
  })
  const me = await authority.issue('CN=me', {names: []})
  const user = {'client-certificate-data': base64(me.certificate), 'client-key-data': base64(me.key)}
  expect(await refusal({kubeconfig: kubeconfigFile({server, cluster: {'certificate-authority-data': base64(authority.ca)}, user})})).toMatch(
    /sees nobody it knows: the client certificate of user "lab-user" does not reach it\. → A proxy or load balancer that ends TLS drops it/,
  )
})

test('a server that is written in Go and has no version is no API server', async () => {
  const server = await startHttp((_request, response) => plain(response, 404, '404 page not found\n'))
  expect(await refusal({kubeconfig: kubeconfigFile({server: server.url})})).toMatch(
    /is no Kubernetes API server: it has no \/version\. → Check the server address/,
  )
})

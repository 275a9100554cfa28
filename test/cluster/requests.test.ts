import type {RequestListener} from 'node:http'
import {gzipSync} from 'node:zlib'
import {expect, test} from 'vitest'
import {type ApiServer, apiServer, startHttp, startHttps} from '../helpers/api-server.ts'
import {connected} from '../helpers/connections.ts'
import {base64, kubeconfigFile} from '../helpers/kubeconfig.ts'

const overHttp = async (more: RequestListener, options: object = {}) => {
  const server = await startHttp(apiServer(more))
  const {cluster} = await connected({kubeconfig: kubeconfigFile({server: server.url}), ...options})
  return {server, cluster}
}
const asked = ({requests}: ApiServer) => requests.slice(1).length
const nodes = {group: '', version: 'v1', resource: 'nodes'}
const json =
  (value: unknown): RequestListener =>
  (_request, response) =>
    void response.end(JSON.stringify(value))
const status =
  (code: number, message: string, headers: Record<string, string> = {}): RequestListener =>
  (_request, response) =>
    void response.writeHead(code, headers).end(JSON.stringify({kind: 'Status', message, code}))

test('40 requests one after another go over one TLS connection', async () => {
  const server = await startHttps(apiServer(json({ok: true})))
  const kubeconfig = kubeconfigFile({server: server.url, cluster: {'certificate-authority-data': base64(server.authority.ca)}})
  const {cluster} = await connected({kubeconfig})
  for (let index = 0; index < 40; index++) expect(await cluster.get(`/apis/${index}`)).toEqual({known: true, value: {ok: true}})
  expect(server.connections()).toBe(1)
})

test('many at once share a few connections, without a warning', async () => {
  const warnings: Error[] = []
  const listener = (warning: Error) => warnings.push(warning)
  process.on('warning', listener)
  const {server, cluster} = await overHttp(json({}))
  await Promise.all(Array.from({length: 100}, (_, index) => cluster.get(`/apis/${index}`)))
  process.off('warning', listener)
  expect(server.connections()).toBeLessThanOrEqual(16)
  expect(warnings).toEqual([])
})

test.each<[string, RequestListener, object]>([
  ['404 is absent', status(404, 'nodes "a" not found'), {why: 'absent', detail: 'GET /api/v1/nodes/a: 404 nodes "a" not found'}],
  [
    '403 is forbidden, with the reason',
    status(403, 'User "jane" cannot get nodes'),
    {why: 'forbidden', detail: 'GET /api/v1/nodes/a: 403 User "jane" cannot get nodes'},
  ],
  [
    '401 is forbidden',
    status(401, 'Unauthorized'),
    {why: 'forbidden', detail: 'GET /api/v1/nodes/a: 401 Unauthorized (the credentials were good at the start: expired or withdrawn)'},
  ],
  ['500 is failed', status(500, 'etcd: boom'), {why: 'failed', detail: 'GET /api/v1/nodes/a: 500 etcd: boom'}],
  ['504 is timeout', status(504, 'request did not complete'), {why: 'timeout'}],
  ['503 without Retry-After is failed at once: an aggregated API is down', status(503, 'service unavailable'), {why: 'failed'}],
  [
    'a page of text is shown on one line',
    (_r, response) => void response.writeHead(502).end('<html>\n<h1>Bad\u001b[31m gateway</h1>'),
    {why: 'failed', detail: 'GET /api/v1/nodes/a: 502 Bad [31m gateway'},
  ],
  [
    'bad JSON is failed',
    (_r, response) => void response.end('{"kind": '),
    {why: 'failed', detail: 'GET /api/v1/nodes/a: the answer of 9 bytes is no JSON: it begins "{\\"kind\\": "'},
  ],
  [
    'a cut body is failed',
    (_r, response) => (response.writeHead(200, {'content-length': '100'}).write('{"a"'), setTimeout(() => response.destroy(), 20)),
    {why: 'failed', detail: 'GET /api/v1/nodes/a: the answer was cut after 4 bytes'},
  ],
  [
    'a cut chunked body is failed',
    (_r, response) => (response.write('{"a":1'), setTimeout(() => response.destroy(), 20)),
    {why: 'failed', detail: 'GET /api/v1/nodes/a: the answer was cut after 6 bytes'},
  ],
  ['compressed nonsense is failed', (_r, response) => void response.writeHead(200, {'content-encoding': 'gzip'}).end('xx'), {why: 'failed'}],
  ['no HTTP is failed', ({socket}) => void socket.end('SSH-2.0-OpenSSH\r\n'), {why: 'failed'}],
])('%s', async (_name, answer, expected) => {
  const {cluster} = await overHttp(answer)
  expect(await cluster.get('/api/v1/nodes/a')).toMatchObject({known: false, ...expected})
})

test('a gzipped answer is read, and asked for only beyond loopback', async () => {
  const {server, cluster} = await overHttp((_request, response) => void response.writeHead(200, {'content-encoding': 'gzip'}).end(gzipSync('{"a":1}')))
  expect(await cluster.get('/x')).toEqual({known: true, value: {a: 1}})
  expect(server.requests.at(-1)!.headers['accept-encoding']).toBeUndefined()
})

test('a stall, and a slow trickle, are timeout after their time', async () => {
  const {cluster} = await overHttp(
    ({url}, response) => {
      if (url !== '/trickle') return
      const drip = setInterval(() => response.write(' '), 20)
      response.on('close', () => clearInterval(drip))
    },
    {requestTimeoutMs: 300},
  )
  const started = performance.now()
  expect(await cluster.get('/stall')).toEqual({known: false, why: 'timeout', detail: 'GET /stall: no complete answer in 300 ms'})
  expect(await cluster.get('/trickle')).toMatchObject({known: false, why: 'timeout'})
  expect(performance.now() - started).toBeLessThan(1_500)
})

test('the overall time ends what runs and what would come after', async () => {
  const stop = new AbortController()
  const {cluster} = await overHttp(() => {}, {signal: stop.signal})
  setTimeout(() => stop.abort(), 50)
  expect(await cluster.get('/stall')).toEqual({known: false, why: 'timeout', detail: 'GET /stall: the overall time was over'})
  expect(await cluster.list(nodes, {project: node => node})).toMatchObject({known: false, why: 'timeout'})
})

test('a kept connection that the server closed is made again, once', async () => {
  let cuts = 1
  const {server, cluster} = await overHttp((request, response) => (cuts-- > 0 ? void request.socket.destroy() : void response.end('{}')))
  expect(await cluster.get('/x')).toMatchObject({known: true})
  expect(asked(server)).toBe(2)
  cuts = 2
  expect(await cluster.get('/x')).toEqual({known: false, why: 'unreachable', detail: 'GET /x: the connection was cut'})
})

test('a server that is gone is unreachable', async () => {
  const {server, cluster} = await overHttp(json({}))
  server.server.closeAllConnections()
  await new Promise(resolve => server.server.close(resolve))
  expect(await cluster.get('/x')).toEqual({known: false, why: 'unreachable', detail: 'GET /x: connection refused'})
})

test.each([429, 503])('%i with Retry-After is asked again', async code => {
  let left = 2
  const {server, cluster} = await overHttp((request, response) =>
    left-- > 0 ? status(code, 'later', {'retry-after': '0'})(request, response) : void response.end('{"a":1}'),
  )
  expect(await cluster.get('/x')).toEqual({known: true, value: {a: 1}})
  expect(asked(server)).toBe(3)
})

test('429 for ever is failed after a few tries, and at once when the wait would take too long', async () => {
  const forEver = await overHttp(status(429, 'too many requests', {'retry-after': '0'}))
  expect(await forEver.cluster.get('/x')).toEqual({known: false, why: 'failed', detail: 'GET /x: 429 too many requests'})
  expect(asked(forEver.server)).toBe(4)
  const long = await overHttp(status(429, 'too many requests', {'retry-after': '3600'}))
  expect(await long.cluster.get('/x')).toMatchObject({known: false, why: 'failed'})
  expect(asked(long.server)).toBe(1)
})

test('rights are asked by SelfSubjectAccessReview, the only thing that is posted', async () => {
  const bodies: string[] = []
  const {server, cluster} = await overHttp((request, response) => {
    let body = ''
    request.setEncoding('utf8').on('data', chunk => (body += chunk))
    request.on('end', () => {
      bodies.push(body)
      response.writeHead(201).end(JSON.stringify({status: {allowed: bodies.length === 1}}))
    })
  })
  const right = {verb: 'create', group: '', resource: 'pods', subresource: 'exec', namespace: 'kube-system'} as const
  expect(await cluster.can(right)).toEqual({known: true, value: true})
  expect(await cluster.can(right)).toEqual({known: true, value: false})
  expect(JSON.parse(bodies[0]!)).toEqual({kind: 'SelfSubjectAccessReview', apiVersion: 'authorization.k8s.io/v1', spec: {resourceAttributes: right}})
  expect(server.requests.at(-1)).toMatchObject({method: 'POST', url: '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews'})
})

test('an answer about rights that does not answer is failed', async () => {
  const {cluster} = await overHttp(json({status: {}}))
  expect(await cluster.can({verb: 'get', group: '', resource: 'pods'})).toMatchObject({known: false, why: 'failed'})
})

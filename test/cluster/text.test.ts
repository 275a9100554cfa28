import type {RequestListener} from 'node:http'
import {expect, test} from 'vitest'
import {apiServer, startHttp} from '../helpers/api-server.ts'
import {connected} from '../helpers/connections.ts'
import {kubeconfigFile} from '../helpers/kubeconfig.ts'
import {simulated} from '../helpers/simulated.ts'

const path = '/api/v1/namespaces/kube-system/pods/calico-node-a/log?container=calico-node'
const limits = {timeoutMs: 5_000, maxBytes: 1_000_000}
const clusterOver = async (answer: RequestListener) =>
  (await connected({kubeconfig: kubeconfigFile({server: (await startHttp(apiServer(answer))).url})})).cluster
const status =
  (code: number, message: string): RequestListener =>
  (_request, response) =>
    void response.writeHead(code).end(JSON.stringify({kind: 'Status', message, code}))

test('a log is text as it came', async () => {
  const cluster = await clusterOver((_request, response) => void response.end('one\ntwo €\n'))
  expect(await cluster.text(path, limits)).toEqual({known: true, value: 'one\ntwo €\n'})
})

test('no more than so many bytes are read, and no half character is kept', async () => {
  const cluster = await clusterOver((_request, response) => void response.end('abc€€€'))
  expect(await cluster.text(path, {...limits, maxBytes: 5})).toEqual({known: true, value: 'abc', partial: 'only the first 5 bytes: there is more than 5 bytes'})
})

test('what came before a stall or a broken connection is kept', async () => {
  const stalls = await clusterOver((_request, response) => void response.write('one\n'))
  expect(await stalls.text(path, {...limits, timeoutMs: 300})).toEqual({
    known: true,
    value: 'one\n',
    partial: 'only the first 4 bytes: no complete answer in 300 ms',
  })
  const breaks = await clusterOver((_request, response) => void response.writeHead(200, {'content-length': 100}).write('one\n', () => response.destroy()))
  expect(await breaks.text(path, limits)).toEqual({known: true, value: 'one\n', partial: 'only the first 4 bytes: the connection was cut'})
})

test.each<[string, RequestListener, object]>([
  ['nothing in time', () => {}, {why: 'timeout', detail: expect.stringContaining('(container calico-node): no complete answer in 300 ms')}],
  ['403', status(403, 'cannot get resource "pods/log"'), {why: 'forbidden'}],
  ['404', status(404, 'pods "calico-node-a" not found'), {why: 'absent'}],
  ['never restarted', status(400, 'previous terminated container "calico-node" in pod "calico-node-a" not found'), {why: 'absent'}],
  ['never started', status(400, 'container "calico-node" in pod "calico-node-a" is waiting to start: ErrImagePull'), {why: 'absent'}],
  ['a question that nobody understands', status(400, 'unable to parse'), {why: 'failed'}],
  ['a kubelet that is gone', status(500, 'Get "https://10.0.0.5:10250/containerLogs/…": dial tcp 10.0.0.5:10250: i/o timeout'), {why: 'unreachable'}],
  ['a closed port', status(503, 'error trying to reach service: dial tcp 10.0.0.5:9091: connect: connection refused'), {why: 'unreachable'}],
  [
    'a kubelet whose certificate nobody signed',
    status(500, 'Get "https://10.0.0.5:10250/containerLogs/…": remote error: tls: internal error'),
    {why: 'unreachable'},
  ],
  ['a pod without an address', status(400, 'address not allowed'), {why: 'absent'}],
  ['500', status(500, 'boom'), {why: 'failed'}],
])('%s', async (_name, answer, expected) => {
  const cluster = await clusterOver(answer)
  expect(await cluster.text(path, {...limits, timeoutMs: 300})).toMatchObject({known: false, ...expected})
})

test('an API server that is gone is unreachable, and an overall time that is over is timeout', async () => {
  const server = await startHttp(apiServer((_request, response) => void response.end('')))
  const {cluster} = await connected({kubeconfig: kubeconfigFile({server: server.url})})
  expect(await cluster.text(path, {...limits, signal: AbortSignal.abort()})).toMatchObject({known: false, why: 'timeout'})
  server.server.close()
  server.server.closeAllConnections()
  expect(await cluster.text(path, limits)).toMatchObject({known: false, why: 'unreachable'})
})

test('of a gigabyte only what may be read is read', async () => {
  const {cluster, sim} = await simulated({nodes: 3})
  sim.setFaults([{path: /\/log\?/, answer: 'flood'}])
  const before = process.memoryUsage().rss
  const answer = await cluster.text(path, {...limits, maxBytes: 1024 * 1024})
  expect(answer).toMatchObject({known: true, partial: 'only the first 1048576 bytes: there is more than 1048576 bytes'})
  expect(answer.known && answer.value.length).toBe(1024 * 1024)
  expect(process.memoryUsage().rss - before).toBeLessThan(80 * 1024 * 1024)
})

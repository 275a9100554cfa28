import fc from 'fast-check'
import {expect, test} from 'vitest'
import type {WebSocket} from 'ws'
import {ExecStreams} from '../../src/cluster/exec-streams.ts'
import type {Limits} from '../../src/engine/collector.ts'
import type {SecureServer} from '../helpers/api-server.ts'
import {connected} from '../helpers/connections.ts'
import {channel, exited, failure, refuseWith, startExecServer, startRefusingServer, success} from '../helpers/exec-server.ts'
import {base64, kubeconfigFile} from '../helpers/kubeconfig.ts'

const target = {node: 'a', namespace: 'calico-system', pod: 'calico-node-x', container: 'calico-node'}
async function execOn({url, authority}: SecureServer, limits: Partial<Limits> = {}, user: object = {token: 't'}) {
  const kubeconfig = kubeconfigFile({server: url, cluster: {'certificate-authority-data': base64(authority.ca)}, user: {...user}})
  const {cluster} = await connected({kubeconfig})
  return cluster.exec(target, 'echo "hi"; exit', {timeoutMs: 2_000, maxBytes: 100_000, ...limits})
}
const execWith = async (answer: (socket: WebSocket) => void, limits?: Partial<Limits>) => execOn(await startExecServer(answer), limits)
const send = (socket: WebSocket, ...messages: Buffer[]) => {
  for (const message of messages) socket.send(message)
}

test.each(['v5.channel.k8s.io', 'v4.channel.k8s.io'])('%s: output, errors and exit status', async protocol => {
  const server = await startExecServer(socket => {
    send(socket, channel(1, ''), channel(1, 'out'), channel(2, 'err'), channel(1, 'put\n'), Buffer.from([255, 1]), exited(3))
    socket.close()
  }, protocol)
  expect(await execOn(server)).toEqual({known: true, value: {stdout: 'output\n', stderr: 'err', exit: 3}})
})

test('asks for sh -c in the named container, as who we are', async () => {
  const server = await startExecServer(socket => send(socket, success))
  await execOn(server, {}, {token: 't', as: 'jane', 'as-groups': ['a', 'b']})
  const {url, headers, headersDistinct} = server.requests.at(-1)!
  expect(url).toBe(
    '/api/v1/namespaces/calico-system/pods/calico-node-x/exec?command=sh&command=-c&command=echo+%22hi%22%3B+exit&container=calico-node&stdout=true&stderr=true',
  )
  expect(headers).toMatchObject({
    authorization: 'Bearer t',
    'impersonate-user': 'jane',
    'sec-websocket-protocol': 'v5.channel.k8s.io,v4.channel.k8s.io',
    host: new URL(server.url).host,
  })
  expect(headersDistinct['impersonate-group']).toEqual(['a', 'b'])
})

test('characters that are split between messages come whole', async () => {
  const bytes = Buffer.from('käse €\n')
  const answer = await execWith(socket => {
    for (const byte of bytes) socket.send(Buffer.from([1, byte]))
    send(socket, success)
  })
  expect(answer).toEqual({known: true, value: {stdout: 'käse €\n', stderr: '', exit: 0}})
})

test('what comes after the status is not lost, and a server that does not hang up is not waited for', async () => {
  const started = performance.now()
  const answer = await execWith(socket => send(socket, channel(1, 'a'), success, channel(1, 'b')))
  expect(answer).toEqual({known: true, value: {stdout: 'ab', stderr: '', exit: 0}})
  expect(performance.now() - started).toBeLessThan(1_500)
})

test('silence, and half an answer, cost the time they are given', async () => {
  const started = performance.now()
  const cut = {reason: 'timeout', detail: 'no complete answer in 300 ms'}
  expect(await execWith(() => {}, {timeoutMs: 300})).toEqual({known: true, value: {stdout: '', stderr: '', exit: undefined, cut}})
  expect(await execWith(socket => send(socket, channel(1, 'half')), {timeoutMs: 300})).toEqual({
    known: true,
    value: {stdout: 'half', stderr: '', exit: undefined, cut},
  })
  expect(performance.now() - started).toBeLessThan(2_000)
})

test('no answer to the upgrade is timeout', async () => {
  const server = await startRefusingServer(() => {})
  expect(await execOn(server, {timeoutMs: 300})).toEqual({
    known: false,
    why: 'timeout',
    detail: 'exec in calico-system/calico-node-x: no complete answer in 300 ms',
  })
})

test('the overall time ends it', async () => {
  const answer = await execWith(socket => send(socket, channel(1, 'half')), {signal: AbortSignal.timeout(200)})
  expect(answer).toMatchObject({known: true, value: {stdout: 'half', cut: {reason: 'timeout', detail: 'the overall time was over'}}})
})

test('a flood is cut at its limit and the connection is closed', async () => {
  let closed = false
  const answer = await execWith(socket => {
    socket.on('close', () => {
      closed = true
    })
    const flood = setInterval(() => socket.readyState === socket.OPEN && socket.send(channel(1, Buffer.alloc(32_768, 'x'))), 1)
    socket.on('close', () => clearInterval(flood))
  })
  expect(answer).toMatchObject({known: true, value: {exit: undefined, cut: {reason: 'flood', detail: 'more than 100000 bytes'}}})
  expect(answer.known && answer.value.stdout.length).toBe(100_000)
  await expect.poll(() => closed).toBe(true)
})

test('one message larger than the limit is a flood too', async () => {
  const answer = await execWith(socket => send(socket, channel(1, 'before'), channel(1, Buffer.alloc(50 * 1024 * 1024))))
  expect(answer).toMatchObject({known: true, value: {stdout: 'before', cut: {reason: 'flood'}}})
})

test('a close without a status, and a broken connection, are told from an end', async () => {
  const closed = await execWith(socket => (send(socket, channel(1, 'half')), socket.close(1000)))
  expect(closed).toEqual({
    known: true,
    value: {stdout: 'half', stderr: '', exit: undefined, cut: {reason: 'dropped', detail: 'the connection closed without a status (1000)'}},
  })
  const broken = await execWith(socket => (send(socket, channel(1, 'half')), setTimeout(() => socket.terminate(), 50)))
  expect(broken).toMatchObject({known: true, value: {stdout: 'half', exit: undefined, cut: {reason: 'dropped'}}})
  const nonsense = await execWith(socket => (send(socket, channel(1, 'half'), channel(3, '{"status":')), socket.close()))
  expect(nonsense).toMatchObject({known: true, value: {stdout: 'half', cut: {reason: 'dropped'}}})
})

test('a status that comes in two messages', async () => {
  const answer = await execWith(socket => (send(socket, channel(3, '{"status":"Suc'), channel(3, 'cess"}')), socket.close()))
  expect(answer).toEqual({known: true, value: {stdout: '', stderr: '', exit: 0}})
})

const runc =
  'error executing command in container: failed to exec in container: failed to start exec "x": OCI runtime exec failed: exec failed: unable to start container process: exec: "sh"'
test.each<[string, Buffer, object]>([
  [
    'no such command',
    failure(`${runc}: executable file not found in $PATH: unknown`),
    {known: true, value: {exit: 127, stderr: expect.stringContaining('not found in $PATH')}},
  ],
  ['no such file', failure(`${runc}: stat /bin/sh: no such file or directory: unknown`), {known: true, value: {exit: 127}}],
  [
    'crun: no such command',
    failure(
      'exec failed: crun: executable file `sh` not found in $PATH: No such file or directory: OCI runtime attempted to invoke a command that was not found',
    ),
    {known: true, value: {exit: 127}},
  ],
  ['a command that may not run', failure(`${runc}: permission denied: unknown`), {known: true, value: {exit: 126}}],
  ['no such container', failure('unable to upgrade connection: container not found ("calico-node")'), {known: false, why: 'absent'}],
  ['no such pod', failure('pods "calico-node-x" not found', 404), {known: false, why: 'absent'}],
  ['a kubelet that cannot be reached', failure('error dialing backend: dial tcp 10.0.0.5:10250: i/o timeout'), {known: false, why: 'unreachable'}],
  ['a kubelet that refuses', failure('unable to upgrade connection: Forbidden', 403), {known: false, why: 'forbidden'}],
  ['a container that stops', failure('failed to load task: no running task found: open /run/x: no such file or directory'), {known: false, why: 'failed'}],
])('a status that says: %s', async (_name, status, expected) => {
  expect(await execWith(socket => (send(socket, status), socket.close()))).toMatchObject(expected)
})

test('what was said before the machinery failed is kept', async () => {
  const answer = await execWith(socket => (send(socket, channel(1, 'half'), failure('context canceled')), socket.close()))
  expect(answer).toMatchObject({known: true, value: {stdout: 'half', exit: undefined, cut: {reason: 'dropped', detail: 'context canceled'}}})
})

const status = (message: string) => JSON.stringify({kind: 'Status', status: 'Failure', message})
test.each<[number, string, object]>([
  [
    403,
    status('pods "calico-node-x" is forbidden: User "jane" cannot create resource "pods/exec"'),
    {why: 'forbidden', detail: expect.stringContaining('User "jane" cannot create resource "pods/exec"')},
  ],
  [
    401,
    status('Unauthorized'),
    {why: 'forbidden', detail: 'exec in calico-system/calico-node-x: 401 Unauthorized (the credentials were good at the start: expired or withdrawn)'},
  ],
  [404, status('pods "calico-node-x" not found'), {why: 'absent'}],
  [400, status('container felix is not valid for pod calico-node-x'), {why: 'absent'}],
  [500, status('error dialing backend: dial tcp 10.0.0.5:10250: connect: connection refused'), {why: 'unreachable'}],
  [500, status('Internal error occurred'), {why: 'failed', detail: 'exec in calico-system/calico-node-x: 500 Internal error occurred'}],
  [502, '<html>Bad Gateway</html>', {why: 'failed', detail: 'exec in calico-system/calico-node-x: 502 Bad Gateway'}],
  [414, '', {why: 'failed', detail: 'exec in calico-system/calico-node-x: 414'}],
])('a refused upgrade: %i %s', async (code, body, expected) => {
  const server = await startRefusingServer(socket => refuseWith(socket, code, body))
  expect(await execOn(server)).toMatchObject({known: false, ...expected})
})

test('a server that is busy is asked again when it says', async () => {
  let busy = 2
  const server = await startRefusingServer(socket => (busy-- > 0 ? refuseWith(socket, 429, '', 'Retry-After: 0\r\n') : refuseWith(socket, 404, '')))
  expect(await execOn(server)).toMatchObject({known: false, why: 'absent'})
  expect(server.requests).toHaveLength(4)
})

test('no connection, and none that is upgraded', async () => {
  const reset = await startRefusingServer(socket => void socket.destroy())
  expect(await execOn(reset)).toEqual({known: false, why: 'unreachable', detail: 'exec in calico-system/calico-node-x: the connection was cut'})
  const noProtocol = await startExecServer(() => {}, 'other')
  expect(await execOn(noProtocol)).toMatchObject({known: false, why: 'failed', detail: expect.stringContaining('subprotocol')})
  const gone = await startExecServer(() => {})
  const {cluster} = await connected({kubeconfig: kubeconfigFile({server: gone.url, cluster: {'insecure-skip-tls-verify': true}})})
  gone.server.closeAllConnections()
  await new Promise(resolve => gone.server.close(resolve))
  expect(await cluster.exec(target, 'x', {timeoutMs: 1_000, maxBytes: 1_000})).toEqual({
    known: false,
    why: 'unreachable',
    detail: 'exec in calico-system/calico-node-x: connection refused',
  })
})

test('TLS sessions are resumed from exec to exec', async () => {
  const server = await startExecServer(socket => (send(socket, success), socket.close()))
  const kubeconfig = kubeconfigFile({server: server.url, cluster: {'certificate-authority-data': base64(server.authority.ca)}})
  const {cluster} = await connected({kubeconfig})
  const reused: boolean[] = []
  server.server.on('secureConnection', socket => reused.push(socket.isSessionReused()))
  for (let index = 0; index < 5; index++) await cluster.exec(target, 'x', {timeoutMs: 1_000, maxBytes: 1_000})
  expect(reused).toEqual([true, true, true, true, true])
})

test('streams keep no more than they may, and read any bytes', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({maxLength: 30})), fc.integer({min: 0, max: 100}), (messages, maxBytes) => {
      const streams = new ExecStreams(maxBytes)
      for (const message of messages) streams.add(Buffer.from(message))
      const kept = messages.filter(([number]) => number === 1 || number === 2).reduce((sum, {length}) => sum + length - 1, 0)
      expect(streams.flooded).toBe(kept > maxBytes)
      expect(streams.texts().stdout.length + streams.texts().stderr.length).toBeLessThanOrEqual(maxBytes)
    }),
  )
})

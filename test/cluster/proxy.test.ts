import type {AddressInfo} from 'node:net'
import {connect as connectTo, createServer, type Socket} from 'node:net'
import {createServer as createTlsServer} from 'node:tls'
import {expect, onTestFinished, test} from 'vitest'
import {proxyFor} from '../../src/cluster/proxy.ts'
import {apiServer, startHttps} from '../helpers/api-server.ts'
import {connected, refusal} from '../helpers/connections.ts'
import {base64, kubeconfigFile} from '../helpers/kubeconfig.ts'

const cluster = {name: 'c', insecure: false, compress: true, body: {}}
const proxyOf = (server: string, env: Record<string, string>, proxyUrl?: string) =>
  proxyFor({server: new URL(server), cluster: {...cluster, ...(proxyUrl !== undefined && {proxyUrl})}}, env)
const HTTPS_PROXY = 'http://proxy:3128'

test.each<[string, Record<string, string>, string | undefined]>([
  ['https://api.lab:6443', {}, undefined],
  ['https://api.lab:6443', {HTTPS_PROXY}, HTTPS_PROXY],
  ['https://api.lab:6443', {https_proxy: 'proxy:3128'}, HTTPS_PROXY],
  ['https://api.lab:6443', {HTTP_PROXY: HTTPS_PROXY}, undefined],
  ['http://api.lab:6443', {HTTP_PROXY: HTTPS_PROXY}, HTTPS_PROXY],
  ['https://127.0.0.1:6443', {HTTPS_PROXY}, undefined],
  ['https://127.8.9.1:6443', {HTTPS_PROXY}, undefined],
  ['https://localhost:6443', {HTTPS_PROXY}, undefined],
  ['https://[::1]:6443', {HTTPS_PROXY}, undefined],
  ['https://api.lab:6443', {HTTPS_PROXY, NO_PROXY: '*'}, undefined],
  ['https://api.lab:6443', {HTTPS_PROXY, NO_PROXY: 'x, lab'}, undefined],
  ['https://api.lab:6443', {HTTPS_PROXY, NO_PROXY: '.lab'}, undefined],
  ['https://api.lab:6443', {HTTPS_PROXY, NO_PROXY: '*.lab'}, undefined],
  ['https://lab:6443', {HTTPS_PROXY, NO_PROXY: '.lab'}, HTTPS_PROXY],
  ['https://slab:6443', {HTTPS_PROXY, NO_PROXY: 'lab'}, HTTPS_PROXY],
  ['https://api.lab:6443', {HTTPS_PROXY, no_proxy: 'API.lab:6443'}, undefined],
  ['https://api.lab:6443', {HTTPS_PROXY, no_proxy: 'api.lab:443'}, HTTPS_PROXY],
  ['https://10.1.2.3:6443', {HTTPS_PROXY, NO_PROXY: '10.1.2.3'}, undefined],
  ['https://10.1.2.3:6443', {HTTPS_PROXY, NO_PROXY: '10.0.0.0/8'}, undefined],
  ['https://10.1.2.3:6443', {HTTPS_PROXY, NO_PROXY: '10.2.0.0/16,10.0.0.0/99,x/y'}, HTTPS_PROXY],
  ['https://[fd00::5]:6443', {HTTPS_PROXY, NO_PROXY: 'fd00::/64'}, undefined],
  ['https://[fd00::5]:6443', {HTTPS_PROXY, NO_PROXY: 'fd00::5'}, undefined],
])('%s with %j goes through %s', (server, env, expected) => {
  expect(proxyOf(server, env)).toBe(expected)
})

test('proxy-url of the kubeconfig counts for itself', () => {
  expect(proxyOf('https://127.0.0.1', {NO_PROXY: '*'}, 'socks5://p')).toBe('socks5://p')
})

/** Joins two sockets and forgets their errors. */
function join(a: Socket, b: Socket): void {
  for (const socket of [a, b]) socket.on('error', () => {})
  a.pipe(b)
  b.pipe(a)
}
async function listening(server: ReturnType<typeof createServer>): Promise<number> {
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return (server.address() as AddressInfo).port
}
/** A proxy that knows CONNECT; `seen` are its request heads. */
function httpProxy(seen: string[], answer = 'HTTP/1.1 200 Connection established\r\nVia: lab\r\n\r\n') {
  return (client: Socket) =>
    client.once('data', head => {
      seen.push(head.toString())
      client.write(answer)
      const [, port] = /^CONNECT 127\.0\.0\.1:(\d+) /.exec(head.toString()) ?? []
      if (port) join(client, connectTo(Number(port), '127.0.0.1'))
    })
}
/** A SOCKS5 proxy that wants `me:secret` when `login` says so. */
const socksProxy = (seen: Buffer[], login: boolean) => (client: Socket) => {
  const steps = [
    () => client.write(Buffer.from([5, login ? 2 : 0])),
    ...(login ? [() => client.write(Buffer.from([1, 0]))] : []),
    (request: Buffer) => {
      const target = connectTo(request.readUInt16BE(request.length - 2), '127.0.0.1', () => {
        client.write(Buffer.from([5, 0, 0, 1, 0, 0, 0, 0, 0, 0]))
        client.off('data', step)
        join(client, target)
      })
    },
  ]
  const step = (chunk: Buffer) => {
    seen.push(chunk)
    steps.shift()?.(chunk)
  }
  client.on('data', step)
}

async function through(proxyUrl: string) {
  const server = await startHttps(apiServer())
  const kubeconfig = kubeconfigFile({server: server.url, cluster: {'certificate-authority-data': base64(server.authority.ca), 'proxy-url': proxyUrl}})
  return {kubeconfig, server}
}

test('an http proxy, with a login', async () => {
  const seen: string[] = []
  const port = await listening(createServer(httpProxy(seen)))
  const {kubeconfig, server} = await through(`http://me:s%20ecret@127.0.0.1:${port}`)
  const connection = await connected({kubeconfig})
  await connection.cluster.get('/version')
  expect(seen).toEqual([
    `CONNECT 127.0.0.1:${server.port} HTTP/1.1\r\nHost: 127.0.0.1:${server.port}\r\nProxy-Authorization: Basic ${base64('me:s ecret')}\r\n\r\n`,
  ])
})

test('an https proxy that this machine does not trust', async () => {
  const server = await startHttps(apiServer())
  const {certificate, key} = await server.authority.issue('CN=proxy')
  const port = await listening(createTlsServer({cert: certificate, key}, httpProxy([])))
  const {kubeconfig} = await through(`https://127.0.0.1:${port}`)
  expect(await refusal({kubeconfig})).toMatch(/^There is no way to the API server .*: the proxy 127\.0\.0\.1:\d+: unable to verify the first certificate/)
})

test.each([false, true])('a socks5 proxy, with a login: %s', async login => {
  const seen: Buffer[] = []
  const port = await listening(createServer(socksProxy(seen, login)))
  const {kubeconfig, server} = await through(`socks5://${login ? 'me:secret@' : ''}127.0.0.1:${port}`)
  await connected({kubeconfig})
  expect(seen[0]).toEqual(Buffer.from(login ? [5, 2, 0, 2] : [5, 1, 0]))
  expect(seen[login ? 2 : 1]).toEqual(Buffer.from([5, 1, 0, 1, 127, 0, 0, 1, server.port >> 8, server.port & 255]))
  if (login) expect(seen[1]!.toString('latin1')).toBe('\x01\x02me\x06secret')
})

test.each<[string, (client: Socket) => void, RegExp]>([
  [
    'refuses',
    httpProxy([], 'HTTP/1.1 407 Proxy Authentication Required\r\n\r\n'),
    /the proxy 127\.0\.0\.1:\d+: it answers HTTP\/1\.1 407 Proxy Authentication Required\. → Check proxy-url/,
  ],
  ['hangs up', client => client.end(), /it closed the connection/],
  ['does not end', client => client.write(Buffer.alloc(20_000, 'x')), /its answer does not end/],
])('a proxy that %s', async (_name, answer, sentence) => {
  const port = await listening(createServer(answer))
  expect(await refusal({kubeconfig: (await through(`http://127.0.0.1:${port}`)).kubeconfig})).toMatch(sentence)
})

test('a proxy of an unknown kind, whose login is not shown', async () => {
  expect(await refusal({kubeconfig: (await through('quic://me:secret@127.0.0.1:1')).kubeconfig})).toMatch(
    /the proxy quic:\/\/…@127\.0\.0\.1:1 is neither http, https nor socks5/,
  )
})

test('nobody behind the proxy address', async () => {
  const server = createServer()
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const {port} = server.address() as AddressInfo
  await new Promise(resolve => server.close(resolve))
  expect(await refusal({kubeconfig: (await through(`http://127.0.0.1:${port}`)).kubeconfig})).toMatch(/the proxy 127\.0\.0\.1:\d+: connect ECONNREFUSED/)
})

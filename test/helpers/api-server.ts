import {createServer as createHttpServer, type IncomingMessage, type RequestListener, type Server} from 'node:http'
import {createServer as createHttpsServer} from 'node:https'
import type {AddressInfo, Socket} from 'node:net'
import {onTestFinished} from 'vitest'
import {type Authority, newAuthority} from './authority.ts'

export interface ApiServer {
  readonly url: string
  readonly port: number
  readonly server: Server
  /** Connections that were made so far. */
  readonly connections: () => number
  /** Requests that came so far. */
  readonly requests: IncomingMessage[]
}
export interface SecureServer extends ApiServer {
  readonly authority: Authority
}

const shared = newAuthority()

/** An HTTPS server on loopback that answers as it is told; closed after the test. */
export async function startHttps(
  answer: RequestListener,
  options: {readonly authority?: Authority; readonly [tls: string]: unknown} = {},
): Promise<SecureServer> {
  const authority = options.authority ?? (await shared)
  const {certificate, key} = await authority.issue('CN=kube-apiserver')
  const server = createHttpsServer({cert: certificate, key, ...options})
  return {...(await listen(server, 'https', answer, 'secureConnection')), authority}
}

export const startHttp = (answer: RequestListener): Promise<ApiServer> => listen(createHttpServer(), 'http', answer, 'connection')

async function listen(server: Server, scheme: string, answer: RequestListener, event: string): Promise<ApiServer> {
  const open = new Set<Socket>()
  const requests: IncomingMessage[] = []
  let connections = 0
  server.on(event, () => connections++)
  server.on('connection', (socket: Socket) => {
    open.add(socket)
    socket.on('error', () => {})
    socket.on('close', () => open.delete(socket))
  })
  server.on('request', (request, response) => {
    requests.push(request)
    answer(request, response)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    for (const socket of open) socket.destroy()
    server.close()
  })
  const {port} = server.address() as AddressInfo
  return {url: `${scheme}://127.0.0.1:${port}`, port, server, connections: () => connections, requests}
}

export const version = JSON.stringify({gitVersion: 'v1.33.2'})
/** Answers /version and, for the rest, what `more` says. */
export const apiServer =
  (more: RequestListener = (_request, response) => void response.writeHead(404).end()): RequestListener =>
  (request, response) =>
    request.url === '/version' ? void response.setHeader('content-type', 'application/json').end(version) : more(request, response)

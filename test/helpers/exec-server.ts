import type {IncomingMessage} from 'node:http'
import type {Duplex} from 'node:stream'
import {type WebSocket, WebSocketServer} from 'ws'
import {apiServer, type SecureServer, startHttps} from './api-server.ts'

/** Messages of one channel, as a kubelet sends them. */
export const channel = (number: number, content: string | Buffer): Buffer => Buffer.concat([Buffer.from([number]), Buffer.from(content)])
export const success = channel(3, JSON.stringify({metadata: {}, status: 'Success'}))
export const exited = (code: number): Buffer =>
  channel(
    3,
    JSON.stringify({
      status: 'Failure',
      reason: 'NonZeroExitCode',
      message: `command terminated with non-zero exit code: ${code}`,
      details: {causes: [{reason: 'ExitCode', message: String(code)}]},
    }),
  )
export const failure = (message: string, code = 500): Buffer => channel(3, JSON.stringify({status: 'Failure', reason: 'InternalError', message, code}))

/** An API server whose execs do what `answer` does with each WebSocket. */
export async function startExecServer(answer: (socket: WebSocket, request: IncomingMessage) => void, protocol = 'v5.channel.k8s.io'): Promise<SecureServer> {
  const server = await startHttps(apiServer())
  const sockets = new WebSocketServer({noServer: true, perMessageDeflate: false, handleProtocols: offered => (offered.has(protocol) ? protocol : false)})
  server.server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    server.requests.push(request)
    sockets.handleUpgrade(request, socket, head, webSocket => answer(webSocket, request))
  })
  return server
}

/** An API server that refuses the upgrade with bytes of its own. */
export async function startRefusingServer(answer: (socket: Duplex, request: IncomingMessage) => void): Promise<SecureServer> {
  const server = await startHttps(apiServer())
  server.server.on('upgrade', (request: IncomingMessage, socket: Duplex) => {
    server.requests.push(request)
    answer(socket, request)
  })
  return server
}
export const refuseWith = (socket: Duplex, code: number, body: string, headers = ''): void =>
  void socket.end(`HTTP/1.1 ${code} No\r\n${headers}Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`)

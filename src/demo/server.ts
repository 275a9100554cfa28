import {createServer, type Server} from 'node:https'
import type {AddressInfo} from 'node:net'
import type {Duplex} from 'node:stream'
import {WebSocketServer} from 'ws'
import type {Certificates} from './certificates.ts'
import type {ClusterState} from './cluster-state.ts'
import {protocols} from './exec-target.ts'
import type {Faults} from './faults.ts'
import type {RecordedRequest} from './requests.ts'
import {serveRequest} from './serve-request.ts'
import {serveUpgrade} from './serve-upgrade.ts'
import type {Users} from './sign-in.ts'

export interface ServerOptions {
  readonly state: ClusterState
  readonly faults: Faults
  readonly users: Users
  /** Grows with each request. */
  readonly requests: RecordedRequest[]
  readonly certificates: Certificates
}
export interface RunningServer {
  /** `https://127.0.0.1:PORT` */
  readonly url: string
  close(): Promise<void>
}

/** A kube-apiserver on a free port of loopback. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const {certificate, key} = options.certificates
  const server = createServer({cert: certificate, key})
  const sockets = new WebSocketServer({noServer: true, perMessageDeflate: false, handleProtocols: chosenProtocol})
  server.on('request', (request, response) => void serveRequest(request, response, options).catch(() => response.destroy()))
  server.on('upgrade', (request, socket, head) => serveUpgrade(request, socket, head, sockets, options))
  const open = openSockets(server)
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve))
  const {port} = server.address() as AddressInfo
  return {url: `https://127.0.0.1:${port}`, close: () => closeAll(server, open)}
}

/** v5 before v4, whatever the client prefers. */
const chosenProtocol = (offered: Set<string>): string | false => protocols.find(protocol => offered.has(protocol)) ?? false

function openSockets(server: Server): ReadonlySet<Duplex> {
  const open = new Set<Duplex>()
  server.on('secureConnection', socket => {
    open.add(socket)
    socket.on('error', () => socket.destroy())
    socket.on('close', () => open.delete(socket))
  })
  return open
}

/** Stalled and watching connections would keep it open for ever. */
const closeAll = (server: Server, open: ReadonlySet<Duplex>): Promise<void> =>
  new Promise(resolve => {
    server.close(() => resolve())
    for (const socket of open) socket.destroy()
  })

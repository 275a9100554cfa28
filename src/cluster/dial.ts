import {once} from 'node:events'
import {connect, isIP, type Socket} from 'node:net'
import {connect as connectTls, type SecureContext} from 'node:tls'
import {hostOf, portOf} from './proxy.ts'
import type {Target} from './target.ts'
import {tunnel} from './tunnel.ts'

/** TCP, tunnel and TLS together. */
const dialTimeoutMs = 10_000

export interface DialOptions {
  readonly target: Target
  readonly proxy: string | undefined
  /** None for plain HTTP. */
  readonly secureContext: SecureContext | undefined
  /** The last TLS session: resuming it saves the server's certificates and both sides' key exchange. */
  readonly session: Buffer | undefined
  readonly onSession: (session: Buffer) => void
  /** Every socket as soon as it exists, so that it can be closed. */
  readonly onSocket: (socket: Socket) => void
}

/** One connection to the API server, ready for HTTP. Rejects with the socket's or TLS's own error. */
export async function dial(options: DialOptions): Promise<Socket> {
  const {target, proxy, onSocket} = options
  const [host, port] = [hostOf(target.server), portOf(target.server)]
  const sockets: Socket[] = []
  const opened = (socket: Socket) => {
    sockets.push(socket)
    onSocket(socket)
  }
  const late = setTimeout(() => {
    for (const socket of sockets) socket.destroy(Object.assign(new Error('no connection in time'), {code: 'ETIMEDOUT'}))
  }, dialTimeoutMs)
  try {
    const through = proxy === undefined ? undefined : await tunnel(proxy, host, port, opened)
    if (target.server.protocol === 'http:') return through ?? (await connectPlain(host, port, opened))
    return await connectSecurely(host, port, through, options, opened)
  } finally {
    clearTimeout(late)
  }
}

async function connectPlain(host: string, port: number, opened: (socket: Socket) => void): Promise<Socket> {
  const socket = connect({host, port, ...socketOptions})
  opened(socket)
  await once(socket, 'connect')
  return socket
}

async function connectSecurely(
  host: string,
  port: number,
  through: Socket | undefined,
  options: DialOptions,
  opened: (socket: Socket) => void,
): Promise<Socket> {
  const {cluster} = options.target
  const servername = cluster.serverName ?? (isIP(host) === 0 ? host : undefined)
  const socket = connectTls({
    host,
    port,
    ...socketOptions,
    ...(through && {socket: through}),
    ...(servername !== undefined && {servername}),
    ...(options.secureContext && {secureContext: options.secureContext}),
    // Said outright, so that NODE_TLS_REJECT_UNAUTHORIZED of the environment cannot switch it off.
    rejectUnauthorized: !cluster.insecure,
    ALPNProtocols: ['http/1.1'],
    ...(options.session && {session: options.session}),
  })
  opened(socket)
  socket.on('session', options.onSession)
  await once(socket, 'secureConnect')
  return socket
}

/** Node gives each of several addresses 250 ms, too little for a far cluster. */
const socketOptions = {noDelay: true, keepAlive: true, keepAliveInitialDelay: 30_000, autoSelectFamilyAttemptTimeout: 2_000}

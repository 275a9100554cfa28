import {Agent} from 'node:http'
import type {Socket} from 'node:net'
import type {SecureContext} from 'node:tls'
import pLimit from 'p-limit'
import type {Env} from './connect-options.ts'
import type {Credential} from './credential.ts'
import {credentialsOf} from './credentials.ts'
import {dial} from './dial.ts'
import {isLoopback, proxyFor} from './proxy.ts'
import {secureContextOf, trustedBy} from './secure-context.ts'
import type {Target} from './target.ts'

/** The way to one API server: who we are, and connections that are used again. client-node opens one for each request (kubernetes-client/javascript#2893). */
export interface Wire {
  readonly target: Target
  /** Answers may come compressed: over loopback that costs more time than it saves. */
  readonly gzip: boolean
  /** What the next request needs. @throws CredentialError */
  ready(): Promise<Lane>
  /** Starts `ask` when fewer than a handful of requests are on their way. */
  inTurn<T>(ask: () => Promise<T>): Promise<T>
  /** After a 401. False when the same would be refused again. */
  renew(): boolean
  close(): void
}
/** Connections that were opened with one client certificate. */
export interface Lane {
  readonly headers: Credential['headers']
  readonly agent: Agent
  /** Our own, PEM. */
  readonly certificate: string | undefined
  /** A connection of its own, for an exec. */
  dial(): Promise<Socket>
}

/** More requests at once only queue in the API server's own limits. An Agent counts a connection only when it is made, so its maxSockets would not hold. */
const atOnce = 16

/** @throws CredentialError for files that cannot be read */
export async function openWire(target: Target, env: Env): Promise<Wire> {
  const [credentials, ca] = await Promise.all([credentialsOf(target), isSecure(target) ? trustedBy(target) : ''])
  const proxy = proxyFor(target, env)
  const sockets = new Set<Socket>()
  let lane: Lane | undefined
  const ready = async () => {
    const credential = await credentials.get()
    if (!lane || lane.certificate !== credential.certificate)
      lane = openLane(target, proxy, isSecure(target) ? secureContextOf(ca, credential, target) : undefined, credential, sockets)
    return {...lane, headers: credential.headers}
  }
  const close = () => {
    for (const socket of sockets) socket.destroy(new Error('closed'))
  }
  return {target, gzip: target.cluster.compress && !isLoopback(target.server), ready, inTurn: pLimit(atOnce), renew: credentials.renew, close}
}

function openLane(
  target: Target,
  proxy: string | undefined,
  secureContext: SecureContext | undefined,
  {certificate, headers}: Credential,
  sockets: Set<Socket>,
) {
  let session: Buffer | undefined
  const onSession = (latest: Buffer) => {
    session = latest
  }
  const onSocket = (socket: Socket) => {
    sockets.add(socket)
    // Whoever waits for the socket hears of its error; when nobody does any more, it must not end the process.
    socket.on('error', () => {})
    socket.on('close', () => sockets.delete(socket))
  }
  const open = () => dial({target, proxy, secureContext, session, onSession, onSocket})
  const agent = new Agent({keepAlive: true, scheduling: 'lifo'})
  agent.createConnection = (_options, callback) => {
    open().then(
      socket => callback?.(null, socket),
      error => callback?.(error, undefined as never),
    )
    return undefined
  }
  return {certificate, headers, agent, dial: open}
}

const isSecure = ({server}: Target) => server.protocol === 'https:'

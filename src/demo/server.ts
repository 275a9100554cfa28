import type {IncomingMessage, ServerResponse} from 'node:http'
import {createServer} from 'node:https'
import type {AddressInfo} from 'node:net'
import type {Duplex} from 'node:stream'
import {WebSocketServer} from 'ws'
import type {Certificates} from './certificates.ts'
import type {ClusterState} from './cluster-state.ts'
import {serveExec} from './exec.ts'
import type {Faults} from './faults.ts'
import {authorise, handle} from './handle.ts'
import type {User} from './rbac.ts'
import {findResource, type RequestInfo, requestInfo} from './request-info.ts'
import {type RecordedRequest, record} from './requests.ts'
import {type Answer, faultAnswer, respond, statusAnswer} from './respond.ts'
import {StatusError, statusOf, unauthorized} from './status.ts'
import {execTarget, protocols, refuseUpgrade} from './upgrade.ts'
import {serveWatch} from './watch.ts'

export interface ServerOptions {
  readonly state: ClusterState
  readonly faults: Faults
  /** By bearer token. */
  readonly users: ReadonlyMap<string, User>
  readonly requests: RecordedRequest[]
  readonly certificates: Certificates
}
export interface RunningServer {
  readonly url: string
  close(): Promise<void>
}

/** A kube-apiserver on a free port of loopback. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const {certificate, key} = options.certificates
  const server = createServer({cert: certificate, key})
  const sockets = new WebSocketServer({noServer: true, perMessageDeflate: false, handleProtocols: chosenProtocol})
  server.on('request', (request, response) => void serve(request, response, options))
  server.on('upgrade', (request, socket, head) => void upgrade(request, socket, head, sockets, options))
  const open = new Set<Duplex>()
  server.on('secureConnection', socket => {
    open.add(socket)
    socket.on('error', () => socket.destroy())
    socket.on('close', () => open.delete(socket))
  })
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve))
  const {port} = server.address() as AddressInfo
  const close = () =>
    new Promise<void>(resolve => {
      server.close(() => resolve())
      for (const socket of open) socket.destroy()
    })
  return {url: `https://127.0.0.1:${port}`, close}
}

function chosenProtocol(offered: Set<string>): string | false {
  return protocols.find(protocol => offered.has(protocol)) ?? false
}

async function serve(request: IncomingMessage, response: ServerResponse, options: ServerOptions): Promise<void> {
  const {state, faults, requests} = options
  const url = request.url ?? '/'
  const info = requestInfo(request.method ?? 'GET', url)
  const seen = record(info)
  requests.push(seen)
  response.on('error', () => response.destroy())
  const body = await bodyOf(request)
  const fault = faults.onPath(url)
  if (fault === 'stall') return
  const accept = request.headers.accept
  const answer =
    (fault && faultAnswer(fault)) ??
    answered(() =>
      isWatch(info) ? watchOf(state, info, signedIn(request, options, seen)) : handle(state, {info, user: signedIn(request, options, seen), accept, body}),
    )
  if ('watch' in answer) {
    seen.status = 200
    return serveWatch(state, answer.watch, info, accept, response)
  }
  seen.status = answer.code
  await respond(request, response, answer, fault)
}

const isWatch = ({verb, resource}: RequestInfo) => verb === 'watch' && resource !== ''

function watchOf(state: ClusterState, info: RequestInfo, user: User) {
  authorise(user, info)
  const watch = findResource(state.resources, info)
  if (!watch) throw new StatusError(statusOf(404, 'the server could not find the requested resource'))
  return {watch}
}

function answered<T>(answer: () => T): T | Answer {
  try {
    return answer()
  } catch (error) {
    if (error instanceof StatusError) return statusAnswer(error.status)
    return statusAnswer(statusOf(500, `Internal error occurred: ${String(error)}`))
  }
}

function signedIn({headers}: IncomingMessage, {users}: ServerOptions, seen: RecordedRequest): User {
  const token = /^Bearer (.+)$/i.exec(headers.authorization ?? '')?.[1]
  const user = token === undefined ? undefined : users.get(token)
  if (!user) throw unauthorized()
  seen.user = user.name
  return user
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  try {
    for await (const chunk of request) chunks.push(chunk)
  } catch {
    // The client went away: nobody waits for an answer to what it did not finish asking.
  }
  return Buffer.concat(chunks).toString()
}

async function upgrade(request: IncomingMessage, socket: Duplex, head: Buffer, sockets: WebSocketServer, options: ServerOptions): Promise<void> {
  const {state, faults, requests} = options
  const url = request.url ?? '/'
  const info = requestInfo(request.method ?? 'GET', url)
  const seen = record(info)
  requests.push(seen)
  socket.on('error', () => socket.destroy())
  const refuse = (answer: Answer) => {
    seen.status = answer.code
    refuseUpgrade(socket, answer)
  }
  const onPath = faults.onPath(url)
  if (onPath === 'stall') return
  const spoilt = onPath && faultAnswer(onPath)
  if (spoilt) return refuse(spoilt)
  if (onPath) return void socket.destroy()
  const target = answered(() => execTarget(state, signedIn(request, options, seen), info))
  if (!('node' in target)) return refuse(target)
  const fault = faults.onNode(target.node)
  if (fault === 'reset') return void socket.destroy()
  if (typeof fault === 'object' && 'status' in fault)
    return refuse(statusAnswer(statusOf(fault.status, fault.message ?? unreachable(target.node, fault.status))))
  seen.status = 101
  sockets.handleUpgrade(request, socket, head, connection => void serveExec(connection, state.nodes[target.node], target.request, fault))
}

/** A kubelet that does not answer is a 500 of the API server's own. */
const unreachable = (node: string, status: number) =>
  status === 500 ? `error dialing backend: dial tcp: lookup ${node}: connect: connection refused` : `exec on ${node} is refused`

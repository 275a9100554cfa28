import type {IncomingMessage} from 'node:http'
import type {Duplex} from 'node:stream'
import type {WebSocketServer} from 'ws'
import {serveExec} from './exec.ts'
import {type ExecTarget, execTarget, requireRunning} from './exec-target.ts'
import type {ExecAnswer} from './faults.ts'
import {refuseUpgrade} from './refuse-upgrade.ts'
import {requestInfo} from './request-info.ts'
import {type RecordedRequest, record} from './requests.ts'
import {type Answer, answered, faultAnswer, statusAnswer} from './respond.ts'
import type {ServerOptions} from './server.ts'
import {signedIn} from './sign-in.ts'
import {statusOf, unreasoned} from './status.ts'

/** One exec over WebSocket: refused in plain HTTP, broken as a fault says, or upgraded. */
export function serveUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer, sockets: WebSocketServer, options: ServerOptions): void {
  const {state, requests, faults} = options
  const seen = record(requestInfo(request.method ?? 'GET', request.url ?? '/'))
  requests.push(seen)
  socket.on('error', () => socket.destroy())
  const onPath = faults.onPath(request.url ?? '/')
  if (onPath === 'stall') return
  const target = onPath === undefined ? targetOf(request, options, seen) : faultAnswer(onPath)
  if (target === undefined) return void socket.destroy()
  if (!('node' in target)) return refuse(socket, target, seen)
  const fault = faults.onNode(target.node)
  if (fault === 'reset') return void socket.destroy()
  const refusal = refusalOf(fault, target) ?? kubeletsRefusal(target)
  if (refusal) return refuse(socket, refusal, seen)
  seen.status = 101
  sockets.handleUpgrade(request, socket, head, connection => void serveExec(connection, state.nodes[target.node], target.request, fault))
}

function targetOf(request: IncomingMessage, {state, users}: ServerOptions, seen: RecordedRequest): ExecTarget | Answer {
  return answered(() => {
    const user = signedIn(request.headers, users)
    seen.user = user.name
    return execTarget(state, user, requestInfo(request.method ?? 'GET', request.url ?? '/'))
  })
}

function refuse(socket: Duplex, answer: Answer, seen: RecordedRequest): void {
  seen.status = answer.code
  refuseUpgrade(socket, answer)
}

/** A kubelet that does not answer is a 500 of the API server's own. */
function refusalOf(fault: ExecAnswer | undefined, {node}: ExecTarget): Answer | undefined {
  if (typeof fault !== 'object' || !('status' in fault)) return undefined
  const {status, message} = fault
  if (status === 500) return statusAnswer(unreasoned(message ?? `error dialing backend: dial tcp ${node}:10250: connect: connection refused`))
  return statusAnswer(statusOf(status, message ?? `exec on ${node} is refused`))
}

function kubeletsRefusal(target: ExecTarget): Answer | undefined {
  return answered(() => {
    requireRunning(target)
    return undefined
  })
}

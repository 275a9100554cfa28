import type {Collected} from '../engine/collected.ts'
import type {ExecOutput, ExecTarget, Limits} from '../engine/collector.ts'
import {type Deadline, startDeadline} from './deadline.ts'
import {converse} from './exec-conversation.ts'
import {refused} from './exec-outcome.ts'
import {noAnswerFor} from './no-answer.ts'
import {pathOn, userAgent} from './request-parts.ts'
import {pause, retryDelay} from './retry.ts'
import {unknownBecause} from './status.ts'
import type {Wire} from './wire.ts'

/** v5 came with Kubernetes 1.29; both carry stdout, stderr and the exit status on channels of their own. */
const protocols = ['v5.channel.k8s.io', 'v4.channel.k8s.io']

/**
 * `sh -c SCRIPT` in a container, over one WebSocket. Ends in every case: with its status, its deadline, a flood, or the connection
 * (docs/decisions/001-exec-over-ws.md). Known, with `cut`, when the command was started and some of it was not seen.
 */
export async function execScript(wire: Wire, target: ExecTarget, script: string, limits: Limits): Promise<Collected<ExecOutput>> {
  const what = `exec in ${target.namespace}/${target.pod}`
  const deadline = startDeadline(limits)
  try {
    return await tried(wire, execPath(target, script), limits.maxBytes, deadline, what)
  } catch (error) {
    return unknownBecause(error, what)
  } finally {
    deadline.clear()
  }
}

async function tried(wire: Wire, path: string, maxBytes: number, deadline: Deadline, what: string): Promise<Collected<ExecOutput>> {
  let wasRenewed = false
  for (let tries = 1; ; ) {
    const socket = await deadline.race(openSocket(wire, path, maxBytes, deadline.signal))
    const {output, refusal} = await converse(socket, maxBytes, deadline, what)
    if (!refusal) return output
    if (refusal.status === 401 && !wasRenewed && wire.renew()) {
      wasRenewed = true
      continue
    }
    const delay = retryDelay(refusal, tries++, deadline.leftMs())
    if (delay === undefined) return refused(refusal, what)
    await pause(delay, deadline.signal)
  }
}

/** A WebSocket on a connection that is made already: its errors are the same as those of any other request. */
async function openSocket(wire: Wire, path: string, maxBytes: number, signal: AbortSignal) {
  const [{WebSocket}, lane] = await Promise.all([import('ws'), wire.ready()])
  const connection = await lane.dial().catch(error => Promise.reject(noAnswerFor(error)))
  if (signal.aborted) {
    connection.destroy()
    throw signal.reason
  }
  const url = new URL(pathOn(wire.target.server, path), wire.target.server)
  url.protocol = url.protocol.replace('http', 'ws')
  return new WebSocket(url, protocols, {
    createConnection: () => connection,
    headers: {...lane.headers, 'user-agent': userAgent},
    perMessageDeflate: false,
    skipUTF8Validation: true,
    maxPayload: maxBytes + 1,
  })
}

function execPath({namespace, pod, container}: ExecTarget, script: string): string {
  const query = new URLSearchParams([
    ...['sh', '-c', script].map(word => ['command', word] as [string, string]),
    ['container', container],
    ['stdout', 'true'],
    ['stderr', 'true'],
  ])
  return `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(pod)}/exec?${query}`
}

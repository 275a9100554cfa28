import type {WebSocket} from 'ws'
import type {Collected} from '../engine/collected.ts'
import type {ExecOutput} from '../engine/collector.ts'
import type {Deadline} from './deadline.ts'
import {cutOutput, outcomeOf, type Refusal} from './exec-outcome.ts'
import {ExecStreams} from './exec-streams.ts'
import {type NoAnswer, noAnswerFor} from './no-answer.ts'
import {bodyOf} from './response-body.ts'
import {oneLine} from './words.ts'

/** The status is the last thing to be said; a server that then does not hang up is not waited for. */
const afterStatusMs = 500

export type Said = {readonly refusal: Refusal; readonly output?: never} | {readonly refusal?: never; readonly output: Collected<ExecOutput>}

/**
 * All that comes over an exec's WebSocket until its status, its end, a flood or the deadline. client-node waits for ever when a socket closes without
 * a status (kubernetes-client/javascript#714).
 * @throws NoAnswer when nothing was ever upgraded
 */
export function converse(socket: WebSocket, maxBytes: number, deadline: Deadline, what: string): Promise<Said> {
  const streams = new ExecStreams(maxBytes)
  return new Promise<Said>((resolve, reject) => {
    let opened = false
    const cut = (reason: 'flood' | 'timeout' | 'dropped', detail: string) => resolve({output: cutOutput(streams, reason, detail)})
    const dropped = (detail: string) => (streams.status ? resolve({output: outcomeOf(streams.status, streams, what)}) : cut('dropped', detail))
    const late = () => (opened ? cut('timeout', (deadline.signal.reason as NoAnswer).message) : reject(deadline.signal.reason))
    socket.on('open', () => {
      opened = true
    })
    socket.on('message', (data: Buffer) => {
      streams.add(data)
      if (streams.flooded) cut('flood', `more than ${maxBytes} bytes`)
      if (streams.status) setTimeout(dropped, afterStatusMs, '').unref()
    })
    socket.on('unexpected-response', (_request, response) => {
      const {statusCode: status = 0, headers} = response
      const answer = (body: Buffer) => resolve({refusal: {status, headers, body}})
      bodyOf(response, 65_536, deadline.signal).then(answer, () => answer(Buffer.alloc(0)))
    })
    socket.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH') return cut('flood', `more than ${maxBytes} bytes`)
      return opened ? dropped(`the connection broke: ${oneLine(error.message)}`) : reject(noAnswerFor(error))
    })
    socket.on('close', code => dropped(`the connection closed without a status (${code})`))
    deadline.signal.addEventListener('abort', late)
    if (deadline.signal.aborted) late()
  }).finally(() => socket.terminate())
}

import {request as httpRequest, type IncomingMessage} from 'node:http'
import {noAnswerFor} from './no-answer.ts'
import {pathOn, userAgent} from './request-parts.ts'
import {bodyOf} from './response-body.ts'
import type {Wire} from './wire.ts'

/** One line of a watch: metav1.WatchEvent. */
export interface WatchEvent {
  readonly type: string
  readonly object: any
}
export interface WatchEnd {
  /** 200: the server or the network ended the stream; anything else: it was refused. 0: no answer at all. */
  readonly status: number
}

/** A big object, several times over. */
const longestLine = 64 * 1024 * 1024
const refusalBytes = 64 * 1024

/**
 * Opens a watch and tells each of its events until it ends. It takes no turn among the questions, for it stays open for minutes. Never throws for what a
 * server does; `onEvent` may throw, and ends it.
 */
export async function watchStream(wire: Wire, path: string, signal: AbortSignal, onEvent: (event: WatchEvent) => void): Promise<WatchEnd> {
  let status = 0
  try {
    const response = await opened(wire, path, signal)
    status = response.statusCode ?? 0
    if (status === 200) await readLines(response, onEvent)
    else await bodyOf(response, refusalBytes, signal)
  } catch {
    // Whoever follows the list reads it again, and hears then what is wrong.
  }
  return {status}
}

async function opened(wire: Wire, path: string, signal: AbortSignal): Promise<IncomingMessage> {
  const {headers, agent} = await wire.ready()
  const {server} = wire.target
  return new Promise((resolve, reject) => {
    const own = {host: server.host, accept: 'application/json', 'user-agent': userAgent}
    const request = httpRequest({agent, path: pathOn(server, path), headers: {...headers, ...own}, signal})
    request.once('response', resolve)
    request.on('error', error => reject(noAnswerFor(error)))
    request.end()
  })
}

async function readLines(response: IncomingMessage, onEvent: (event: WatchEvent) => void): Promise<void> {
  let rest = ''
  for await (const chunk of response.setEncoding('utf8')) {
    const lines = (rest + chunk).split('\n')
    rest = lines.pop() ?? ''
    if (rest.length > longestLine) throw new RangeError('an event without end')
    for (const line of lines) if (line !== '') onEvent(JSON.parse(line))
  }
}

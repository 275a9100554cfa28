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

export interface WatchBounds {
  readonly signal: AbortSignal
  /** Until it is open. */
  readonly timeoutMs: number
}

/** A server that lives sends a bookmark each minute (k8s.io/apiserver: storage/cacher, bookmarkFrequency); who says nothing for so long is gone. */
const silenceMs = 150_000
/** A big object, several times over. */
const longestLine = 64 * 1024 * 1024
const refusalBytes = 64 * 1024

/**
 * Opens a watch and tells each of its events until it ends. It takes no turn among the questions, for it stays open for minutes. Never throws for what a
 * server does; `onEvent` may throw, and ends it.
 */
export async function watchStream(wire: Wire, path: string, {signal, timeoutMs}: WatchBounds, onEvent: (event: WatchEvent) => void): Promise<WatchEnd> {
  let status = 0
  const silence = silenceAfter(timeoutMs)
  const stop = AbortSignal.any([signal, silence.signal])
  try {
    const response = await opened(wire, path, stop)
    status = response.statusCode ?? 0
    silence.allow(status === 200 ? silenceMs : timeoutMs)
    response.on('data', silence.heard)
    if (status === 200) await readLines(response, onEvent)
    else await bodyOf(response, refusalBytes, stop)
  } catch {
    // Whoever follows the list reads it again, and hears then what is wrong.
  } finally {
    silence.end()
  }
  return {status}
}

/** Aborts when nothing was heard for as long as is allowed. */
function silenceAfter(ms: number) {
  const over = new AbortController()
  const begin = (allowed: number) => setTimeout(() => over.abort(), allowed)
  let timer = begin(ms)
  return {
    signal: over.signal,
    heard: () => timer.refresh(),
    allow: (allowed: number) => {
      clearTimeout(timer)
      timer = begin(allowed)
    },
    end: () => clearTimeout(timer),
  }
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

import {request as httpRequest, type IncomingHttpHeaders, type IncomingMessage} from 'node:http'
import {promisify} from 'node:util'
import {gunzip} from 'node:zlib'
import {type Bounds, type Deadline, startDeadline} from './deadline.ts'
import {NoAnswer, noAnswerFor} from './no-answer.ts'
import {pathOn, userAgent} from './request-parts.ts'
import {bodyOf} from './response-body.ts'
import {pause, retryDelay} from './retry.ts'
import type {Wire} from './wire.ts'

export interface Ask extends Bounds {
  readonly method?: 'GET' | 'POST'
  /** Path and query, from the server's root. */
  readonly path: string
  /** JSON. */
  readonly body?: string
  /** Media type; default: JSON. */
  readonly accept?: string
  /** Takes the body of each answer as it comes, not compressed; default: all of it, up to 256 MiB. */
  readonly read?: (response: IncomingMessage, signal: AbortSignal) => Promise<Buffer>
}
export interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
}

/** A page of 500 big pods is some 5 MB. */
const maxBodyBytes = 256 * 1024 * 1024

/**
 * One question, asked again where that is safe and may help: once when the connection was cut before an answer (a kept connection that the server
 * had just closed), once with new credentials after a 401, and while the server says when to come back (429, 503) as long as the time lasts.
 * @throws NoAnswer, CredentialError
 */
export const exchange = (wire: Wire, ask: Ask): Promise<Answer> =>
  wire.inTurn(async () => {
    const deadline = startDeadline(ask)
    try {
      return await deadline.race(tried(wire, ask, deadline))
    } finally {
      deadline.clear()
    }
  })

async function tried(wire: Wire, ask: Ask, deadline: Deadline): Promise<Answer> {
  let [wasCut, wasRenewed] = [false, false]
  for (let tries = 1; ; ) {
    const answer = await once(wire, ask, deadline).catch((error: unknown) => {
      if (!(error instanceof NoAnswer) || !error.cut || wasCut || deadline.signal.aborted) throw error
      wasCut = true
    })
    if (!answer) continue
    if (answer.status === 401 && !wasRenewed && wire.renew()) {
      wasRenewed = true
      continue
    }
    const delay = retryDelay(answer, tries++, deadline.leftMs())
    if (delay === undefined) return answer
    await pause(delay, deadline.signal)
  }
}

async function once(wire: Wire, ask: Ask, deadline: Deadline): Promise<Answer> {
  const response = await responseTo(wire, ask, deadline.signal)
  const body = await (ask.read ?? wholeBody)(response, deadline.signal)
  return {status: response.statusCode ?? 0, headers: response.headers, body: await unpacked(body, response)}
}

const wholeBody = (response: IncomingMessage, signal: AbortSignal) => bodyOf(response, maxBodyBytes, signal)

async function responseTo(wire: Wire, {method = 'GET', path, body, accept = 'application/json', read}: Ask, signal: AbortSignal): Promise<IncomingMessage> {
  const {headers, agent} = await wire.ready()
  const {server} = wire.target
  const form = {accept, ...(wire.gzip && !read && {'accept-encoding': 'gzip'})}
  const own = {host: server.host, ...form, 'user-agent': userAgent}
  const content = body !== undefined && {'content-type': 'application/json', 'content-length': Buffer.byteLength(body)}
  return new Promise((resolve, reject) => {
    const request = httpRequest({agent, method, path: pathOn(server, path), headers: {...headers, ...own, ...content}, signal})
    request.once('response', resolve)
    request.on('error', error => reject(noAnswerFor(error)))
    request.end(body)
  })
}

async function unpacked(body: Buffer, {headers}: IncomingMessage): Promise<Buffer> {
  if (headers['content-encoding'] !== 'gzip') return body
  return promisify(gunzip)(body, {maxOutputLength: maxBodyBytes}).catch(error => {
    throw new NoAnswer('failed', `its compressed answer cannot be read: ${error.message}`, {cause: error})
  })
}

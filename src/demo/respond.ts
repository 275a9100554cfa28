import type {IncomingMessage, ServerResponse} from 'node:http'
import {promisify} from 'node:util'
import {gzip} from 'node:zlib'
import type {PathAnswer} from './faults.ts'
import {PlainError, type Status, StatusError, statusOf} from './status.ts'

export interface Answer {
  readonly code: number
  readonly type: 'application/json' | 'text/plain' | 'text/plain; charset=utf-8'
  readonly body: Buffer
  readonly headers?: Readonly<Record<string, string>>
}

/** Shorter answers are not worth compressing (apiserver/pkg/endpoints/handlers/responsewriters). */
const gzipAbove = 128 * 1024
const compress = promisify(gzip)

export function statusAnswer(status: Status): Answer {
  const {code = 200, details = {}} = status
  const later = 'retryAfterSeconds' in details && {headers: {'Retry-After': String(details.retryAfterSeconds)}}
  return {code, type: 'application/json', body: Buffer.from(`${JSON.stringify(status)}\n`), ...later}
}

/** What was asked for, or the refusal that was thrown instead. */
export function answered<T>(answer: () => T): T | Answer {
  try {
    return answer()
  } catch (error) {
    if (error instanceof PlainError) return {code: error.code, type: 'text/plain; charset=utf-8', body: Buffer.from(error.message)}
    return statusAnswer(error instanceof StatusError ? error.status : statusOf(500, `Internal error occurred: ${String(error)}`))
  }
}

/** What a fault answers by itself; undefined where it only spoils the right answer. */
export function faultAnswer(fault: PathAnswer): Answer | undefined {
  if (fault === 'bad-json') return {code: 200, type: 'application/json', body: Buffer.from('{"kind":"List","items":[{"metadata":{"name":')}
  if (typeof fault === 'string') return undefined
  const {status, retryAfterSeconds, message} = fault
  const answer = statusAnswer(statusOf(status, message ?? messages[status] ?? 'the simulated cluster was told to say so'))
  return retryAfterSeconds === undefined ? answer : {...answer, headers: {'Retry-After': String(retryAfterSeconds)}}
}

const messages: Record<number, string> = {
  401: 'Unauthorized',
  403: 'forbidden: the simulated cluster was told to say so',
  404: 'the server could not find the requested resource',
  410: 'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter.',
  429: 'Too many requests, please try again later.',
  500: 'Internal error occurred: etcdserver: request timed out',
  503: 'storage is (re)initializing',
}

export async function respond(
  request: IncomingMessage,
  response: ServerResponse,
  {code, type, body, headers}: Answer,
  fault: PathAnswer | undefined,
): Promise<void> {
  if (fault === 'flood') return flood(response)
  const zipped = body.length > gzipAbove && /\bgzip\b/.test(String(request.headers['accept-encoding'] ?? ''))
  const bytes = zipped ? await compress(body, {level: 1}) : body
  if (response.destroyed) return
  response.writeHead(code, {
    'Content-Type': type,
    'Cache-Control': 'no-cache, private',
    ...(zipped && {'Content-Encoding': 'gzip'}),
    'Content-Length': bytes.length,
    ...headers,
  })
  if (fault === 'cut') return cut(response, bytes)
  if (fault === 'trickle') return trickle(response, bytes)
  response.end(bytes)
}

function cut(response: ServerResponse, bytes: Buffer): void {
  response.write(bytes.subarray(0, Math.floor(bytes.length / 2)), () => response.destroy())
}

const floodBytes = 1024 ** 3
const floodBlock = Buffer.from(`${'y'.repeat(1_023)}\n`.repeat(64))
async function flood(response: ServerResponse): Promise<void> {
  response.writeHead(200, {'Content-Type': 'text/plain'})
  const closed = new Promise(resolve => response.once('close', resolve))
  for (let sent = 0; sent < floodBytes && !response.destroyed; sent += floodBlock.length)
    if (!response.write(floodBlock)) await Promise.race([closed, new Promise(resolve => response.once('drain', resolve))])
  response.end()
}

const trickleBytes = 16
const trickleMs = 100
function trickle(response: ServerResponse, bytes: Buffer, at = 0): void {
  if (response.destroyed) return
  if (at >= bytes.length) response.end()
  else response.write(bytes.subarray(at, at + trickleBytes), () => setTimeout(() => trickle(response, bytes, at + trickleBytes), trickleMs).unref())
}

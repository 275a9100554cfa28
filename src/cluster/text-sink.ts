import type {IncomingMessage} from 'node:http'
import {NoAnswer} from './no-answer.ts'

/** What came of a text so far. */
export interface Sink {
  /** HTTP status of the answer that is being read; 0 before there is one. */
  readonly status: number
  /** Kept, never more than was allowed. */
  readonly bytes: number
  /** Why no more was read, when there was more. */
  readonly cut: string | undefined
  taken(): Buffer
  /** For `exchange`: once for each answer, the last one counts. Returns the text of refusals only, for their message. @throws NoAnswer */
  read(response: IncomingMessage, signal: AbortSignal): Promise<Buffer>
}

/** A refusal says all it has to say in so much. */
const refusalBytes = 64 * 1024

export function textSink(maxBytes: number): Sink {
  let [status, bytes, most] = [0, 0, maxBytes]
  let cut: string | undefined
  let chunks: Buffer[] = []
  const take = (chunk: Buffer): boolean => {
    const room = most - bytes
    if (room > 0) chunks.push(chunk.subarray(0, room))
    bytes += Math.min(room, chunk.length)
    return chunk.length > room
  }
  const read = async (response: IncomingMessage, signal: AbortSignal) => {
    status = response.statusCode ?? 0
    const isGood = status >= 200 && status < 300
    ;[bytes, most, cut, chunks] = [0, isGood ? maxBytes : refusalBytes, undefined, []]
    if (await isFull(response, take, signal)) cut = `there is more than ${maxBytes} bytes`
    return isGood ? Buffer.alloc(0) : Buffer.concat(chunks, bytes)
  }
  return {
    read,
    taken: () => Buffer.concat(chunks, bytes),
    get status() {
      return status
    },
    get bytes() {
      return bytes
    },
    get cut() {
      return cut
    },
  }
}

/** Reads until the end, or until `take` has no room; the connection is given up then. */
function isFull(response: IncomingMessage, take: (chunk: Buffer) => boolean, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const broken = () => reject(new NoAnswer('failed', 'the connection was cut'))
    response.on('data', (chunk: Buffer) => {
      if (!take(chunk)) return
      resolve(true)
      response.destroy()
    })
    response.on('end', () => resolve(false))
    response.on('error', broken)
    response.on('close', broken)
    signal.addEventListener('abort', () => response.destroy(), {once: true})
  })
}

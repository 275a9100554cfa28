import type {IncomingMessage} from 'node:http'
import {NoAnswer} from './no-answer.ts'

/** The whole body, or why there is none. @throws NoAnswer when it is cut, too long, or `stop` comes first */
export function bodyOf(response: IncomingMessage, maxBytes: number, stop?: AbortSignal): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let bytes = 0
    let ended = false
    const fail = (message: string) => {
      if (ended) return
      response.destroy()
      reject(new NoAnswer('failed', message))
    }
    response.on('data', (chunk: Buffer) => {
      chunks.push(chunk)
      bytes += chunk.length
      if (bytes > maxBytes) fail(`the answer is longer than ${maxBytes / 1024 / 1024} MiB`)
    })
    response.on('end', () => {
      ended = true
      resolve(Buffer.concat(chunks, bytes))
    })
    response.on('error', () => fail(`the answer was cut after ${bytes} bytes`))
    response.on('close', () => fail(`the answer was cut after ${bytes} bytes`))
    stop?.addEventListener('abort', () => response.destroy(), {once: true})
  })
}

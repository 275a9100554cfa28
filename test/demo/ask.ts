import {request} from 'node:https'
import {gunzipSync} from 'node:zlib'
import type {SimulatedCluster} from '../../src/demo/index.ts'

export interface Reply {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly text: string
  readonly json: any
}
export interface AskOptions {
  readonly token?: string | undefined
  readonly accept?: string
  readonly gzip?: boolean
  readonly method?: string
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
}

/** One HTTPS request to a simulated cluster, checked against its own CA. Rejects when the connection breaks. */
export function ask({url, ca, token: admin}: Pick<SimulatedCluster, 'url' | 'ca' | 'token'>, path: string, options: AskOptions = {}): Promise<Reply> {
  const {token = admin, accept, gzip = false, method = 'GET', body} = options
  const headers = {
    ...options.headers,
    ...('token' in options && options.token === undefined ? {} : {authorization: `Bearer ${token}`}),
    ...(accept !== undefined && {accept}),
    ...(gzip && {'accept-encoding': 'gzip'}),
  }
  return new Promise((resolve, reject) => {
    const sent = request(`${url}${path}`, {ca, method, headers, agent: false}, response => {
      const chunks: Buffer[] = []
      response.on('data', chunk => chunks.push(chunk))
      response.on('error', reject)
      response.on('end', () => {
        const bytes = Buffer.concat(chunks)
        const text = (response.headers['content-encoding'] === 'gzip' ? gunzipSync(bytes) : bytes).toString()
        resolve({status: response.statusCode ?? 0, headers: response.headers, text, json: parsed(text)})
      })
    })
    sent.on('error', reject)
    sent.end(body === undefined ? undefined : JSON.stringify(body))
  })
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

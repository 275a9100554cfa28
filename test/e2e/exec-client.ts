import {text} from 'node:stream/consumers'
import {WebSocket} from 'ws'
import {type Identity, tlsOf} from './api.ts'

export interface ExecQuestion {
  readonly namespace: string
  readonly pod: string
  /** Left out of the query when undefined. */
  readonly container?: string
  readonly command: readonly string[]
  /** Offered in this order; both when left out. */
  readonly protocols?: readonly string[]
}
export type ExecAnswer =
  | {
      readonly protocol: string
      readonly stdout: Buffer
      readonly stderr: Buffer
      /** Parsed; undefined when none came. */
      readonly status: any
      readonly closeCode: number
      /** Channel and length of each message. */
      readonly messages: readonly (readonly [channel: number, bytes: number])[]
    }
  | {readonly refused: number; readonly type: string; readonly text: string}

/** One exec as the wire shows it, with nothing of the product in it. */
export function exec(identity: Identity, {protocols = ['v5.channel.k8s.io', 'v4.channel.k8s.io'], ...question}: ExecQuestion): Promise<ExecAnswer> {
  const url = new URL(pathOf(question), identity.url.replace(/^http/, 'ws'))
  const headers = identity.token === undefined ? {} : {Authorization: `Bearer ${identity.token}`}
  const socket = new WebSocket(url, [...protocols], {headers, perMessageDeflate: false, ...tlsOf(identity)})
  const received: Buffer[] = []
  return new Promise((resolve, reject) => {
    socket.on('message', (data: Buffer) => received.push(data))
    socket.on('error', reject)
    socket.on('close', closeCode => resolve({protocol: socket.protocol, ...channelsOf(received), closeCode}))
    socket.on('unexpected-response', (_request, response) => {
      const refused = response.statusCode ?? 0
      const type = response.headers['content-type'] ?? ''
      text(response).then(said => resolve({refused, type, text: said}), reject)
    })
  })
}

function pathOf({namespace, pod, container, command}: ExecQuestion): string {
  const query = new URLSearchParams({stdout: 'true', stderr: 'true'})
  for (const word of command) query.append('command', word)
  if (container !== undefined) query.set('container', container)
  return `/api/v1/namespaces/${namespace}/pods/${pod}/exec?${query}`
}

function channelsOf(received: readonly Buffer[]) {
  const of = (channel: number) => Buffer.concat(received.filter(data => data[0] === channel).map(data => data.subarray(1)))
  const status = of(3).toString()
  const messages = received.map(data => [data[0]!, data.length - 1] as const)
  return {stdout: of(1), stderr: of(2), status: status === '' ? undefined : JSON.parse(status), messages}
}

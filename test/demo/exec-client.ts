import type {IncomingMessage} from 'node:http'
import {WebSocket} from 'ws'
import type {SimulatedCluster} from '../../src/demo/index.ts'

export interface ExecReply {
  /** HTTP status and body where the upgrade was refused. */
  readonly refused?: {readonly status: number; readonly body: string}
  readonly protocol: string
  readonly stdout: string
  readonly stderr: string
  /** Of channel 3; undefined when none came. */
  readonly status: any
  /** 1006 when the connection broke. */
  readonly closeCode: number
  readonly messages: number
  readonly bytes: number
}
export interface ExecOptions {
  readonly protocols?: string[]
  readonly token?: string
  readonly container?: string
  readonly namespace?: string
  /** Ends the connection after so long. */
  readonly giveUpAfterMs?: number
}

/** Runs a command through `pods/exec` as kubectl does over WebSocket. */
export function exec({url, ca, token: admin}: SimulatedCluster, pod: string, command: readonly string[], options: ExecOptions = {}): Promise<ExecReply> {
  const {protocols = ['v5.channel.k8s.io', 'v4.channel.k8s.io'], token = admin, container = 'calico-node', namespace = 'kube-system', giveUpAfterMs} = options
  const query = new URLSearchParams([
    ...command.map(word => ['command', word] as [string, string]),
    ['container', container],
    ['stdout', 'true'],
    ['stderr', 'true'],
  ])
  const path = `/api/v1/namespaces/${namespace}/pods/${pod}/exec?${query}`
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`${url.replace('https', 'wss')}${path}`, protocols, {ca, headers: {authorization: `Bearer ${token}`}})
    const seen: {channels: Record<number, Buffer[]>; messages: number; bytes: number} = {channels: {}, messages: 0, bytes: 0}
    const text = (channel: number) => Buffer.concat(seen.channels[channel] ?? []).toString()
    const reply = (closeCode: number, refused?: ExecReply['refused']): ExecReply => {
      const status = text(3)
      return {
        protocol: socket.protocol,
        stdout: text(1),
        stderr: text(2),
        status: status === '' ? undefined : JSON.parse(status),
        closeCode,
        messages: seen.messages,
        bytes: seen.bytes,
        ...(refused && {refused}),
      }
    }
    socket.on('unexpected-response', (_request, response) => void bodyOf(response).then(body => resolve(reply(0, {status: response.statusCode ?? 0, body}))))
    socket.on('message', data => {
      const bytes = data as Buffer
      seen.messages++
      seen.bytes += bytes.length
      ;(seen.channels[bytes[0]!] ??= []).push(bytes.subarray(1))
    })
    socket.on('close', code => resolve(reply(code)))
    socket.on('error', reject)
    if (giveUpAfterMs !== undefined) setTimeout(() => socket.terminate(), giveUpAfterMs)
  })
}

async function bodyOf(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of response) chunks.push(chunk)
  return Buffer.concat(chunks).toString()
}

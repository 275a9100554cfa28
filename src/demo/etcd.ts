import {createServer, type IncomingMessage, type ServerResponse} from 'node:http'
import type {AddressInfo, Socket} from 'node:net'

/** What an etcd holds: objects by key. */
export type EtcdKeys = Readonly<Record<string, object>>

export interface RunningEtcd {
  /** `http://127.0.0.1:PORT` */
  readonly url: string
  close(): Promise<void>
}

/** An etcd without TLS on a free port of loopback, as far as its JSON gateway can be read. */
export async function startEtcd(keys: EtcdKeys): Promise<RunningEtcd> {
  const server = createServer((request, response) => void answerRange(keys, request, response).catch(() => response.destroy()))
  const open = new Set<Socket>()
  server.on('connection', socket => {
    open.add(socket)
    socket.on('error', () => {})
    socket.on('close', () => open.delete(socket))
  })
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve))
  const close = () =>
    new Promise<void>(resolve => {
      server.close(() => resolve())
      for (const socket of open) socket.destroy()
    })
  return {url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close}
}

/** POST /v3/kv/range, in the words of etcd 3.6. */
export async function answerRange(keys: EtcdKeys, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  if (request.url !== '/v3/kv/range') return answer(response, 404, {code: 5, message: 'Not Found'})
  if (request.method !== 'POST') return answer(response, 405, {code: 12, message: 'Method Not Allowed'})
  const {key = '', range_end, limit = 0} = JSON.parse(Buffer.concat(chunks).toString()) as {key?: string; range_end?: string; limit?: number}
  const header = {cluster_id: '14841639068965178418', member_id: '10276657743932975437', revision: '4711', raft_term: '2'}
  const found = Object.keys(keys)
    .map(name => Buffer.from(name))
    .filter(bytes => isWithin(bytes, bytesOf(key), range_end === undefined ? undefined : bytesOf(range_end)))
    .toSorted(Buffer.compare)
  const page = limit > 0 ? found.slice(0, limit) : found
  answer(response, 200, {
    header,
    ...(page.length > 0 && {kvs: page.map(bytes => entry(bytes, keys))}),
    ...(page.length < found.length && {more: true}),
    ...(found.length > 0 && {count: String(found.length)}),
  })
}

const bytesOf = (base64: string) => Buffer.from(base64, 'base64')

/** Without an end, one key; `\0` is the end of all keys. */
function isWithin(key: Buffer, from: Buffer, end: Buffer | undefined): boolean {
  if (!end) return key.equals(from)
  return Buffer.compare(key, from) >= 0 && (end.equals(Buffer.from([0])) || Buffer.compare(key, end) < 0)
}

const entry = (key: Buffer, keys: EtcdKeys) => ({
  key: key.toString('base64'),
  create_revision: '1200',
  mod_revision: '1200',
  version: '1',
  value: Buffer.from(JSON.stringify(keys[key.toString()])).toString('base64'),
})

function answer(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, {'content-type': 'application/json'}).end(JSON.stringify(body))
}

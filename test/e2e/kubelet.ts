import type {ChildProcess} from 'node:child_process'
import type {IncomingMessage, ServerResponse} from 'node:http'
import {createServer} from 'node:https'
import type {Duplex} from 'node:stream'
import {WebSocketServer} from 'ws'
import type {ControlPlane} from './control-plane.ts'
import type {Executor} from './executor.ts'
import {serveExec} from './kubelet-exec.ts'
import {type Listening, listen} from './listen.ts'

/** A node as its kubelet knows it. */
export interface KubeletNode {
  readonly name: string
  readonly execute: Executor
  /** Running containers of a pod on this node; undefined when it has no such pod. */
  containers(namespace: string, pod: string): readonly string[] | undefined
  /** What a container has logged, as far as it is asked for. */
  log(namespace: string, pod: string, container: string, query: URLSearchParams): Said
}
/** HTTP status and text. */
export interface Said {
  readonly code: number
  readonly text: string | Buffer
}
/** Where a kubelet listens: what goes into the node's status. */
export interface KubeletPlace {
  readonly address: string
  readonly port: number
}
export interface Kubelets {
  readonly places: ReadonlyMap<string, KubeletPlace>
  /** From now on nobody listens there, as when a machine's kubelet is dead. */
  stop(node: string): Promise<void>
  /** Ends what is still running. */
  close(): Promise<void>
}

/**
 * One kubelet's serving side for each node, on loopback addresses of their own unless `at` says where; asks for the API server's client certificate as
 * kubelets do.
 */
export async function startKubelets(
  nodes: readonly KubeletNode[],
  {issue, ca}: Pick<ControlPlane, 'issue' | 'ca'>,
  at: readonly KubeletPlace[] = nodes.map((_node, index) => ({address: addressOf(index), port: 0})),
): Promise<Kubelets> {
  const serves = [...new Set(at.map(({address}) => address))]
  const {certificate, key} = await issue({name: 'system:node:e2e', organisations: ['system:nodes'], serves})
  const children = new Set<ChildProcess>()
  const places = new Map<string, Listening>()
  for (const [index, node] of nodes.entries()) {
    const server = createServer({cert: certificate, key, ca, requestCert: true, rejectUnauthorized: true})
    server.on('request', (request, response) => answer(request, response, node))
    server.on('upgrade', upgrader(node, children))
    const {address, port} = at[index]!
    places.set(node.name, await listen(server, address, port))
  }
  return {
    places,
    stop: async node => places.get(node)?.close(),
    async close() {
      for (const child of children) child.kill('SIGKILL')
      await Promise.all([...places.values()].map(place => place.close()))
    },
  }
}

/** Linux answers for all of 127.0.0.0/8; elsewhere the ports have to differ alone. */
const addressOf = (index: number) => (process.platform === 'linux' ? `127.21.${index >> 8}.${(index & 255) + 1}` : '127.0.0.1')

/** v5 comes from API servers to whose eyes the node declares ExtendWebSocketsToKubelet, v4 as the client sent it. */
const protocols = ['v5.channel.k8s.io', 'v4.channel.k8s.io']

function upgrader(node: KubeletNode, children: Set<ChildProcess>) {
  const sockets = new WebSocketServer({noServer: true, perMessageDeflate: false, handleProtocols: offered => protocols.find(one => offered.has(one)) ?? false})
  return (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => socket.destroy())
    const {kind, namespace, pod, container, query} = readPath(request)
    const refusal = kind === 'exec' ? whyNot(node, namespace, pod, container) : {code: 404, text: '404 page not found'}
    if (refusal) return refuse(socket, refusal)
    const asks = (name: string) => query.get(name) === '1'
    const wanted = {command: query.getAll('command'), output: asks('output'), error: asks('error')}
    sockets.handleUpgrade(request, socket, head, connection => void serveExec(connection, wanted, node.execute, children))
  }
}

function readPath({url = '/'}: IncomingMessage) {
  const {pathname, searchParams: query} = new URL(url, 'https://kubelet')
  const [, kind = '', namespace = '', pod = '', container = ''] = pathname.split('/').map(decodeURIComponent)
  return {kind, namespace, pod, container, query}
}

interface Refusal extends Said {
  readonly text: string
}
/** kubernetes: pkg/kubelet/server getExec; an error of the runtime that names no gRPC code is a 500. */
function whyNot(node: KubeletNode, namespace: string, pod: string, container: string): Refusal | undefined {
  const running = node.containers(namespace, pod)
  if (!running) return {code: 404, text: 'pod does not exist'}
  return running.includes(container) ? undefined : {code: 500, text: `container not found (${JSON.stringify(container)})`}
}

function refuse(socket: Duplex, {code, text}: Refusal): void {
  const reason = code === 404 ? 'Not Found' : 'Internal Server Error'
  const head = [`HTTP/1.1 ${code} ${reason}`, 'Content-Type: text/plain; charset=utf-8', `Content-Length: ${text.length}`, 'Connection: close']
  socket.end(`${head.join('\r\n')}\r\n\r\n${text}`)
}

function answer(request: IncomingMessage, response: ServerResponse, node: KubeletNode): void {
  const {kind, namespace, pod, container, query} = readPath(request)
  const say = ({code, text}: Said) => response.writeHead(code, {'Content-Type': 'text/plain; charset=utf-8'}).end(text)
  if (kind === 'healthz') return void say({code: 200, text: 'ok'})
  if (kind === 'exec') return void say({code: 400, text: 'Upgrade request required'})
  say(kind === 'containerLogs' ? node.log(namespace, pod, container, query) : {code: 404, text: '404 page not found'})
}

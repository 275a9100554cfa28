import {once} from 'node:events'
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {createServer} from 'node:http'
import {connect, type Socket} from 'node:net'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import type {ClusterState, KubeObject} from '../../src/demo/cluster-state.ts'
import {metricsPageOf} from '../../src/demo/metrics-pages.ts'

export interface Egress {
  /** For kube-apiserver. */
  readonly flags: readonly string[]
  close(): Promise<void>
}

/**
 * An API server's way to kubelets and pods, as where the control plane is in another network (apiserver: egressselector, HTTPConnect; konnectivity). What is on
 * loopback is reached; pods answer with the metrics of the simulated cluster; nothing leaves this machine.
 */
export async function startEgress(state: ClusterState): Promise<Egress> {
  const folder = mkdtempSync(join(tmpdir(), 'cdegress-'))
  const [udsName, config] = [join(folder, 'proxy'), join(folder, 'egress.json')]
  const sockets = new Set<Socket>()
  const server = createServer().on('connect', ({url = ''}, socket: Socket) => {
    const [host = '', port = ''] = url.split(/:(?=\d+$)/)
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', () => socket.destroy())
    if (host.startsWith('127.') || host === 'localhost') throughTo(socket, host, Number(port))
    else answerAsPod(socket, pageAt(state, host, Number(port)))
  })
  await once(server.listen(udsName), 'listening')
  const selection = {name: 'cluster', connection: {proxyProtocol: 'HTTPConnect', transport: {uds: {udsName}}}}
  writeFileSync(config, JSON.stringify({apiVersion: 'apiserver.k8s.io/v1beta1', kind: 'EgressSelectorConfiguration', egressSelections: [selection]}))
  return {
    flags: [`--egress-selector-config-file=${config}`],
    async close() {
      for (const socket of sockets) socket.destroy()
      await new Promise(resolve => server.close(resolve))
      rmSync(folder, {recursive: true, force: true, maxRetries: 10, retryDelay: 100})
    },
  }
}

const established = 'HTTP/1.1 200 Connection established\r\n\r\n'
const refused = 'HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n'

function throughTo(near: Socket, host: string, port: number): void {
  const far = connect(port, host, () => {
    near.write(established)
    near.pipe(far)
    far.pipe(near)
  })
  far.on('error', () => near.end(far.bytesRead === 0 ? refused : ''))
  far.on('close', () => near.end())
  near.on('close', () => far.destroy())
}

function answerAsPod(socket: Socket, page: string | undefined): void {
  if (page === undefined) return void socket.end(refused)
  const pod = createServer(({url}, response) => {
    const [code, text] = url === '/metrics' ? [200, page] : [404, '404 page not found\n']
    response.writeHead(code as number, {'Content-Type': 'text/plain; version=0.0.4; charset=utf-8'}).end(text)
  })
  socket.write(established)
  pod.emit('connection', socket)
}

function pageAt(state: ClusterState, address: string, port: number): string | undefined {
  const here = (state.objects.pods ?? []).filter(({status}: KubeObject) => (status as {podIP?: string} | undefined)?.podIP === address)
  return here.map(pod => metricsPageOf(state, pod, port)).find(page => page !== undefined)
}

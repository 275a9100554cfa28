import type {Cluster} from '../engine/collector.ts'
import {SourceError} from '../engine/errors.ts'
import {clusterOver} from './cluster.ts'
import {sourceErrorFor} from './connect-errors.ts'
import type {ConnectOptions} from './connect-options.ts'
import type {Bounds} from './deadline.ts'
import {exchange} from './exchange.ts'
import {mayBeAnonymous, proveKnown, proveServer} from './proof.ts'
import {chooseTarget, type Target} from './target.ts'
import {type WatchingCluster, watchingCluster} from './watching-cluster.ts'
import {type Lane, openWire, type Wire} from './wire.ts'
import {boundYoungHeap} from './young-heap.ts'

export interface Connection {
  readonly cluster: Cluster
  /** Name of the context; '' when only `--server` was given. */
  readonly context: string
  readonly server: string
  /** Doors that watch what they list, for looking again and again; they end with the connection. */
  watching(): WatchingCluster
  close(): void
}

const defaultTimeoutMs = 30_000
/** /version is served from memory: who takes longer than this is not there. */
const proofTimeoutMs = 15_000

/**
 * A connection that is proven by GET /version, and, for who shows no token, by GET /api: that is for those who are known by name.
 * @throws SourceError with one sentence and the next step
 */
export async function connect(options: ConnectOptions): Promise<Connection> {
  boundYoungHeap()
  const target = await chooseTarget(options)
  const bounds = {timeoutMs: options.requestTimeoutMs ?? defaultTimeoutMs, signal: options.signal}
  let wire: Wire | undefined
  let certificate: string | undefined
  try {
    wire = await openWire(target, options.env ?? process.env)
    // Credential plugins may ask a person: their time is not the server's.
    const lane = await Promise.race([wire.ready(), aborted(options.signal)])
    certificate = lane.certificate
    await prove(wire, lane, target, {...bounds, timeoutMs: Math.min(bounds.timeoutMs, proofTimeoutMs)})
  } catch (error) {
    wire?.close()
    throw error instanceof SourceError ? error : sourceErrorFor(error, target, certificate)
  }
  const open = wire
  const cluster = clusterOver(open, bounds)
  const watching = () => watchingCluster(cluster, open, bounds)
  return {cluster, watching, context: target.context, server: target.server.href.replace(/\/$/, ''), close: open.close}
}

/** @throws SourceError */
async function prove(wire: Wire, lane: Lane, target: Target, bounds: Bounds): Promise<void> {
  const version = await exchange(wire, {path: '/version', ...bounds})
  proveServer(version, lane.certificate, target)
  proveKnown(version, target)
  if (!mayBeAnonymous(target, lane)) return
  const discovery = await exchange(wire, {path: '/api', ...bounds}).catch(() => undefined)
  if (discovery) proveKnown(discovery, target)
}

function aborted(signal: AbortSignal): Promise<never> {
  const {promise, reject} = Promise.withResolvers<never>()
  promise.catch(() => {})
  const end = () => reject(new SourceError('The overall time was over before the cluster was reached.', 'Give it more with --timeout.'))
  signal.addEventListener('abort', end, {once: true})
  if (signal.aborted) end()
  return promise
}

import type {Cluster} from '../engine/collector.ts'
import {SourceError} from '../engine/errors.ts'
import {clusterOver} from './cluster.ts'
import {credentialsRefused, noKubernetes, sourceErrorFor} from './connect-errors.ts'
import type {ConnectOptions} from './connect-options.ts'
import {type Answer, exchange} from './exchange.ts'
import {chooseTarget, type Target} from './target.ts'
import {openWire, type Wire} from './wire.ts'

export interface Connection {
  readonly cluster: Cluster
  /** Name of the context; '' when only `--server` was given. */
  readonly context: string
  readonly server: string
  close(): void
}

const defaultTimeoutMs = 30_000
/** /version is served from memory: who takes longer than this is not there. */
const proofTimeoutMs = 15_000

/**
 * A connection that is proven by one GET /version. Any answer but a 401 is proof: anonymous discovery may be forbidden, and an API server that is ill
 * is what we came to look at.
 * @throws SourceError with one sentence and the next step
 */
export async function connect(options: ConnectOptions): Promise<Connection> {
  const target = await chooseTarget(options)
  const bounds = {timeoutMs: options.requestTimeoutMs ?? defaultTimeoutMs, signal: options.signal}
  let wire: Wire | undefined
  let certificate: string | undefined
  try {
    wire = await openWire(target, options.env ?? process.env)
    // Credential plugins may ask a person: their time is not the server's.
    ;({certificate} = await Promise.race([wire.ready(), aborted(options.signal)]))
    prove(await exchange(wire, {path: '/version', ...bounds, timeoutMs: Math.min(bounds.timeoutMs, proofTimeoutMs)}), certificate, target)
  } catch (error) {
    wire?.close()
    throw error instanceof SourceError ? error : sourceErrorFor(error, target, certificate)
  }
  return {cluster: clusterOver(wire, bounds), context: target.context, server: target.server.href.replace(/\/$/, ''), close: wire.close}
}

function prove({status, headers, body}: Answer, certificate: string | undefined, target: Target): void {
  if (status === 401) throw credentialsRefused(target, body, certificate)
  // Go's own words, from a TLS port that was asked in plain text.
  if (status === 400 && body.includes('HTTP request to an HTTPS server')) throw noKubernetes(target, 'it speaks TLS', 'Use https:// in the server address.')
  if (/\bhtml\b/.test(headers['content-type'] ?? ''))
    throw noKubernetes(target, `it answers ${status} with a web page`, 'Check the server address in the kubeconfig, and any proxy or login page on the way.')
}

function aborted(signal: AbortSignal): Promise<never> {
  const {promise, reject} = Promise.withResolvers<never>()
  promise.catch(() => {})
  const end = () => reject(new SourceError('The overall time was over before the cluster was reached.', 'Give it more with --timeout.'))
  signal.addEventListener('abort', end, {once: true})
  if (signal.aborted) end()
  return promise
}

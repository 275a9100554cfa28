import type {ClusterState, KubeObject} from './cluster-state.ts'
import {metricsPageOf} from './metrics-pages.ts'
import type {RequestInfo} from './request-info.ts'
import type {Answer} from './respond.ts'
import {notFound, PlainError, StatusError, statusOf} from './status.ts'

/**
 * `pods/NAME:PORT/proxy/metrics`: what a pod's port answers to the API server, which dials it itself. Nobody listens but for the metrics that are
 * switched on. Throws StatusError, and PlainError for a path that the pod does not know.
 */
export function podProxy(state: ClusterState, {namespace, name, path}: RequestInfo): Answer {
  const [pod, port] = podAndPort(name)
  const found = state.objects.pods?.find(({metadata}) => metadata.name === pod && metadata.namespace === namespace)
  if (!found) throw notFound('', 'pods', pod)
  const page = metricsPageOf(state, found, port)
  if (page === undefined) throw refusedDial(found, port)
  if (!path.endsWith('/proxy/metrics')) throw new PlainError(404, '404 page not found\n')
  return {code: 200, type: 'text/plain', body: Buffer.from(page)}
}

/** `name`, `name:port`, `https:name:port` (apimachinery/pkg/util/net: SplitSchemeNamePort). */
function podAndPort(text: string): [pod: string, port: number] {
  const parts = text.split(':')
  const [pod = '', port = '80'] = parts.length === 3 ? parts.slice(1) : parts
  return [pod, Number(port)]
}

function refusedDial({status}: KubeObject, port: number): StatusError {
  const {podIP = ''} = (status ?? {}) as {podIP?: string}
  return new StatusError(statusOf(503, `error trying to reach service: dial tcp ${podIP}:${port}: connect: connection refused`))
}

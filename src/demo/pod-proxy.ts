import type {ClusterState, KubeObject} from './cluster-state.ts'
import {metricsPageOf} from './metrics-pages.ts'
import type {RequestInfo} from './request-info.ts'
import type {Answer} from './respond.ts'
import {badRequest, notFound, PlainError, StatusError, statusOf} from './status.ts'

/**
 * `pods/NAME:PORT/proxy/metrics`: what a pod's port answers to the API server, which dials it itself. Nobody listens but for the metrics that are
 * switched on. Throws StatusError, and PlainError for a path that the pod does not know.
 */
export function podProxy(state: ClusterState, {namespace, name, path}: RequestInfo): Answer {
  const [pod, given] = podAndPort(name)
  const found = state.objects.pods?.find(({metadata}) => metadata.name === pod && metadata.namespace === namespace)
  if (!found) throw notFound('', 'pods', pod)
  const address = addressOf(found)
  const port = given === '' ? firstPort(found) : given
  const page = metricsPageOf(state, found, Number(port))
  if (page === undefined)
    throw new StatusError(
      statusOf(503, `error trying to reach service: dial tcp ${address.includes(':') ? `[${address}]` : address}:${port}: connect: connection refused`),
    )
  if (!path.endsWith('/proxy/metrics')) throw new PlainError(404, '404 page not found\n')
  return {code: 200, type: 'text/plain', body: Buffer.from(page)}
}

/** `name`, `name:port`, `https:name:port` (apimachinery/pkg/util/net: SplitSchemeNamePort). */
function podAndPort(text: string): [pod: string, port: string] {
  const parts = text.split(':')
  const [scheme, pod = '', port = ''] = parts.length === 3 ? parts : ['', ...parts]
  if (parts.length > 3 || !['', 'http', 'https'].includes(scheme!) || pod === '') throw badRequest(`invalid pod request ${JSON.stringify(text)}`)
  return [pod, port]
}

/** Nobody is dialled on loopback, nor without an address (kubernetes: pod.ResourceLocation). */
function addressOf({status}: KubeObject): string {
  const {podIP = ''} = (status ?? {}) as {podIP?: string}
  if (podIP === '' || /^(127\.|0\.0\.0\.0|::1?$|169\.254\.|fe80:)/i.test(podIP)) throw badRequest('address not allowed')
  return podIP
}

function firstPort({spec}: KubeObject): string {
  const {containers = []} = spec as {containers?: readonly {readonly ports?: readonly {readonly containerPort: number}[]}[]}
  return String(containers.flatMap(({ports = []}) => ports)[0]?.containerPort ?? 80)
}

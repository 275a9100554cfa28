import type {ClusterState} from './cluster-state.ts'
import {containerOf} from './exec-target.ts'
import {kubeletLog} from './kubelet-log.ts'
import type {RequestInfo} from './request-info.ts'
import type {Answer} from './respond.ts'
import {badRequest, notFound, PlainError, StatusError, statusOf} from './status.ts'

/** What a container has printed, by way of its kubelet. Of a pod that nobody scheduled there is no content (kubernetes: pod.LogLocation). Throws StatusError. */
export function podLog(state: ClusterState, {namespace, name, query}: RequestInfo): Answer {
  requireOptions(query, name)
  const pod = state.objects.pods?.find(({metadata}) => metadata.name === name && metadata.namespace === namespace)
  if (!pod) throw notFound('', 'pods', name)
  const container = containerOf(pod, query.get('container') ?? '')
  if (!(pod.spec as {nodeName?: string}).nodeName) return {code: 204, type: 'text/plain', body: Buffer.alloc(0)}
  try {
    return {code: 200, type: 'text/plain', body: kubeletLog(state, pod, container, query)}
  } catch (error) {
    // apiserver/pkg/registry/generic/rest/response_checker.go
    throw error instanceof PlainError ? badRequest(error.message) : error
  }
}

const least: Readonly<Record<string, readonly [least: number, words: string]>> = {
  tailLines: [0, 'must be greater than or equal to 0'],
  limitBytes: [1, 'must be greater than 0'],
  sinceSeconds: [1, 'must be greater than 0'],
}

/** Before anybody looks for the pod (kubernetes: ValidatePodLogOptions). */
function requireOptions(query: URLSearchParams, pod: string): void {
  const given = Object.keys(least).flatMap(name => (query.has(name) ? [[name, query.get(name) ?? ''] as const] : []))
  for (const [, text] of given) if (!/^[+-]?\d+$/.test(text)) throw badRequest(`strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`)
  const causes = given.flatMap(([field, text]) => {
    const [low, words] = least[field]!
    return Number(text) < low ? [{reason: 'FieldValueInvalid', message: `Invalid value: ${text}: ${words}`, field}] : []
  })
  if (causes.length === 0) return
  const faults = causes.map(({field, message}) => `${field}: ${message}`)
  const message = `PodLogOptions "${pod}" is invalid: ${faults.length === 1 ? faults[0] : `[${faults.join(', ')}]`}`
  throw new StatusError(statusOf(422, message, {name: pod, kind: 'PodLogOptions', causes}))
}

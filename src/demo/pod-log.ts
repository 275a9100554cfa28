import type {ClusterState, KubeObject} from './cluster-state.ts'
import {containerOf} from './exec-target.ts'
import {type LogLine, logLines} from './log-lines.ts'
import {isTrue, type RequestInfo} from './request-info.ts'
import type {Answer} from './respond.ts'
import {badRequest, notFound} from './status.ts'

interface ContainerState {
  readonly running?: {readonly startedAt: string}
  readonly terminated?: {readonly startedAt: string; readonly finishedAt: string}
  readonly waiting?: {readonly reason?: string}
}
interface ContainerStatus {
  readonly name: string
  readonly state?: ContainerState
  readonly lastState?: ContainerState
}

/** What a container has printed, by way of its kubelet. A pod that nobody scheduled has an empty log (registry/core/pod: LogLocation). Throws StatusError. */
export function podLog(state: ClusterState, {namespace, name, query}: RequestInfo): Answer {
  const pod = state.objects.pods?.find(({metadata}) => metadata.name === name && metadata.namespace === namespace)
  if (!pod) throw notFound('', 'pods', name)
  const container = containerOf(pod, query.get('container') ?? '')
  const isScheduled = Boolean((pod.spec as {nodeName?: string}).nodeName)
  const lines = isScheduled ? linesOf(state, pod, container, isTrue(query, 'previous')) : []
  return {code: 200, type: 'text/plain', body: chosen(lines, query, Date.parse(state.now))}
}

function linesOf(state: ClusterState, pod: KubeObject, container: string, previous: boolean): readonly LogLine[] {
  const {from, to} = lifeOf(pod, container, previous, state.now)
  return logLines(state, pod, container, {from, to})
}

/** When the container ran whose log is wanted; the kubelet's refusals word for word (kubelet: validateContainerLogStatus). */
function lifeOf(pod: KubeObject, container: string, previous: boolean, now: string): {from: string; to: string} {
  const {name} = pod.metadata
  const {containerStatuses = [], initContainerStatuses = []} = (pod.status ?? {}) as Record<string, readonly ContainerStatus[]>
  const status = [...initContainerStatuses, ...containerStatuses].find(one => one.name === container)
  if (!status) throw badRequest(`container "${container}" in pod "${name}" is not available`)
  const {running, terminated, waiting} = status.state ?? {}
  const last = status.lastState?.terminated
  if (previous && !last) throw badRequest(`previous terminated container "${container}" in pod "${name}" not found`)
  if (!previous && running) return {from: running.startedAt, to: now}
  const ended = previous ? last : (terminated ?? last)
  if (!ended) throw badRequest(`container "${container}" in pod "${name}" is waiting to start: ${waiting?.reason ?? 'no logs yet'}`)
  return {from: ended.startedAt, to: ended.finishedAt}
}

/** The newest `tailLines` that are young enough; of those the first `limitBytes` (kubelet: pkg/kubelet/kuberuntime/logs). */
function chosen(lines: readonly LogLine[], query: URLSearchParams, now: number): Buffer {
  const since = numberIn(query, 'sinceSeconds')
  const tail = numberIn(query, 'tailLines')
  const young = since === undefined ? lines : lines.filter(({at}) => at >= now - since * 1000)
  const newest = tail === undefined ? young : young.slice(Math.max(0, young.length - tail))
  const stamped = isTrue(query, 'timestamps') ? newest.map(({at, text}) => `${new Date(at).toISOString()} ${text}\n`) : newest.map(({text}) => `${text}\n`)
  return Buffer.from(stamped.join('')).subarray(0, numberIn(query, 'limitBytes'))
}

function numberIn(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name)
  if (text === null) return undefined
  if (!/^\d+$/.test(text)) throw badRequest(`strconv.ParseInt: parsing "${text}": invalid syntax`)
  return Number(text)
}

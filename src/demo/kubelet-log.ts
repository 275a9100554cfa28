import type {ClusterState, KubeObject} from './cluster-state.ts'
import {type Life, type LogLine, logLines} from './log-lines.ts'
import {isTrue} from './request-info.ts'
import {PlainError} from './status.ts'

interface Ended {
  readonly startedAt: string
  readonly finishedAt: string
}
interface ContainerState {
  readonly running?: {readonly startedAt: string}
  readonly terminated?: Ended
  readonly waiting?: {readonly reason?: string}
}
interface ContainerStatus {
  readonly name: string
  readonly state?: ContainerState
  readonly lastState?: ContainerState
}

/** What a kubelet gives as the log of a container of its own. Throws PlainError with the kubelet's words (kubernetes: pkg/kubelet/server, getContainerLogs). */
export function kubeletLog(state: ClusterState, pod: KubeObject, container: string, query: URLSearchParams): Buffer {
  return chosen(logLines(state, pod, container, lifeOf(pod, container, isTrue(query, 'previous'), state.now)), query, Date.parse(state.now))
}

/** When the container ran whose log is wanted (kubernetes: pkg/kubelet, validateContainerLogStatus). */
function lifeOf(pod: KubeObject, container: string, previous: boolean, now: string): Life {
  const about = `container "${container}" in pod "${pod.metadata.name}"`
  const {containerStatuses = [], initContainerStatuses = []} = (pod.status ?? {}) as Record<string, readonly ContainerStatus[]>
  const status = [...containerStatuses, ...initContainerStatuses].find(one => one.name === container)
  if (!status) throw new PlainError(400, `${about} is not available`)
  const {running, terminated, waiting} = status.state ?? {}
  const last = status.lastState?.terminated
  if (previous && !last) throw new PlainError(400, `previous terminated ${about} not found`)
  if (!previous && running) return {from: running.startedAt, to: now}
  const ended = previous ? last : (terminated ?? last)
  if (!ended) throw new PlainError(400, `${about} is waiting to start${waitingFor(waiting?.reason)}`)
  return {from: ended.startedAt, to: ended.finishedAt}
}

function waitingFor(reason: string | undefined): string {
  if (reason === undefined) return ' - no logs yet'
  return `: ${{ErrImagePull: "image can't be pulled", ImagePullBackOff: 'trying and failing to pull image'}[reason] ?? reason}`
}

/** The newest `tailLines`; of those what is young enough, and of that the first `limitBytes` (kubernetes: cri-client/pkg/logs, ReadLogs). */
function chosen(lines: readonly LogLine[], query: URLSearchParams, now: number): Buffer {
  const since = numberIn(query, 'sinceSeconds')
  const tail = numberIn(query, 'tailLines')
  const newest = tail === undefined ? lines : lines.slice(Math.max(0, lines.length - tail))
  const young = since === undefined ? newest : newest.filter(({at}) => at >= now - since * 1000)
  const stamp = isTrue(query, 'timestamps') ? ({at}: LogLine) => `${stampOf(at)} ` : () => ''
  return Buffer.from(young.map(line => `${stamp(line)}${line.text}\n`).join('')).subarray(0, numberIn(query, 'limitBytes'))
}

/** Always nine digits (cri-client/pkg/logs: RFC3339NanoFixed). */
const stampOf = (at: number) => new Date(at).toISOString().replace('Z', '000000Z')

function numberIn(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name)
  return text === null ? undefined : Number(text)
}

import type {ClusterState, KubeObject} from './cluster-state.ts'
import type {ExecRequest} from './exec.ts'
import {allows, authorise, forbiddenBecause, type User} from './rbac.ts'
import {isTrue, type RequestInfo} from './request-info.ts'
import {badRequest, noSuchPath, notFound, PlainError, StatusError} from './status.ts'

export const protocols = ['v5.channel.k8s.io', 'v4.channel.k8s.io'] as const

export interface ExecTarget {
  readonly node: string
  readonly pod: KubeObject
  readonly container: string
  readonly request: ExecRequest
}

/** What an exec request is for, after all that a kube-apiserver checks before it asks the kubelet. Throws StatusError. */
export function execTarget(state: ClusterState, user: User, info: RequestInfo): ExecTarget {
  if (info.resource !== 'pods' || info.subresource !== 'exec') throw noSuchPath()
  authorise(user, info)
  requireCreate(state, user, info)
  const pod = state.objects.pods?.find(({metadata}) => metadata.name === info.name && metadata.namespace === info.namespace)
  if (!pod) throw notFound('', 'pods', info.name)
  const {query} = info
  const container = containerOf(pod, query.get('container') ?? '')
  const streams = {stdin: isTrue(query, 'stdin'), stdout: isTrue(query, 'stdout'), stderr: isTrue(query, 'stderr')}
  return {node: nodeOf(pod), pod, container, request: {command: query.getAll('command'), ...streams}}
}

/**
 * A WebSocket exec is a GET; from 1.35 on the right to `create` is asked for as well (AuthorizePodWebsocketUpgradeCreatePermission), and where it is
 * missing nothing says so.
 */
function requireCreate({kubernetesVersion}: ClusterState, user: User, info: RequestInfo): void {
  const minor = Number(/^v?\d+\.(\d+)/.exec(kubernetesVersion)?.[1] ?? 0)
  if (minor >= 35 && !allows(user, {...info, verb: 'create'})) throw new StatusError(forbiddenBecause(info, ''))
}

interface PodSpec {
  readonly nodeName?: string
  readonly containers?: readonly {readonly name: string}[]
  readonly initContainers?: readonly {readonly name: string}[]
}
const specOf = (pod: KubeObject) => (pod.spec ?? {}) as PodSpec

/** Throws StatusError for a name that is none of its containers. */
export function containerOf(pod: KubeObject, wanted: string): string {
  const {containers = [], initContainers = []} = specOf(pod)
  const {name} = pod.metadata
  const names = [...initContainers, ...containers].map(one => one.name)
  if (wanted === '' && containers.length === 1) return containers[0]!.name
  if (wanted === '') throw badRequest(`a container name must be specified for pod ${name}, choose one of: [${names.join(' ')}]`)
  if (!names.includes(wanted)) throw badRequest(`container ${wanted} is not valid for pod ${name}`)
  return wanted
}

function nodeOf(pod: KubeObject): string {
  const {nodeName} = specOf(pod)
  if (!nodeName) throw badRequest(`pod ${pod.metadata.name} does not have a host assigned`)
  return nodeName
}

/** What the kubelet checks before it upgrades; its plain words are passed on as they are (pkg/kubelet/server: getExec). Throws PlainError. */
export function requireRunning({pod, container, request}: ExecTarget): void {
  const {stdin, stdout, stderr} = request
  if (!stdin && !stdout && !stderr) throw new PlainError(400, 'you must specify at least 1 of stdin, stdout, stderr')
  const {containerStatuses = [], initContainerStatuses = []} = (pod.status ?? {}) as Record<string, readonly {name: string; state?: {running?: object}}[]>
  const running = [...initContainerStatuses, ...containerStatuses].find(status => status.name === container)?.state?.running
  if (!running) throw new PlainError(500, `container not found ("${container}")`)
}

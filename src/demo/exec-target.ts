import type {ClusterState, KubeObject} from './cluster-state.ts'
import type {ExecRequest} from './exec.ts'
import {authorise} from './handle.ts'
import type {User} from './rbac.ts'
import type {RequestInfo} from './request-info.ts'
import {badRequest, noSuchPath, notFound, StatusError, statusOf} from './status.ts'

export const protocols = ['v5.channel.k8s.io', 'v4.channel.k8s.io'] as const

export interface ExecTarget {
  readonly node: string
  readonly request: ExecRequest
}

/** What an exec request is for, after all that a kube-apiserver checks before it upgrades. Throws StatusError. */
export function execTarget(state: ClusterState, user: User, info: RequestInfo): ExecTarget {
  if (info.resource !== 'pods' || info.subresource !== 'exec') throw noSuchPath()
  for (const verb of execVerbs(info.verb, state.kubernetesVersion)) authorise(user, {...info, verb})
  const pod = state.objects.pods?.find(({metadata}) => metadata.name === info.name && metadata.namespace === info.namespace)
  if (!pod) throw notFound('', 'pods', info.name)
  const {query} = info
  const asks = (name: string) => ['true', '1'].includes(query.get(name) ?? '')
  const request = {command: query.getAll('command'), stdout: asks('stdout'), stderr: asks('stderr')}
  if (!request.stdout && !request.stderr && !asks('stdin')) throw badRequest('you must specify at least 1 of stdin, stdout, stderr')
  if (request.command.length === 0) throw badRequest('you must specify at least one command for the container')
  const node = nodeOf(pod)
  requireContainer(pod, query.get('container') ?? '')
  return {node, request}
}

/** A WebSocket exec is a GET; from 1.35 on the right to `create` is asked for as well (AuthorizePodWebsocketUpgradeCreatePermission). */
function execVerbs(verb: string, kubernetesVersion: string): string[] {
  const minor = Number(/^v?\d+\.(\d+)/.exec(kubernetesVersion)?.[1] ?? 0)
  return verb === 'get' && minor >= 35 ? ['get', 'create'] : [verb]
}

interface PodSpec {
  readonly nodeName?: string
  readonly containers?: readonly {readonly name: string}[]
  readonly initContainers?: readonly {readonly name: string}[]
}
const specOf = (pod: KubeObject) => (pod.spec ?? {}) as PodSpec

function nodeOf(pod: KubeObject): string {
  const {nodeName} = specOf(pod)
  if (!nodeName) throw badRequest(`pod ${pod.metadata.name} does not have a host assigned`)
  return nodeName
}

function requireContainer(pod: KubeObject, wanted: string): void {
  const {containers = [], initContainers = []} = specOf(pod)
  const {name} = pod.metadata
  if (wanted === '' && containers.length === 1) return
  if (wanted === '') throw badRequest(`a container name must be specified for pod ${name}, choose one of: [${containers.map(one => one.name).join(' ')}]`)
  if (![...containers, ...initContainers].some(one => one.name === wanted)) throw badRequest(`container ${wanted} is not valid for pod ${name}`)
  const statuses = (pod.status as {containerStatuses?: readonly {name: string; state?: {running?: object}}[]} | undefined)?.containerStatuses ?? []
  const running = statuses.find(status => status.name === wanted)?.state?.running
  if (!running) throw new StatusError(statusOf(500, `unable to upgrade connection: container not found ("${wanted}")`))
}

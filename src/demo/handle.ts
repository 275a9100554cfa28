import {isOwnReview, reviewAccess} from './access-review.ts'
import type {ApiResource} from './api-resources.ts'
import {keyOf} from './api-resources.ts'
import type {ClusterState} from './cluster-state.ts'
import {plainAnswer} from './discovery.ts'
import {execTarget} from './exec-target.ts'
import {getAnswer, listAnswer} from './list.ts'
import {podLog} from './pod-log.ts'
import {podProxy} from './pod-proxy.ts'
import {authorise, type User} from './rbac.ts'
import {type RequestInfo, servedResource} from './request-info.ts'
import type {Answer} from './respond.ts'
import {badRequest, noSuchPath, notAllowed, notFound} from './status.ts'

export interface Asked {
  readonly info: RequestInfo
  readonly user: User
  readonly accept: string | undefined
  readonly body: string
}

/** Authorises and answers one request that is neither a watch nor an upgrade. Throws StatusError or PlainError. */
export function handle(state: ClusterState, asked: Asked): Answer {
  const {info, user, body} = asked
  if (!isOwnReview(user, info)) authorise(user, info)
  if (info.resource === '') return plainPath(state, info)
  const resource = servedResource(state.resources, info)
  if (isOwnReview(user, info)) return json(201, reviewAccess(user, body))
  if (!servedSubresources(resource).includes(info.subresource)) throw subresource(state, resource, asked)
  if (info.method !== 'GET') throw notAllowed()
  if (info.subresource === 'log') return podLog(state, info)
  if (info.subresource === 'proxy') return podProxy(state, info)
  return {code: 200, type: 'application/json', body: info.name === '' ? list(state, resource, asked) : get(state, resource, asked)}
}

const servedSubresources = ({resource, group}: ApiResource) => ['', 'status', ...(group === '' && resource === 'pods' ? ['log', 'proxy'] : [])]

function plainPath(state: ClusterState, {path, method}: RequestInfo): Answer {
  const answer = plainAnswer(state, path)
  if (method !== 'GET' && method !== 'HEAD') throw notAllowed()
  return answer
}

/** A review can only be created: there is no list of them, and none has a name. */
function list(state: ClusterState, resource: ApiResource, {info, accept}: Asked): Buffer {
  if (!resource.verbs.includes('list')) throw notAllowed()
  return listAnswer(state, resource, info, accept)
}

function get(state: ClusterState, resource: ApiResource, {info, accept}: Asked): Buffer {
  if (!resource.verbs.includes('get')) throw noSuchPath()
  return getAnswer(state, resource, info, accept)
}

const json = (code: number, value: object): Answer => ({code, type: 'application/json', body: Buffer.from(`${JSON.stringify(value)}\n`)})

/** Exec without an upgrade, and all that only a kubelet could answer. */
function subresource(state: ClusterState, resource: ApiResource, {info, user}: Asked): Error {
  const {subresource: wanted, name, namespace} = info
  const served = resource.subresources?.find(one => one.name === wanted)
  // Custom resources have handlers for what they declare only, and look for the object where they have none.
  if (!served) return resource.custom ? notFound(resource.group, resource.resource, name) : noSuchPath()
  if (wanted === 'exec') {
    if (info.verb !== 'get' && info.verb !== 'create') return notAllowed()
    execTarget(state, user, info)
    return badRequest('Upgrade request required')
  }
  const there = state.objects[keyOf(resource)]?.some(({metadata}) => metadata.name === name && metadata.namespace === namespace)
  return there ? badRequest(`${wanted} is not simulated`) : notFound(resource.group, resource.resource, name)
}

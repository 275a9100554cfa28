import {keyOf} from './api-resources.ts'
import type {ClusterState} from './cluster-state.ts'
import {plainAnswer} from './discovery.ts'
import {getAnswer, listAnswer} from './list.ts'
import {allows, forbidden, reviewAccess, type User} from './rbac.ts'
import {findResource, type RequestInfo} from './request-info.ts'
import type {Answer} from './respond.ts'
import {badRequest, noSuchPath, notAllowed, notFound, StatusError} from './status.ts'

export interface Asked {
  readonly info: RequestInfo
  readonly user: User
  readonly accept: string | undefined
  readonly body: string
}

/** Authorises and answers one request that is neither a watch nor an upgrade. Throws StatusError. */
export function handle(state: ClusterState, {info, user, accept, body}: Asked): Answer {
  if (info.resource === '') {
    if (info.method !== 'GET' && info.method !== 'HEAD') throw notAllowed()
    const {body: text, type} = plainAnswer(state, info.path)
    return {code: 200, type, body: Buffer.from(text)}
  }
  if (info.resource === 'selfsubjectaccessreviews' && info.verb === 'create') return json(201, reviewAccess(user, parsed(body)))
  authorise(user, info)
  const resource = findResource(state.resources, info)
  if (!resource) throw noSuchPath()
  if (info.method !== 'GET') throw notAllowed()
  if (info.subresource !== '' && info.subresource !== 'status') throw subresource(state, info)
  return {code: 200, type: 'application/json', body: info.name === '' ? listAnswer(state, resource, info, accept) : getAnswer(state, resource, info, accept)}
}

export function authorise(user: User, info: RequestInfo): void {
  if (!allows(user, info)) throw new StatusError(forbidden(user, info))
}

const json = (code: number, value: object): Answer => ({code, type: 'application/json', body: Buffer.from(`${JSON.stringify(value)}\n`)})

function parsed(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    throw badRequest("the object provided is unrecognized (must be of type SelfSubjectAccessReview): couldn't get version/kind; json parse error")
  }
}

function subresource(state: ClusterState, info: RequestInfo): StatusError {
  const resource = findResource(state.resources, info)
  const served = resource?.subresources?.some(({name}) => name === info.subresource)
  if (!resource || !served) return noSuchPath()
  const there = state.objects[keyOf(resource)]?.some(({metadata}) => metadata.name === info.name && metadata.namespace === info.namespace)
  if (!there) return notFound(resource.group, resource.resource, info.name)
  return badRequest(info.subresource === 'exec' ? 'Upgrade request required' : `${info.subresource} is not simulated`)
}

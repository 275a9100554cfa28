import {allows, allowsPath, anonymous, type User} from './rbac.ts'
import type {RequestInfo} from './request-info.ts'
import {badRequest, StatusError, statusOf} from './status.ts'

/** Everybody who is known by name may ask what he may (ClusterRole system:basic-user). */
export const isOwnReview = ({name}: User, {group, resource, verb}: RequestInfo): boolean =>
  group === 'authorization.k8s.io' && resource === 'selfsubjectaccessreviews' && verb === 'create' && name !== anonymous.name

/** Answers a SelfSubjectAccessReview by the same rules that gate requests. `*` asked for means all of them. Throws StatusError for what is none. */
export function reviewAccess(user: User, body: string): object {
  const spec = objectAt(reviewIn(body), 'spec')
  const [resource, path] = [objectAt(spec, 'resourceAttributes'), objectAt(spec, 'nonResourceAttributes')]
  if (!resource === !path) throw invalid(resource ? 'nonResourceAttributes' : 'resourceAttributes')
  const allowed = resource ? allows(user, attemptOf(resource)) : allowsPath(user, textAt(path, 'verb'), textAt(path, 'path'))
  const status = allowed ? {allowed, reason: ''} : {allowed}
  return {kind, apiVersion, metadata: {}, spec, status}
}

const kind = 'SelfSubjectAccessReview'
const apiVersion = 'authorization.k8s.io/v1'
type Fields = Readonly<Record<string, unknown>>

function reviewIn(body: string): Fields {
  const review = parsed(body)
  if (!isObject(review)) throw badRequest(`the object provided is unrecognized (must be of type ${kind}): couldn't get version/kind; json parse error`)
  const {kind: ownKind = kind, apiVersion: ownVersion = apiVersion} = review
  if (ownKind !== kind || ownVersion !== apiVersion) throw badRequest(`${ownKind} in version "${ownVersion}" cannot be handled as a ${kind}`)
  return review
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}

const attemptOf = (attributes: Fields) => ({
  verb: textAt(attributes, 'verb'),
  group: textAt(attributes, 'group'),
  resource: textAt(attributes, 'resource'),
  subresource: textAt(attributes, 'subresource'),
  namespace: textAt(attributes, 'namespace'),
  name: textAt(attributes, 'name'),
})

const isObject = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value)
/** Go reads null as what is not there. */
const fieldAt = (value: Fields | undefined, name: string): unknown => (value && Object.hasOwn(value, name) ? (value[name] ?? undefined) : undefined)

function objectAt(value: Fields | undefined, name: string): Fields | undefined {
  const field = fieldAt(value, name)
  if (field !== undefined && !isObject(field)) throw unreadable(name, field)
  return field
}

function textAt(value: Fields | undefined, name: string): string {
  const field = fieldAt(value, name) ?? ''
  if (typeof field !== 'string') throw unreadable(name, field)
  return field
}

const unreadable = (name: string, value: unknown) =>
  badRequest(`${kind} in version "v1" cannot be handled as a ${kind}: json: cannot unmarshal ${typeof value} into Go struct field ${name}`)

/** Neither or both (pkg/apis/authorization/validation). */
function invalid(name: 'resourceAttributes' | 'nonResourceAttributes'): StatusError {
  const why =
    name === 'resourceAttributes'
      ? 'Invalid value: null: exactly one of nonResourceAttributes or resourceAttributes must be specified'
      : 'Invalid value: cannot be specified in combination with resourceAttributes'
  const field = `spec.${name}`
  const details = {group: 'authorization.k8s.io', causes: [{reason: 'FieldValueInvalid', message: why, field}]}
  return new StatusError(statusOf(422, `.authorization.k8s.io "" is invalid: ${field}: ${why}`, details))
}

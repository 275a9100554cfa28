import type {RequestInfo} from './request-info.ts'
import {qualified, type Status, StatusError, statusOf} from './status.ts'

/** A right, in the words of a Kubernetes role. `*` stands for all; `pods/exec` for a subresource. */
export interface Rule {
  readonly verbs: readonly string[]
  readonly apiGroups?: readonly string[]
  readonly resources?: readonly string[]
  /** Only there; undefined: cluster-wide. */
  readonly namespaces?: readonly string[]
  readonly resourceNames?: readonly string[]
  /** `/metrics`, `/logs/*`: paths that are no resource. */
  readonly nonResourceURLs?: readonly string[]
}
export interface User {
  readonly name: string
  /** undefined: everything is allowed. */
  readonly rules?: readonly Rule[]
}
/** One thing a user may want to do. */
export type Attempt = Pick<RequestInfo, 'verb' | 'group' | 'resource' | 'subresource' | 'namespace' | 'name'>

/** ClusterRoles system:public-info-viewer, for everybody, and system:discovery, for all who are known by name. */
const publicPaths = ['/healthz', '/livez', '/readyz', '/version', '/version/']
const discoveryPaths = ['/api', '/api/*', '/apis', '/apis/*', '/openapi', '/openapi/*']
/** Who shows nothing to be known by (apiserver: authentication/user). */
export const anonymous: User = {name: 'system:anonymous', rules: []}

export const allows = ({rules}: User, attempt: Attempt): boolean => !rules || rules.some(rule => covers(rule, attempt))

function covers(
  {verbs, apiGroups = [], resources = [], namespaces, resourceNames}: Rule,
  {verb, group, resource, subresource, namespace, name}: Attempt,
): boolean {
  const asked = subresource === '' ? resource : `${resource}/${subresource}`
  return (
    has(verbs, verb) &&
    has(apiGroups, group) &&
    (has(resources, asked) || (subresource !== '' && resources.includes(`*/${subresource}`))) &&
    (!namespaces || namespaces.includes(namespace)) &&
    (!resourceNames || resourceNames.includes(name))
  )
}

export function allowsPath(user: User, verb: string, path: string): boolean {
  const open = user.name === anonymous.name ? publicPaths : [...publicPaths, ...discoveryPaths]
  const mayAll = !user.rules || user.rules.some(({verbs, nonResourceURLs = []}) => has(verbs, verb) && isAmong(nonResourceURLs, path))
  return mayAll || (verb === 'get' && isAmong(open, path))
}

const has = (list: readonly string[], word: string) => list.includes('*') || list.includes(word)
/** A star at the end stands for anything (pkg/apis/rbac/v1: NonResourceURLMatches). */
const isAmong = (urls: readonly string[], path: string) => urls.some(url => (url.endsWith('*') ? path.startsWith(url.slice(0, -1)) : url === path))

/** Throws the 403 of who may not. */
export function authorise(user: User, info: Attempt & Pick<RequestInfo, 'path'>): void {
  if (info.resource === '') {
    if (!allowsPath(user, info.verb, info.path))
      throw new StatusError(statusOf(403, `forbidden: User "${user.name}" cannot ${info.verb} path "${info.path}"`, {}))
  } else if (!allows(user, info)) throw new StatusError(forbidden(user, info))
}

/** In the words of apiserver's responsewriters and authorizer. */
export function forbidden(user: User, attempt: Attempt): Status {
  const {verb, group, resource, subresource, namespace} = attempt
  const asked = subresource === '' ? resource : `${resource}/${subresource}`
  const scope = namespace === '' ? 'at the cluster scope' : `in the namespace "${namespace}"`
  return forbiddenBecause(attempt, `User "${user.name}" cannot ${verb} resource "${asked}" in API group "${group}" ${scope}`)
}

export function forbiddenBecause({group, resource, name}: Pick<Attempt, 'group' | 'resource' | 'name'>, why: string): Status {
  const about = name === '' ? qualified(group, resource) : `${qualified(group, resource)} "${name}"`
  return statusOf(403, `${about} is forbidden: ${why}`, {...(name !== '' && {name}), ...(group !== '' && {group}), kind: resource})
}

import type {RequestInfo} from './request-info.ts'
import {type Status, statusOf} from './status.ts'

/** A right, in the words of a Kubernetes role. `*` stands for all; `pods/exec` for a subresource. */
export interface Rule {
  readonly verbs: readonly string[]
  readonly apiGroups: readonly string[]
  readonly resources: readonly string[]
  /** Only there; undefined: cluster-wide. */
  readonly namespaces?: readonly string[]
  readonly resourceNames?: readonly string[]
}
export interface User {
  readonly name: string
  /** undefined: everything is allowed. */
  readonly rules?: readonly Rule[]
}
/** One thing a user may want to do. */
export type Attempt = Pick<RequestInfo, 'verb' | 'group' | 'resource' | 'subresource' | 'namespace' | 'name'>

export const allows = ({rules}: User, attempt: Attempt): boolean => !rules || rules.some(rule => covers(rule, attempt))

function covers(rule: Rule, {verb, group, resource, subresource, namespace, name}: Attempt): boolean {
  const asked = subresource === '' ? resource : `${resource}/${subresource}`
  return (
    has(rule.verbs, verb) &&
    has(rule.apiGroups, group) &&
    (has(rule.resources, asked) || (subresource !== '' && rule.resources.includes(`*/${subresource}`))) &&
    (!rule.namespaces || rule.namespaces.includes(namespace)) &&
    (!rule.resourceNames || rule.resourceNames.includes(name))
  )
}

const has = (list: readonly string[], word: string) => list.includes('*') || list.includes(word)

/** In the words of apiserver's responsewriters and authorizer. */
export function forbidden(user: User, attempt: Attempt): Status {
  const {verb, group, resource, subresource, namespace, name} = attempt
  const asked = subresource === '' ? resource : `${resource}/${subresource}`
  const qualified = group === '' ? resource : `${resource}.${group}`
  const scope = namespace === '' ? 'at the cluster scope' : `in the namespace "${namespace}"`
  const about = name === '' ? qualified : `${qualified} "${name}"`
  return statusOf(403, `${about} is forbidden: User "${user.name}" cannot ${verb} resource "${asked}" in API group "${group}" ${scope}`, {
    ...(name !== '' && {name}),
    ...(group !== '' && {group}),
    kind: resource,
  })
}

/** Answers a SelfSubjectAccessReview with the same rules that gate requests. `*` asked for means all of them. */
export function reviewAccess(user: User, review: unknown): object {
  const spec = field(review, 'spec')
  const attributes = field(spec, 'resourceAttributes')
  const text = (name: string) => {
    const value = field(attributes, name)
    return typeof value === 'string' ? value : ''
  }
  const attempt = {
    verb: text('verb'),
    group: text('group'),
    resource: text('resource'),
    subresource: text('subresource'),
    namespace: text('namespace'),
    name: text('name'),
  }
  // Paths such as /version and /healthz are open to everyone who is known (ClusterRole system:public-info-viewer).
  const allowed = attributes === undefined ? field(spec, 'nonResourceAttributes') !== undefined : allows(user, attempt)
  const status = allowed ? {allowed, reason: ''} : {allowed}
  return {kind: 'SelfSubjectAccessReview', apiVersion: 'authorization.k8s.io/v1', metadata: {}, spec: spec ?? {}, status}
}

const field = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? Object.getOwnPropertyDescriptor(value, name)?.value : undefined

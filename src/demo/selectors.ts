import type {KubeObject} from './cluster-state.ts'
import {badRequest} from './status.ts'

export type Matcher = (object: KubeObject) => boolean

/** The whole grammar of apimachinery's labels.Parse: `a`, `!a`, `a=b`, `a==b`, `a!=b`, `a in (b,c)`, `a notin (b,c)`, `a>1`, `a<1`. */
export function labelMatcher(selector: string): Matcher {
  const requirements = requirementsOf(selector).map(requirement => ({requirement, holds: requirementMatcher(requirement, selector)}))
  return ({metadata: {labels = {}}}) => requirements.every(({holds}) => holds(labels))
}

type Labels = Readonly<Record<string, string>>
const key = `([A-Za-z0-9](?:[-A-Za-z0-9_./]*[A-Za-z0-9])?)`
const set = new RegExp(String.raw`^${key}\s+(in|notin)\s*\(([^()]*)\)$`)
const equality = new RegExp(String.raw`^${key}\s*(==|=|!=)\s*([-A-Za-z0-9_.]*)$`)
const order = new RegExp(String.raw`^${key}\s*([<>])\s*(-?\d+)$`)
const exists = new RegExp(String.raw`^(!?)\s*${key}$`)

function requirementMatcher(requirement: string, selector: string): (labels: Labels) => boolean {
  const bySet = set.exec(requirement)
  if (bySet) return inSet(bySet[1]!, bySet[2] === 'in', bySet[3]!.split(',').map(trim))
  const byEquality = equality.exec(requirement)
  if (byEquality) return inSet(byEquality[1]!, byEquality[2] !== '!=', [byEquality[3]!])
  const byOrder = order.exec(requirement)
  if (byOrder) return inOrder(byOrder[1]!, byOrder[2]!, Number(byOrder[3]))
  const byPresence = exists.exec(requirement)
  if (byPresence) return labels => Object.hasOwn(labels, byPresence[2]!) === (byPresence[1] === '')
  throw badRequest(`unable to parse requirement: found '${requirement}', in selector '${selector}'`)
}

/** A label that is not there is in no set, so `!=` and `notin` hold for it. */
const inSet = (name: string, wanted: boolean, values: readonly string[]) => (labels: Labels) =>
  (Object.hasOwn(labels, name) && values.includes(labels[name]!)) === wanted
const inOrder = (name: string, sign: string, bound: number) => (labels: Labels) => {
  const value = Object.hasOwn(labels, name) ? Number.parseInt(labels[name]!, 10) : Number.NaN
  return sign === '>' ? value > bound : value < bound
}

const trim = (text: string) => text.trim()
const requirementsOf = (selector: string): string[] =>
  selector
    .split(/,(?![^(]*\))/)
    .map(trim)
    .filter(Boolean)

/** Fields that a selector may name: all have these two, some have more (pkg/apis/core/v1/conversion.go). */
const everywhere = ['metadata.name', 'metadata.namespace']
const byResource: Record<string, readonly string[]> = {
  pods: ['spec.nodeName', 'spec.restartPolicy', 'spec.schedulerName', 'spec.serviceAccountName', 'spec.hostNetwork', 'status.phase', 'status.podIP'],
  nodes: ['spec.unschedulable'],
  namespaces: ['status.phase'],
  secrets: ['type'],
  events: ['involvedObject.kind', 'involvedObject.namespace', 'involvedObject.name', 'reason', 'type'],
  replicasets: ['status.replicas'],
}

export function fieldMatcher(selector: string, resource: string): Matcher {
  const allowed = [...everywhere, ...(byResource[resource] ?? [])]
  const requirements = requirementsOf(selector).map(text => {
    const parts = /^([^=!\s]+)\s*(==|=|!=)\s*(.*)$/.exec(text)
    if (!parts) throw badRequest(`invalid selector: '${selector}'; can't understand '${text}'`)
    if (!allowed.includes(parts[1]!)) throw badRequest(`field label not supported: ${parts[1]}`)
    return {path: parts[1]!.split('.'), value: parts[3]!, wanted: parts[2] !== '!='}
  })
  return object => requirements.every(({path, value, wanted}) => (textAt(object, path) === value) === wanted)
}

/** What is not set selects as the empty string, or `false`. */
function textAt(object: KubeObject, path: readonly string[]): string {
  let value: unknown = object
  for (const name of path) value = typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined
  if (value !== undefined) return String(value)
  return path.at(-1) === 'hostNetwork' || path.at(-1) === 'unschedulable' ? 'false' : ''
}

import {dump} from 'js-yaml'
import type {Access} from '../engine/collector.ts'
import {calicoNamespace} from '../engine/plan.ts'

const name = 'calico-doctor'
interface Rule {
  apiGroups: string[]
  resources: string[]
  resourceNames?: string[]
  verbs: string[]
}

/** A ClusterRole for what is asked of the whole cluster, and a Role in each namespace where something narrower is enough (exec is never cluster-wide). */
export function rbacManifest(access: readonly Access[], calicoNamespaces: readonly string[], command = 'check'): string {
  const wide = access.filter(item => item.namespace === undefined)
  const isWide = (item: Access) => wide.some(one => coversEverywhere(one, item))
  const narrow = access.flatMap(item =>
    item.namespace === undefined || isWide(item)
      ? []
      : (item.namespace === calicoNamespace ? calicoNamespaces : [item.namespace]).map(namespace => ({...item, namespace})),
  )
  const namespaces = [...new Set(narrow.map(item => item.namespace))].sort()
  const documents = [
    role('ClusterRole', rulesOf(wide)),
    ...namespaces.map(namespace => role('Role', rulesOf(narrow.filter(item => item.namespace === namespace)), namespace)),
  ]
  return `${headerFor(command)}${documents.map(document => dump(document, {lineWidth: -1})).join('---\n')}`
}

/** What may be done in the whole cluster needs no Role beside. */
const coversEverywhere = (wide: Access, {verb, group, resource, subresource, name}: Access) =>
  wide.verb === verb &&
  wide.group === group &&
  wide.resource === resource &&
  wide.subresource === subresource &&
  (wide.name === undefined || wide.name === name)

const headerFor = (command: string) => `# What calico-doctor ${command} reads, and no more. Bind them to who runs it, for example:
#   kubectl create clusterrolebinding ${name} --clusterrole=${name} --user=USER
#   kubectl create rolebinding ${name} --role=${name} --user=USER -n NAMESPACE    (for each Role below)
`

function role(kind: 'ClusterRole' | 'Role', rules: Rule[], namespace?: string) {
  return {apiVersion: 'rbac.authorization.k8s.io/v1', kind, metadata: {name, ...(namespace !== undefined && {namespace})}, rules}
}

interface Shape {
  readonly group: string
  readonly resource: string
  readonly names: string
  readonly verbs: string
}

/**
 * As few rules as say just this: verbs of one object together, then names of one resource, then resources of one group. Discovery (`/version`, `/apis`)
 * needs none: every authenticated user may read it.
 */
function rulesOf(access: readonly Access[]): Rule[] {
  const named = access.map(({group, resource, subresource, name, verb}) => ({
    group,
    resource: subresource === undefined ? resource : `${resource}/${subresource}`,
    names: name ?? '',
    verbs: verb as string,
  }))
  const shapes = merged(merged(merged(named, 'verbs'), 'names'), 'resource')
  return shapes.map(({group, resource, names, verbs}) => ({
    apiGroups: [group],
    resources: resource.split(','),
    ...(names !== '' && {resourceNames: names.split(',')}),
    verbs: verbs.split(','),
  }))
}

/** Those that differ in one part only become one, with the parts in order and joined by a comma. A rule for all names swallows none for some. */
function merged(shapes: readonly Shape[], part: 'verbs' | 'names' | 'resource'): Shape[] {
  const groups = Map.groupBy(shapes, shape => JSON.stringify({...shape, [part]: part === 'names' ? shape.names === '' : ''}))
  return [...groups.entries()]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, alike]) => ({...alike[0]!, [part]: [...new Set(alike.map(shape => shape[part]))].sort().join(',')}))
}

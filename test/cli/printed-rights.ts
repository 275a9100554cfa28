import {loadAll} from 'js-yaml'

/** One verb on one thing: what a rule of a role comes to when it is taken apart. */
export interface Right {
  readonly verb: string
  readonly group: string
  /** `pods/exec` for a subresource. */
  readonly resource: string
  /** undefined: all of that name. */
  readonly name?: string
  /** undefined: in the whole cluster. */
  readonly namespace?: string
}
export interface Role {
  readonly kind: 'ClusterRole' | 'Role'
  readonly metadata: {readonly name: string; readonly namespace?: string}
  readonly rules: readonly {
    readonly apiGroups: readonly string[]
    readonly resources: readonly string[]
    readonly resourceNames?: readonly string[]
    readonly verbs: readonly string[]
  }[]
}

export const rolesIn = (manifest: string): Role[] => loadAll(manifest) as unknown as Role[]

/** Every right that `check --print-rbac` printed, one by one. */
export const rightsIn = (roles: readonly Role[]): Right[] =>
  roles.flatMap(({metadata: {namespace}, rules}) =>
    rules.flatMap(({apiGroups, resources, resourceNames = [undefined], verbs}) =>
      apiGroups.flatMap(group =>
        resources.flatMap(resource =>
          resourceNames.flatMap(name =>
            verbs.map(verb => ({verb, group, resource, ...(name !== undefined && {name}), ...(namespace !== undefined && {namespace})})),
          ),
        ),
      ),
    ),
  )

export const rightText = ({verb, group, resource, name, namespace}: Right): string =>
  [`${verb} ${resource}${group && `.${group}`}`, ...(name === undefined ? [] : [name]), ...(namespace === undefined ? [] : [`in ${namespace}`])].join(' ')

/** A request as an audit log or the simulated cluster recorded it. */
export interface Asked {
  readonly verb: string
  readonly group: string
  readonly resource: string
  readonly subresource: string
  readonly namespace: string
  readonly name: string
}

/** Whether a request needed this right. An exec is recorded as `get`, and needs `create` too. */
export function isNeededBy({verb, group, resource, name, namespace}: Right, asked: Asked): boolean {
  const about = asked.subresource === '' ? asked.resource : `${asked.resource}/${asked.subresource}`
  const isExec = resource === 'pods/exec' && verb === 'create'
  return (
    (isExec ? 'get' : verb) === asked.verb &&
    group === asked.group &&
    resource === about &&
    (name === undefined || name === asked.name) &&
    (namespace === undefined || namespace === asked.namespace)
  )
}

import {collectors} from '../collectors/index.ts'
import type {Check} from '../engine/check.ts'
import {valueOf} from '../engine/collected.ts'
import type {Access} from '../engine/collector.ts'
import {SourceError} from '../engine/errors.ts'
import {accessOf, planFor} from '../engine/plan.ts'
import {rbacManifest} from '../reporters/rbac.ts'
import {type LookFlags, look} from './look.ts'

/** Where Calico is when nobody may tell us: upstream manifest and operator. */
const usualNamespaces = ['kube-system', 'calico-system']
const calicoGroups = ['crd.projectcalico.org', 'projectcalico.org']

/** The least rights for these checks on this cluster: Calico's namespace and API group as it has them. */
export async function printRbac(flags: LookFlags, checks: readonly Check[]): Promise<string> {
  const access = accessOf(planFor(checks, collectors))
  const {namespaces, group} = await whereCalicoIs(flags)
  return rbacManifest(group === undefined ? access : access.filter(readsFrom(group)), namespaces)
}

const readsFrom = (group: string) => (right: Access) => right.group === group || !calicoGroups.includes(right.group)

async function whereCalicoIs(flags: LookFlags): Promise<{namespaces: readonly string[]; group?: string}> {
  try {
    const {table} = await look({...flags, exec: 'none', node: []}, {checks: [], facts: ['calicoNamespaces', 'apiGroup']})
    const namespaces = valueOf(table.calicoNamespaces)
    const group = valueOf(table.apiGroup)?.group
    if (namespaces && namespaces.length > 0) return {namespaces, ...(group !== undefined && {group})}
  } catch (error) {
    if (!(error instanceof SourceError)) throw error
  }
  process.stderr.write(`Calico's namespace could not be seen; printing for ${usualNamespaces.join(' and ')}. Keep the one you have.\n`)
  return {namespaces: usualNamespaces}
}

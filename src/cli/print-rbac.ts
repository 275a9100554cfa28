import {collectors} from '../collectors/index.ts'
import type {Check} from '../engine/check.ts'
import {SourceError} from '../engine/errors.ts'
import type {FactTable} from '../engine/facts.ts'
import {accessOf, planFor} from '../engine/plan.ts'
import {rbacManifest} from '../reporters/rbac.ts'
import {type LookFlags, look} from './look.ts'
import {factsForRights, rightsHere} from './rights-here.ts'

/** Where Calico is when nobody may tell us: upstream manifest and operator. */
const usualNamespaces = ['kube-system', 'calico-system']

/** The least rights for these checks on this cluster: what is asked of Calico as it is installed here. */
export async function printRbac(flags: LookFlags, checks: readonly Check[]): Promise<string> {
  const access = accessOf(planFor(checks, collectors))
  const table = await seenOf(flags)
  return rbacManifest(table ? rightsHere(access, table) : access, namespacesIn(table))
}

function namespacesIn(table: FactTable | undefined): readonly string[] {
  const seen = table?.calicoDaemonSets.known && table.calicoNamespaces.known ? table.calicoNamespaces.value : []
  if (seen.length > 0) return seen
  process.stderr.write(`Calico's namespace could not be seen; printing for ${usualNamespaces.join(' and ')}. Keep the one you have.\n`)
  return usualNamespaces
}

/** Rights are printed for clusters too that cannot be reached. */
async function seenOf(flags: LookFlags): Promise<FactTable | undefined> {
  try {
    return (await look({...flags, exec: 'none', node: []}, {checks: [], facts: ['calicoNamespaces', ...factsForRights]})).table
  } catch (error) {
    if (error instanceof SourceError) return undefined
    throw error
  }
}

import {loadChecks} from '../checks/index.ts'
import {collectors} from '../collectors/index.ts'
import type {Check} from '../engine/check.ts'
import {SourceError} from '../engine/errors.ts'
import type {FactName, FactTable} from '../engine/facts.ts'
import {accessOf, planFor} from '../engine/plan.ts'
import {apiEvidenceAccess, apiEvidenceAccessIn} from '../evidence/api-access.ts'
import {rbacManifest} from '../reporters/rbac.ts'
import {bundleFacts} from './bundle-facts.ts'
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

/** The least rights for a bundle: all checks, and the raw evidence that goes beside them. */
export async function printBundleRbac(flags: LookFlags & {readonly wide: boolean}): Promise<string> {
  const access = accessOf(planFor(await loadChecks(), collectors, bundleFacts(flags)))
  const table = await seenOf(flags, ['installation'])
  const all = table ? [...rightsHere(access, table), ...apiEvidenceAccessIn(table)] : [...access, ...apiEvidenceAccess]
  return rbacManifest(all, namespacesIn(table), 'bundle collect')
}

function namespacesIn(table: FactTable | undefined): readonly string[] {
  const seen = table?.calicoDaemonSets.known && table.calicoNamespaces.known ? table.calicoNamespaces.value : []
  if (seen.length > 0) return seen
  process.stderr.write(`Calico's namespace could not be seen; printing for ${usualNamespaces.join(' and ')}. Keep the one you have.\n`)
  return usualNamespaces
}

/** Rights are printed for clusters too that cannot be reached. */
async function seenOf(flags: LookFlags, more: readonly FactName[] = []): Promise<FactTable | undefined> {
  try {
    return (await look({...flags, exec: 'none', node: []}, {checks: [], facts: ['calicoNamespaces', ...factsForRights, ...more]})).table
  } catch (error) {
    if (error instanceof SourceError) return undefined
    throw error
  }
}

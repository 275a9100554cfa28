import {checkIds, loadChecks} from '../checks/index.ts'
import {collectors} from '../collectors/index.ts'
import {asksOf} from '../engine/asks.ts'
import {UsageError} from '../engine/errors.ts'
import {explainAll, explainOne} from '../reporters/explain.ts'
import type {Screen} from '../reporters/screen.ts'
import {didYouMean} from './choose-checks.ts'

/** All checks by category, or one in full. Throws UsageError for an id that is none. */
export async function explain(id: string | undefined, screen: Screen): Promise<string> {
  if (id === undefined) return explainAll(await loadChecks(), screen)
  if (!checkIds.includes(id)) throw new UsageError(`no such check: ${id}`, didYouMean(id, checkIds))
  const [check] = await loadChecks([id])
  return explainOne(check!, screen, asksOf(check!, collectors))
}

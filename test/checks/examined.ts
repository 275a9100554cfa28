import type {Check, Finding} from '../../src/engine/check.ts'
import {known} from '../../src/engine/collected.ts'
import {examine} from '../../src/engine/examine.ts'

/** A check's verdict on facts given as in its examples: `needs` as values, `uses` as Collected. */
export function examined(
  check: Check,
  given: Readonly<Record<string, unknown>>,
): {status: string; findings: readonly Finding[]; reasons: readonly string[]; reason: string} {
  const table = Object.fromEntries(Object.entries(given).map(([fact, value]) => [fact, check.needs.includes(fact) ? known(value) : value]))
  const verdict = examine(check, table as never)
  return {
    status: verdict.status === 'crashed' ? verdict.error : verdict.status,
    findings: verdict.status === 'fail' ? verdict.findings : [],
    reasons: verdict.status === 'unknown' ? verdict.reasons : [],
    reason: verdict.status === 'not-applicable' ? verdict.reason : '',
  }
}

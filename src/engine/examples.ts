import type {Check, Example, Finding} from './check.ts'
import {known} from './collected.ts'
import {examine, type Verdict} from './examine.ts'
import type {FactName, FactTable} from './facts.ts'

/** An example of a check, judged as a cluster would be. */
export interface JudgedExample {
  readonly name: string
  readonly verdict: Verdict
}
export const judgedExamples = (check: Check): JudgedExample[] =>
  Object.entries(check.examples).map(([name, example]) => ({name, verdict: examine(check, tableOf(check, example))}))

/** One finding for each message that some example brings. */
export function exampleOfEach(check: Check): Map<string, Finding> {
  const findings = judgedExamples(check).flatMap(({verdict}) => (verdict.status === 'fail' ? verdict.findings : []))
  return new Map(findings.toReversed().map(finding => [finding.messageId, finding]))
}

/** In an example `needs` come as values and `uses` as Collected; a table holds them all as Collected. */
export function tableOf({needs}: Check, {given}: Example<any, any>): FactTable {
  const entries = Object.entries(given as Record<string, unknown>)
  return Object.fromEntries(entries.map(([name, value]) => [name, (needs as readonly FactName[]).includes(name as FactName) ? known(value) : value])) as never
}

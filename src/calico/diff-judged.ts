import type {Finding} from '../engine/check.ts'
import type {Collected} from '../engine/collected.ts'
import type {Missing} from '../engine/examine.ts'
import type {FactTable} from '../engine/facts.ts'
import type {CheckReport, Report} from '../engine/report.ts'

/** One look, judged. */
export interface Judged {
  readonly report: Report
  readonly table: FactTable
  readonly checks: ReadonlyMap<string, CheckReport>
  /** Nodes that were to be asked; undefined: nobody could say. */
  readonly wanted: ReadonlySet<string> | undefined
  /** Nodes of the cluster; undefined where they could not be listed, or not whole. */
  readonly nodes: ReadonlySet<string> | undefined
}

export function judgedOf(report: Report, table: FactTable, nodesWanted: Collected<readonly string[]>): Judged {
  const {kubeNodes} = table
  const whole = kubeNodes?.known && kubeNodes.partial === undefined
  return {
    report,
    table,
    checks: new Map(report.checks.map(check => [check.id, check])),
    wanted: nodesWanted.known ? new Set(nodesWanted.value) : undefined,
    nodes: whole ? new Set(kubeNodes.value.map(({name}) => name)) : undefined,
  }
}

/** Would this look have found it? */
export type Ruling = {readonly judged: true; readonly note?: string} | {readonly judged: false; readonly reason: string}

/**
 * A look that does not have a finding which the other has: is it not so there, or could nobody tell? What both looks lack takes nothing away, for the finding
 * was made without it; what is missing of nodes that the finding does not name neither.
 */
export function notJudgedBecause(finding: Finding, there: Judged, here: Judged): Ruling {
  const check = there.checks.get(finding.check)
  if (!check || check.status === 'crashed') return {judged: false, reason: 'the check itself failed'}
  if (check.status === 'not-applicable') return {judged: true, note: `does not apply: ${check.reason ?? ''}`}
  if (check.status === 'suppressed') return {judged: false, reason: check.reason ?? 'suppressed'}
  const nodes = new Set(finding.subjects.flatMap(({kind, name}) => (kind === 'Node' ? [name] : [])))
  const inTheWay = check.missing.filter(missing => !isElsewhere(missing, nodes))
  const same = new Set((here.checks.get(finding.check)?.missing ?? []).map(keyOf))
  const missing = check.status === 'unknown' ? (inTheWay[0] ?? check.missing[0]) : inTheWay.find(item => !same.has(keyOf(item)))
  if (missing) return {judged: false, reason: missingText(missing)}
  const [open] = check.undecided ?? []
  if (check.status === 'unknown' || open !== undefined) return {judged: false, reason: open ?? check.reason ?? 'not everything was seen'}
  const unasked = [...nodes].find(node => there.wanted?.has(node) !== true && there.nodes?.has(node) !== false)
  if (unasked !== undefined) return {judged: false, reason: `node ${unasked} was not asked`}
  const away = [...nodes].filter(node => there.nodes?.has(node) === false)
  return {judged: true, ...(away.length > 0 && {note: away.length === nodes.size ? 'not in the cluster' : 'some of its nodes are not in the cluster'})}
}

const isElsewhere = ({node}: Missing, nodes: ReadonlySet<string>) => node !== undefined && nodes.size > 0 && !nodes.has(node)
const keyOf = ({fact, node = ''}: Missing) => `${fact} ${node}`
export const missingText = ({fact, node, why, detail}: Missing) =>
  `${fact}${node === undefined ? '' : ` of ${node}`} ${why === 'not-collected' ? 'not asked' : why}${detail === '' ? '' : `: ${detail}`}`

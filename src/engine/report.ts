import {type Check, categoryOf, type Finding, type Severity, severities} from './check.ts'
import type {Collected, PerNode, Why} from './collected.ts'
import {type ClusterDescription, describeCluster} from './describe-cluster.ts'
import {examine, type Missing, type Verdict} from './examine.ts'
import {type FactName, type FactTable, perNodeFacts} from './facts.ts'
import type {Snapshot, Source} from './snapshot.ts'

export type Status = Verdict['status']
export interface CheckReport {
  readonly id: string
  readonly category: string
  /** The healthy or the failing sentence, as the status asks for. */
  readonly title: string
  readonly status: Status
  readonly findings: readonly Finding[]
  readonly missing: readonly Missing[]
  /** Why not applicable, undecided, or crashed. */
  readonly reason?: string
  /** What a check that found something could not tell beside it. */
  readonly undecided?: readonly string[]
}
export interface NodeMissing {
  readonly node: string
  readonly why: Why
  readonly detail: string
}
export interface FactMissing {
  readonly fact: FactName
  readonly why: Why
  readonly detail: string
}
export interface Coverage {
  /** Seen ÷ wanted (fact, node) pairs of the checks that apply, 0 to 100, rounded down: 100 means all. */
  readonly percent: number
  readonly nodes: {readonly wanted: number; readonly seen: number; readonly missing: readonly NodeMissing[]}
  readonly facts: {readonly missing: readonly FactMissing[]}
}
export type Summary = Readonly<Record<Severity | 'pass' | 'unknown' | 'notApplicable' | 'suppressed' | 'crashed', number>>

/** What every reporter prints; data only. */
export interface Report {
  readonly tool: {readonly version: string}
  readonly takenAt: string
  readonly durationMs: number
  readonly source: Source
  readonly cluster: ClusterDescription
  readonly summary: Summary
  readonly coverage: Coverage
  readonly checks: readonly CheckReport[]
}

/** Judges a snapshot. Pure: the same snapshot gives the same report, whatever its source. */
export function report(snapshot: Snapshot, table: FactTable, checks: readonly Check[], tool: {version: string}): Report {
  const judged = checks.map(check => ({check, verdict: examine(check, table)})).sort((a, b) => byText(a.check.id, b.check.id))
  const reports = judged.map(({check, verdict}) => checkReport(check, verdict))
  return {
    tool,
    takenAt: snapshot.takenAt,
    durationMs: snapshot.durationMs,
    source: snapshot.source,
    cluster: describeCluster(table),
    summary: summaryOf(reports),
    coverage: coverageOf(judged, table, snapshot),
    checks: reports,
  }
}

function checkReport(check: Check, verdict: Verdict): CheckReport {
  const findings = verdict.status === 'fail' ? inOrder(verdict.findings) : []
  const reason = reasonOf(verdict)
  return {
    id: check.id,
    category: categoryOf(check.id),
    title: verdict.status === 'fail' ? check.failureTitle : check.title,
    status: verdict.status,
    findings,
    missing: verdict.missing,
    ...(reason !== undefined && {reason}),
    ...(verdict.status === 'fail' && verdict.undecided && {undecided: verdict.undecided}),
  }
}

function reasonOf(verdict: Verdict): string | undefined {
  switch (verdict.status) {
    case 'not-applicable':
    case 'suppressed':
      return verdict.reason
    case 'crashed':
      return verdict.error
    case 'unknown':
      return verdict.reasons.length > 0 ? verdict.reasons.join('; ') : undefined
    default:
      return undefined
  }
}

/** Total order: severity, message, subjects, text. */
export function inOrder(findings: readonly Finding[]): Finding[] {
  const key = (finding: Finding) =>
    [
      severities.indexOf(finding.severity),
      finding.check,
      finding.messageId,
      finding.subjects.map(s => `${s.kind}/${s.namespace ?? ''}/${s.name}`).join(' '),
      finding.message,
    ].join('\0')
  return findings.toSorted((a, b) => byText(key(a), key(b)))
}

function summaryOf(checks: readonly CheckReport[]): Summary {
  const findings = checks.flatMap(check => check.findings)
  const ofSeverity = (severity: Severity) => findings.filter(finding => finding.severity === severity).length
  const ofStatus = (status: Status) => checks.filter(check => check.status === status).length
  return {
    error: ofSeverity('error'),
    warning: ofSeverity('warning'),
    info: ofSeverity('info'),
    pass: ofStatus('pass'),
    unknown: ofStatus('unknown'),
    notApplicable: ofStatus('not-applicable'),
    suppressed: ofStatus('suppressed'),
    crashed: ofStatus('crashed'),
  }
}

function coverageOf(judged: readonly {check: Check; verdict: Verdict}[], table: FactTable, snapshot: Snapshot): Coverage {
  const applies = judged.filter(({verdict}) => verdict.status !== 'not-applicable')
  const facts = [...new Set(applies.flatMap(({check}) => check.needs as readonly FactName[]))].sort()
  const missing = distinct(applies.flatMap(({verdict}) => verdict.missing))
  const wanted = facts.reduce((sum, fact) => sum + weightOf(table[fact], fact), 0)
  const unseen = facts.reduce((sum, fact) => sum + unseenOf(fact, missing, weightOf(table[fact], fact)), 0)
  return {
    percent: wanted === 0 ? 100 : Math.floor((100 * (wanted - unseen)) / wanted),
    nodes: nodesOf(facts, missing, snapshot),
    facts: {
      missing: [...missing.filter(({node}) => node === undefined).map(({fact, why, detail}) => ({fact, why, detail})), ...refused(table, facts)],
    },
  }
}

const couldBeHad: readonly Why[] = ['forbidden', 'timeout', 'unreachable', 'failed']

/**
 * What was asked beside the needs, to sharpen or to conclude from, and could not be had: it costs no coverage, and must not go unsaid. Where the nodes are
 * not known, that is said of `nodes`, not of all that could be asked there.
 */
function refused(table: FactTable, needed: readonly FactName[]): FactMissing[] {
  const facts = (Object.keys(table) as FactName[]).filter(fact => !needed.includes(fact) && !perNodeFacts.has(fact)).sort()
  return facts.flatMap(fact => {
    const collected: Collected<unknown> = table[fact]
    return collected.known || !couldBeHad.includes(collected.why) ? [] : [{fact, why: collected.why, detail: collected.detail}]
  })
}

/** How many (fact, node) pairs a fact stands for: a per-node fact one for each node that is known to be wanted. */
function weightOf(collected: Collected<unknown> | undefined, fact: FactName): number {
  if (!perNodeFacts.has(fact) || !collected?.known) return 1
  return Math.max(1, Object.keys(collected.value as PerNode<unknown>).length)
}

/** A list of nodes that is known in part leaves the whole fact in doubt; the nodes that are missing from it count no second time. */
function unseenOf(fact: FactName, missing: readonly Missing[], weight: number): number {
  const gaps = missing.filter(item => item.fact === fact)
  return gaps.some(({node}) => node === undefined) ? weight : gaps.length
}

/** A node counts as seen when every fact asked of it by exec was had. Without such facts no node is wanted. */
function nodesOf(facts: readonly FactName[], missing: readonly Missing[], {nodesWanted}: Snapshot): Coverage['nodes'] {
  if (!nodesWanted.known || !facts.some(fact => perNodeFacts.has(fact))) return {wanted: 0, seen: 0, missing: []}
  const first = new Map<string, NodeMissing>()
  for (const {node, why, detail} of missing) if (node !== undefined && !first.has(node)) first.set(node, {node, why, detail})
  const wanted = nodesWanted.value.length
  return {wanted, seen: wanted - first.size, missing: [...first.values()].sort((a, b) => byText(a.node, b.node))}
}

function distinct(missing: readonly Missing[]): Missing[] {
  const byKey = new Map(missing.map(item => [`${item.fact}\0${item.node ?? ''}`, item]))
  return [...byKey].sort(([a], [b]) => byText(a, b)).map(([, item]) => item)
}

const byText = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)

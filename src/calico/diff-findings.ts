import type {Finding, Subject} from '../engine/check.ts'
import {severities} from '../engine/check.ts'
import type {CheckReport} from '../engine/report.ts'
import {type Judged, missingText, notJudgedBecause, type Ruling} from './diff-judged.ts'
import type {FindingsDiff, FixedFinding, NewFinding, StillFinding, UnjudgedFinding} from './diff-model.ts'

/**
 * Findings of two looks, both judged by the same checks now. The same check with the same subjects is the same finding; with the same message and some of the
 * subjects it is the same, spread or shrunk.
 */
export function diffFindings(a: Judged, b: Judged): FindingsDiff {
  const matched = matchAll(a, b)
  const gone = matched.onlyA.map(finding => ({finding, ruling: notJudgedBecause(finding, b, a)}))
  const fixed = gone.flatMap(({finding, ruling}): FixedFinding[] => (ruling.judged ? [{finding, ...(ruling.note !== undefined && {note: ruling.note})}] : []))
  const notJudged = gone.flatMap(({finding, ruling}): UnjudgedFinding[] => (ruling.judged ? [] : [{finding, reason: ruling.reason}]))
  return {
    new: matched.onlyB.map(finding => newFinding(finding, notJudgedBecause(finding, a, b))),
    fixed,
    still: matched.pairs.map(([before, after]) => stillFinding(before, after, subject => notJudgedBecause({...before, subjects: [subject]}, b, a).judged)),
    notJudged,
    checksNotJudged: checksNotJudged(a, b),
  }
}

const newFinding = (finding: Finding, ruling: Ruling): NewFinding => (ruling.judged ? {finding} : {finding, maybeOld: ruling.reason})

interface Matched {
  readonly pairs: [Finding, Finding][]
  readonly onlyA: Finding[]
  readonly onlyB: Finding[]
}

function matchAll(a: Judged, b: Judged): Matched {
  const all: Matched = {pairs: [], onlyA: [], onlyB: []}
  const ids = new Set([...a.checks.keys(), ...b.checks.keys()])
  for (const id of [...ids].sort()) {
    const found = match(a.checks.get(id)?.findings ?? [], b.checks.get(id)?.findings ?? [])
    all.pairs.push(...found.pairs)
    all.onlyA.push(...found.onlyA)
    all.onlyB.push(...found.onlyB)
  }
  return all
}

/** The surest likeness first. */
function match(a: readonly Finding[], b: readonly Finding[]): Matched {
  const exact = matchBy(a, b, ({messageId, subjects}) => `${messageId}\n${subjectsKey(subjects)}`)
  const alike = matchBy(exact.onlyA, exact.onlyB, ({subjects}) => subjectsKey(subjects))
  const overlapping = matchOverlap(alike.onlyA, alike.onlyB)
  return {...overlapping, pairs: [...exact.pairs, ...alike.pairs, ...overlapping.pairs]}
}

export const subjectKey = ({kind, namespace = '', name}: Subject): string => JSON.stringify([kind, namespace, name])
const subjectsKey = (subjects: readonly Subject[]) => subjects.map(subjectKey).sort().join(' ')

function matchBy(a: readonly Finding[], b: readonly Finding[], key: (finding: Finding) => string): Matched {
  const waiting = Map.groupBy(a, key)
  const pairs: [Finding, Finding][] = []
  const onlyB: Finding[] = []
  for (const finding of b) {
    const before = waiting.get(key(finding))?.shift()
    if (before) pairs.push([before, finding])
    else onlyB.push(finding)
  }
  return {pairs, onlyA: [...waiting.values()].flat(), onlyB}
}

/** Of those with the same message the one that shares most subjects. */
function matchOverlap(a: readonly Finding[], b: readonly Finding[]): Matched {
  const left = new Set(a)
  const bySubject = new Map<string, Finding[]>()
  const keysOf = ({messageId, subjects}: Finding) => subjects.map(subject => `${messageId}\n${subjectKey(subject)}`)
  for (const finding of a) for (const key of keysOf(finding)) bySubject.set(key, [...(bySubject.get(key) ?? []), finding])
  const pairs: [Finding, Finding][] = []
  const onlyB = b.filter(finding => {
    const shared = new Map<Finding, number>()
    for (const other of keysOf(finding).flatMap(key => bySubject.get(key) ?? [])) if (left.has(other)) shared.set(other, (shared.get(other) ?? 0) + 1)
    const [best] = [...shared].sort(([, x], [, y]) => y - x)
    if (!best) return true
    left.delete(best[0])
    pairs.push([best[0], finding])
    return false
  })
  return {pairs, onlyA: [...left], onlyB}
}

function stillFinding(before: Finding, finding: Finding, wasJudged: (subject: Subject) => boolean): StillFinding {
  const [was, is] = [new Set(before.subjects.map(subjectKey)), new Set(finding.subjects.map(subjectKey))]
  const gone = Map.groupBy(
    before.subjects.filter(subject => !is.has(subjectKey(subject))),
    wasJudged,
  )
  return {
    finding,
    severityBefore: before.severity,
    added: finding.subjects.filter(subject => !was.has(subjectKey(subject))),
    cleared: gone.get(true) ?? [],
    notSeen: gone.get(false) ?? [],
  }
}

/** It is worse than it was: at more places, or more severe. */
export const isWorse = ({finding, severityBefore, added}: StillFinding): boolean =>
  added.length > 0 || severities.indexOf(finding.severity) < severities.indexOf(severityBefore)

/** What had passed and nobody can tell now; a finding of such a check is told with the finding. */
function checksNotJudged(a: Judged, b: Judged): FindingsDiff['checksNotJudged'] {
  return [...b.checks.values()].flatMap(check => {
    const before = a.checks.get(check.id)?.status
    return before === 'pass' && (check.status === 'unknown' || check.status === 'crashed') ? [{check: check.id, reason: reasonOf(check)}] : []
  })
}

function reasonOf({reason, missing}: CheckReport): string {
  const [first] = missing
  if (!first) return reason ?? ''
  return `${missingText(first)}${missing.length > 1 ? `, and ${missing.length - 1} more` : ''}`
}

import {isWorse} from '../calico/diff-findings.ts'
import type {LookDiff, StillFinding} from '../calico/diff-model.ts'
import {nodeList} from '../calico/node-list.ts'
import type {Finding, Subject} from '../engine/check.ts'
import type {Mark, Pen} from './screen.ts'

/** One finding with what became of it; texts safe to show. */
export interface FindingLine {
  readonly mark: Mark
  readonly label: 'new' | 'worse' | 'still there' | 'fixed' | 'no longer judged'
  readonly check: string
  readonly message: string
  readonly notes: readonly string[]
}

/** New and worse first, then what nobody can tell, what stays, what is mended. */
export function findingLinesOf({findings}: LookDiff, pen: Pen): FindingLine[] {
  const line = (label: FindingLine['label'], mark: Mark, finding: Finding, notes: readonly string[]): FindingLine => ({
    mark,
    label,
    check: finding.check,
    message: pen.safe(finding.message, 400),
    notes: notes.map(note => pen.safe(note, 300)),
  })
  const still = findings.still.map(item => line(isWorse(item) ? 'worse' : 'still there', item.finding.severity, item.finding, stillNotes(item, pen)))
  const ofLabel = (label: FindingLine['label']) => still.filter(item => item.label === label)
  return [
    ...findings.new.map(({finding, maybeOld}) =>
      line('new', finding.severity, finding, maybeOld === undefined ? [] : [`may have been there before: in A ${maybeOld}`]),
    ),
    ...ofLabel('worse'),
    ...findings.notJudged.map(({finding, reason}) => line('no longer judged', 'unknown', finding, [`in B ${reason}`])),
    ...ofLabel('still there'),
    ...findings.fixed.map(({finding, note}) => line('fixed', 'pass', finding, note === undefined ? [] : [note])),
  ]
}

function stillNotes({finding, severityBefore, added, cleared, notSeen}: StillFinding, pen: Pen): string[] {
  return [
    ...(finding.severity === severityBefore ? [] : [`was ${severityBefore}, is ${finding.severity}`]),
    ...(added.length > 0 ? [`now also ${subjectsText(added, pen)}`] : []),
    ...(cleared.length > 0 ? [`no longer on ${subjectsText(cleared, pen)}`] : []),
    ...(notSeen.length > 0 ? [`cannot be told any more of ${subjectsText(notSeen, pen)}`] : []),
  ]
}

function subjectsText(subjects: readonly Subject[], pen: Pen): string {
  return [...Map.groupBy(subjects, ({kind}) => kind)]
    .map(([kind, members]) => {
      const names = members.map(({name, namespace}) => pen.name(namespace === undefined ? name : `${namespace}/${name}`))
      if (kind === 'Node') return nodeList(names)
      return `${pen.name(kind)} ${names.slice(0, 3).join(', ')}${names.length > 3 ? `, … +${names.length - 3}` : ''}`
    })
    .join('; ')
}

/** Checks that passed and cannot be judged any more. */
export const uncheckedLines = ({findings: {checksNotJudged}}: LookDiff, pen: Pen): string[] =>
  checksNotJudged.map(({check, reason}) => `${check} passed in A and could not be judged in B: ${pen.safe(reason, 300)}`)

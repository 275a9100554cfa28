import type {LookDiff} from '../calico/diff-model.ts'
import {type FindingLine, findingLinesOf, uncheckedLines} from './bundle-diff-findings.ts'
import {type Line, type Part, partsOf, resultLine, sideText} from './bundle-diff-lines.ts'
import {type Pen, penFor, type Screen} from './screen.ts'

/** Lines of one part of a page; JSON has them all. */
const mostLines = 40
const jsonHasAll = '-o json has them all'

/** What changed, findings first; one line when nothing did. */
export function diffTable(diff: LookDiff, screen: Screen): string {
  const pen = penFor(screen)
  if (diff.sameLook) return pen.page(sameLook(pen))
  const sections = [head(diff, pen), findings(diff, pen), ...partsOf(diff, pen).map(part => partLines(part, pen)), result(diff, pen)]
  return pen.page(sections.filter(section => section.length > 0).flatMap((section, index) => (index > 0 ? ['', ...section] : section)))
}

/** Problems only: what is new, worse, or cannot be told any more, and the result. */
export function diffShort(diff: LookDiff, screen: Screen): string {
  const pen = penFor(screen)
  if (diff.sameLook) return pen.page(sameLook(pen))
  const bad = findingLinesOf(diff, pen).filter(({label}) => label === 'new' || label === 'worse' || label === 'no longer judged')
  return pen.page([...notes(diff, pen), ...bounded(bad, item => findingLines(item, pen)), ...result(diff, pen)])
}

const sameLook = (pen: Pen) => pen.lines('No difference: both are the same look.', `${pen.mark('pass')} `, 2)
const notes = (diff: LookDiff, pen: Pen) => diff.notes.flatMap(note => pen.lines(pen.safe(note), `${pen.mark('warning')} `, 2))

function head(diff: LookDiff, pen: Pen): string[] {
  return [...pen.lines(sideText(diff.a, pen), `${pen.bold('A')}  `, 3), ...pen.lines(sideText(diff.b, pen), `${pen.bold('B')}  `, 3), ...notes(diff, pen)]
}

function findings(diff: LookDiff, pen: Pen): string[] {
  const lines = findingLinesOf(diff, pen)
  const unchecked = uncheckedLines(diff, pen)
  if (lines.length + unchecked.length === 0) return []
  return [
    pen.bold('Findings'),
    ...bounded(lines, item => findingLines(item, pen)),
    ...bounded(unchecked, text => pen.lines(text, `  ${pen.mark('unknown')} `, 4)),
  ]
}

function findingLines({mark, label, check, message, notes: more}: FindingLine, pen: Pen): string[] {
  return [...pen.lines(`${label}: ${message} (${check})`, `  ${pen.mark(mark)} `, 4), ...more.flatMap(note => pen.lines(note, '      '))]
}

function partLines({title, lines, notComparable}: Part, pen: Pen): string[] {
  if (lines.length + notComparable.length === 0) return []
  const one = ({mark, what, before, after}: Line) =>
    pen.lines(`${what}${mark === undefined ? ': ' : '  '}${before} → ${after}`, `  ${mark === undefined ? ' ' : pen.mark(mark)} `, 4)
  return [pen.bold(title), ...bounded(lines, one), ...bounded(notComparable, text => pen.lines(`not comparable: ${text}`, `  ${pen.mark('unknown')} `, 4))]
}

const bounded = <T>(items: readonly T[], lines: (item: T) => string[]): string[] => [
  ...items.slice(0, mostLines).flatMap(lines),
  ...(items.length > mostLines ? [`    … +${items.length - mostLines} more; ${jsonHasAll}`] : []),
]

function result(diff: LookDiff, pen: Pen): string[] {
  const {mark, text} = resultLine(diff)
  return pen.lines(text, `${pen.mark(mark)} `, 2)
}

import type {Asks, FactSource} from '../engine/asks.ts'
import {type Check, categoryOf, type Message, type Severity, severities} from '../engine/check.ts'
import {exampleOfEach} from '../engine/examples.ts'
import {findingLines} from './finding-lines.ts'
import {rightsLines} from './rights.ts'
import {type Pen, penFor, type Screen} from './screen.ts'
import {amount} from './totals.ts'

/** Severities that a check's messages have, the worst first. */
export function severitiesOf({messages}: Check): Severity[] {
  const used = Object.values<Message<never>>(messages).map(({severity}) => severity)
  return severities.filter(severity => used.includes(severity))
}

/** All checks by category: id, what is true when it passes, and how bad it is when not. */
export function explainAll(checks: readonly Check[], screen: Screen): string {
  const pen = penFor(screen)
  const sorted = checks.toSorted((a, b) => (a.id < b.id ? -1 : 1))
  const width = Math.max(0, ...checks.map(({id}) => id.length)) + 4
  const line = (check: Check) => pen.lines(`${check.title} (${severitiesOf(check).join(', ')})`, `  ${check.id}`.padEnd(width))
  const categories = [...Map.groupBy(sorted, ({id}) => categoryOf(id))]
  return pen.page([
    ...categories.flatMap(([category, members]) => [pen.bold(category), ...members.flatMap(line), '']),
    ...pen.lines(`${amount(checks.length, 'check')}. All about one: calico-doctor explain ID`),
  ])
}

/** One check in full: why it matters, what it looks at, what it can say and what then to do. */
export function explainOne(check: Check, screen: Screen, asks?: Asks): string {
  const pen = penFor(screen)
  return pen.page([
    pen.bold(check.id),
    ...pen.lines(`${check.title}.`),
    '',
    ...pen.lines(check.why),
    ...(asks ? asksLines(asks, pen) : []),
    ...messageLines(check, pen),
    '',
    pen.bold('More'),
    ...check.docs.map(page => `  ${page}`),
  ])
}

function asksLines({needs, uses, rights}: Asks, pen: Pen): string[] {
  return [
    ...section('Cannot judge without', sourceLines(needs, pen), pen),
    ...section('Uses, where it can be had', sourceLines(uses, pen), pen),
    ...section(
      'Rights it needs',
      rightsLines(rights).flatMap(line => pen.lines(line, '  ')),
      pen,
    ),
  ]
}

const section = (title: string, lines: readonly string[], pen: Pen) => (lines.length > 0 ? ['', pen.bold(title), ...lines] : [])

function sourceLines(sources: readonly FactSource[], pen: Pen): string[] {
  const width = Math.max(0, ...sources.map(({fact}) => fact.length)) + 4
  return sources.flatMap(({fact, from}) => pen.lines(from, `  ${fact}`.padEnd(width)))
}

/** Each message as one of the check's own examples brings it. */
function messageLines(check: Check, pen: Pen): string[] {
  const findings = exampleOfEach(check)
  return Object.entries<Message<never>>(check.messages).flatMap(([messageId, {severity}]) => {
    const finding = findings.get(messageId)
    return ['', `${pen.bold(`What it can say: ${messageId}`)} (${severity}), for example`, ...(finding ? findingLines([finding], pen) : [])]
  })
}

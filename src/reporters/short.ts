import type {Finding} from '../engine/check.ts'
import {inOrder, type Report} from '../engine/report.ts'
import {commandLines} from './finding-lines.ts'
import {isNoCalico, noCalicoLines} from './no-calico.ts'
import {type Pen, penFor, type Screen} from './screen.ts'
import {nextCommands, resultText, seenLines} from './totals.ts'

/** Problems only, the worst first; one line when all is well and all was seen. */
export function short(report: Report, screen: Screen): string {
  const pen = penFor(screen)
  if (isNoCalico(report)) return pen.page(noCalicoLines(report, pen))
  const findings = inOrder(report.checks.flatMap(check => check.findings))
  const [seen, ...causes] = seenLines(report, pen)
  const unjudged = report.checks.filter(({status}) => status === 'unknown' || status === 'crashed').map(({id}) => id)
  const whole = report.coverage.percent === 100 && unjudged.length === 0
  const mark = findings[0]?.severity ?? (whole ? 'pass' : 'unknown')
  return pen.page([
    ...findings.flatMap(finding => [...findingLine(finding, pen), '']),
    ...(unjudged.length > 0
      ? [...pen.lines(`Not judged: ${unjudged.join(', ')}`, `${pen.mark('unknown')} `, 2), ...causes.flatMap(line => pen.lines(line, '  ')), '']
      : []),
    ...(whole ? [`${pen.mark(mark)} ${resultText(report)}${nodesSeen(report)}`] : pen.lines(`${resultText(report)}; ${seen}`, `${pen.mark(mark)} `, 2)),
    ...(unjudged.length === 0 ? causes.flatMap(line => pen.lines(line, '  ')) : []),
    ...nextCommands(report).map(command => `  ${pen.bold(command)}`),
  ])
}

const nodesSeen = ({coverage: {nodes}}: Report) => (nodes.wanted > 0 ? `; ${nodes.seen} of ${nodes.wanted} nodes seen` : '')

function findingLine(finding: Finding, pen: Pen): string[] {
  const [step] = finding.fix
  return [
    ...pen.lines(`${finding.check}: ${pen.safe(finding.message, 600)}`, `${pen.mark(finding.severity)} `, 2),
    ...(step ? pen.lines(`fix: ${pen.safe(step.text, 600)}`, '  ') : []),
    ...(step?.command === undefined ? [] : commandLines(step.command, finding, pen).map(line => `  ${pen.bold(line)}`)),
  ]
}

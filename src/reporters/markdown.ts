import type {CheckReport, Report} from '../engine/report.ts'
import {causes} from './causes.ts'
import {type FoundBy, foundBySeverity, pageScreen, resultMark, severityTitles} from './found.ts'
import {type Limits, markdownFindings} from './markdown-findings.ts'
import {code, fence, markdownText} from './markdown-text.ts'
import {type Pen, penFor} from './screen.ts'
import {leftOutText} from './table-category.ts'
import {clusterRows, titleOf} from './table-cluster.ts'
import {amount, nextCommands, resultText, seenLines, tookText} from './totals.ts'

/** GitHub takes 65,536 characters in an issue. */
const longestIssue = 60_000
const limits: readonly Limits[] = [
  {findings: 20, evidence: 30},
  {findings: 5, evidence: 3},
  {findings: 2, evidence: 1},
]

/** A page to paste into an issue: what it is about, findings with the worst first, what was not judged, what passed. What does not fit is named. */
export function markdown(report: Report): string {
  const found = foundBySeverity(report)
  for (const limit of limits) {
    const text = page(report, found, limit)
    if (text.length <= longestIssue) return text
  }
  return shortened(report, found)
}

/** Whole checks go, the least of them first. */
function shortened(report: Report, found: readonly FoundBy[]): string {
  const write = (shown: number) => page(report, found.slice(0, shown), limits.at(-1)!, found.slice(shown))
  let shown = found.length
  while (shown > 0 && write(shown).length > longestIssue) shown--
  return write(shown)
}

function page(report: Report, found: readonly FoundBy[], limit: Limits, unsaid: readonly FoundBy[] = []): string {
  const pen = penFor(pageScreen)
  const parts = [
    `# ${markdownText(titleOf(report.source, report.takenAt, pen))}`,
    `${pen.mark(resultMark(report))} **${markdownText(resultText(report))}**`,
    headTable(report, pen),
    ...found.flatMap((item, index) => [
      ...(found[index - 1]?.severity === item.severity ? [] : [`## ${severityTitles[item.severity]}`]),
      ...foundPart(item, limit, pen),
    ]),
    ...unsaidPart(unsaid),
    ...unjudgedPart(report.checks, pen),
    ...othersPart(report.checks, pen),
    ...nextPart(report),
  ]
  return `${parts.join('\n\n')}\n`
}

function unsaidPart(unsaid: readonly FoundBy[]): string[] {
  if (unsaid.length === 0) return []
  const lines = unsaid.map(
    ({check, severity, findings}) => `- ${severity}: ${markdownText(check.title)} (${code(check.id)}), ${amount(findings.length, 'finding')}`,
  )
  return ['## Left out, for the page would be too long for an issue', [...lines, `- ${code('calico-doctor check -o json')} has them all`].join('\n')]
}

function headTable(report: Report, pen: Pen): string {
  const rows = [...clusterRows(report, pen), ['Seen', seenLines(report, pen).join('; ')], ['Took', `${tookText(report)}, calico-doctor ${report.tool.version}`]]
  return ['| Cluster | |', '|---|---|', ...rows.map(([label = '', text = '']) => `| ${label} | ${markdownText(text)} |`)].join('\n')
}

function foundPart({check, findings}: FoundBy, limit: Limits, pen: Pen): string[] {
  const unseen = causes(check.missing, pen)
  return [
    `### ${markdownText(check.title)} (${code(check.id)})`,
    ...markdownFindings(check.id, findings, limit, pen),
    ...(unseen.length > 0 ? [[`${pen.mark('unknown')} Not all of it was seen:`, '', ...unseen.map(bullet)].join('\n')] : []),
  ]
}

function unjudgedPart(checks: readonly CheckReport[], pen: Pen): string[] {
  const unjudged = checks.filter(({status}) => status === 'unknown' || status === 'crashed')
  return unjudged.length === 0 ? [] : ['## Could not be judged', unjudged.map(check => unjudgedLines(check, pen).join('\n')).join('\n')]
}

function unjudgedLines({id, title, status, reason = '', missing}: CheckReport, pen: Pen): string[] {
  const first = pen.safe(reason.split('\n', 1)[0]!, 300)
  const why =
    status === 'crashed'
      ? [`This check itself failed, which is a fault of calico-doctor: ${first}`]
      : [...(first === '' ? [] : [first]), ...causes(missing, pen)]
  return [`- ${pen.mark('unknown')} ${markdownText(title)} (${code(id)})`, ...why.map(line => `  ${bullet(line)}`)]
}

function othersPart(checks: readonly CheckReport[], pen: Pen): string[] {
  const passed = checks.filter(({status}) => status === 'pass').map(({title, id}) => `- ${pen.mark('pass')} ${markdownText(title)} (${code(id)})`)
  const leftOut = checks.filter(({status}) => status === 'not-applicable' || status === 'suppressed').map(check => `- ${markdownText(leftOutText(check, pen))}`)
  return [...folded('Passed', passed), ...folded('Left out', leftOut)]
}

const folded = (title: string, lines: readonly string[]) =>
  lines.length === 0 ? [] : [`<details><summary>${title} (${lines.length})</summary>`, lines.join('\n'), '</details>']
const bullet = (line: string) => `- ${markdownText(line)}`
const nextPart = (report: Report) => {
  const commands = nextCommands(report)
  return commands.length > 0 ? ['## Next', fence(commands, 'sh')] : []
}

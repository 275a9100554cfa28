import type {Finding, Fix} from '../engine/check.ts'
import {commandLines, remedy, subjectsText} from './finding-lines.ts'
import {code, fence, markdownText} from './markdown-text.ts'
import type {Pen} from './screen.ts'

/** How many findings of one check, and lines of evidence of one finding. JSON has them all. */
export interface Limits {
  readonly findings: number
  readonly evidence: number
}

/** Message, nodes, evidence, fix, verify. Findings with the same fix share it. */
export function markdownFindings(id: string, findings: readonly Finding[], limit: Limits, pen: Pen): string[] {
  const shown = findings.slice(0, limit.findings)
  const rest = findings.length - shown.length
  return [
    ...shown.flatMap((finding, index) => {
      const next = shown[index + 1]
      const shared = next !== undefined && remedy(next) === remedy(finding)
      return [...what(finding, limit, pen), ...(shared ? [] : todo(finding, pen))]
    }),
    ...(rest > 0 ? [`… +${rest} more: ${code(`calico-doctor check --only ${id} -o json`)}`] : []),
  ]
}

function what(finding: Finding, limit: Limits, pen: Pen): string[] {
  const message = pen.safe(finding.message, 600)
  const subjects = subjectsText(finding, message, pen).map(([label, text]) => `${label} ${text}`)
  return [
    `**${pen.mark(finding.severity)} ${finding.severity}:** ${markdownText(message)}`,
    ...subjects.map(markdownText),
    ...evidencePart(finding.evidence, limit, pen),
  ]
}

function evidencePart(evidence: readonly string[], limit: Limits, pen: Pen): string[] {
  if (evidence.length === 0) return []
  const shown = evidence.slice(0, limit.evidence).map(line => pen.safe(line, 300))
  const rest = evidence.length - shown.length
  const block = fence(rest > 0 ? [...shown, `… +${rest} more`] : shown, 'text')
  return evidence.length > 3 ? [`<details><summary>Evidence (${evidence.length} lines)</summary>`, block, '</details>'] : ['Evidence:', block]
}

function todo(finding: Finding, pen: Pen): string[] {
  const {fix, verify} = finding
  const numbered = fix.length > 1
  return [
    ...fix.map((step, index) => stepPart(step, numbered ? `${index + 1}. ` : '**Fix:** ', finding, pen)),
    ...(verify ? [stepPart(verify, '**Verify:** ', finding, pen)] : []),
  ]
}

/** A command in a list belongs to its step when it is indented as the step's text is. */
function stepPart({text, command}: Fix, before: string, finding: Finding, pen: Pen): string {
  const line = `${before}${markdownText(pen.safe(text, 600))}`
  const indent = /^\d/.test(before) ? ' '.repeat(before.length) : ''
  return command === undefined ? line : `${line}\n\n${fence(commandLines(command, finding, pen), 'sh', indent)}`
}

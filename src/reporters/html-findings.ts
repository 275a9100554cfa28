import type {Finding, Fix} from '../engine/check.ts'
import {commandLines, remedy, subjectsText} from './finding-lines.ts'
import {type Html, html, nothing} from './html-text.ts'
import type {Pen} from './screen.ts'

/** Findings of one check, and lines of one finding's evidence, on a page; JSON has them all. */
export interface PageLimits {
  readonly findings: number
  readonly evidence: number
}
/** Lines of evidence that need no click, so that paper has them. */
const openEvidence = 3

/** Message, nodes, evidence, fix, verify. Findings with the same fix share it. */
export function htmlFindings(id: string, findings: readonly Finding[], limits: PageLimits, pen: Pen): Html[] {
  const shown = findings.slice(0, limits.findings)
  const rest = findings.length - shown.length
  return [
    ...shown.map((finding, index) => {
      const next = shown[index + 1]
      const steps = next !== undefined && remedy(next) === remedy(finding) ? [] : todo(finding, pen)
      return article(finding, [...evidence(finding.evidence, limits, pen), ...steps], pen)
    }),
    ...(rest > 0 ? [html`<p>… +${rest} more: <code>calico-doctor check --only ${id} -o json</code></p>`] : []),
  ]
}

function article(finding: Finding, rest: readonly Html[], pen: Pen): Html {
  const message = pen.safe(finding.message, 600)
  const subjects = subjectsText(finding, message, pen).map(([label, text]) => html`<p class="dim">${label} ${text}</p>`)
  return html`<article class="${finding.severity}">
<p><span class="sign" aria-hidden="true">${pen.mark(finding.severity)}</span> <strong>${finding.severity}</strong>: ${message}</p>
${[...subjects, ...rest]}
</article>`
}

function evidence(all: readonly string[], limits: PageLimits, pen: Pen): Html[] {
  if (all.length === 0) return []
  const lines = all.slice(0, limits.evidence).map(line => pen.safe(line, 1_000))
  const unsaid = all.length - lines.length
  const folded = [...lines.slice(openEvidence), ...(unsaid > 0 ? [`… +${unsaid} more`] : [])]
  const block = (part: readonly string[]) => html`<pre class="evidence">${part.join('\n')}</pre>`
  return [
    html`<p class="dim">Evidence</p>${block(lines.slice(0, openEvidence))}`,
    ...(folded.length > 0 ? [html`<details><summary>${all.length - openEvidence} more of evidence</summary>${block(folded)}</details>`] : []),
  ]
}

function todo(finding: Finding, pen: Pen): Html[] {
  const {fix, verify} = finding
  const steps = fix.map(step => stepPart(step, finding, pen))
  const list = steps.length > 1 ? html`<ol>${steps.map(step => html`<li>${step}</li>`)}</ol>` : (steps[0] ?? nothing)
  return [
    ...(steps.length > 0 ? [html`<p><strong>Fix</strong></p>${list}`] : []),
    ...(verify ? [html`<p><strong>Verify</strong></p>${stepPart(verify, finding, pen)}`] : []),
  ]
}

/** A click takes the whole command; one that is too wide is scrolled in its own box. */
function stepPart({text, command}: Fix, finding: Finding, pen: Pen): Html {
  const block = command === undefined ? nothing : html`<pre class="command" tabindex="0"><code>${commandLines(command, finding, pen).join('\n')}</code></pre>`
  return html`<p>${pen.safe(text, 600)}</p>${block}`
}

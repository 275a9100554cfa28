import type {Finding, Fix} from '../engine/check.ts'
import {commandLines, remedy, subjectsText} from './finding-lines.ts'
import {type Html, html, nothing} from './html-text.ts'
import type {Pen} from './screen.ts'

/** Findings of one check, and lines of one finding's evidence, on a page; JSON has them all. */
const mostFindings = 50
const mostEvidence = 200
/** Lines of evidence that need no click, so that paper has them. */
const openEvidence = 3

/** Message, nodes, evidence, fix, verify. Findings with the same fix share it. */
export function htmlFindings(id: string, findings: readonly Finding[], pen: Pen): Html[] {
  const shown = findings.slice(0, mostFindings)
  const rest = findings.length - shown.length
  return [
    ...shown.map((finding, index) => {
      const next = shown[index + 1]
      return article(finding, next !== undefined && remedy(next) === remedy(finding) ? [] : todo(finding, pen), pen)
    }),
    ...(rest > 0 ? [html`<p>… +${rest} more: <code>calico-doctor check --only ${id} -o json</code></p>`] : []),
  ]
}

function article(finding: Finding, steps: readonly Html[], pen: Pen): Html {
  const message = pen.safe(finding.message, 600)
  const subjects = subjectsText(finding, message, pen).map(([label, text]) => html`<p class="dim">${label} ${text}</p>`)
  return html`<article class="${finding.severity}">
<p><span class="sign" aria-hidden="true">${pen.mark(finding.severity)}</span> <strong>${finding.severity}</strong>: ${message}</p>
${[...subjects, ...evidence(finding.evidence, pen), ...steps]}
</article>`
}

function evidence(all: readonly string[], pen: Pen): Html[] {
  if (all.length === 0) return []
  const lines = all.slice(0, mostEvidence).map(line => pen.safe(line, 1_000))
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

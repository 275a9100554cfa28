import {severities} from '../engine/check.ts'
import type {CheckReport, Report} from '../engine/report.ts'
import {causes} from './causes.ts'
import {type FoundBy, foundBySeverity, pageScreen, resultMark, severityTitles} from './found.ts'
import {htmlFindings, type PageLimits} from './html-findings.ts'
import {style} from './html-style.ts'
import {type Html, html, nothing} from './html-text.ts'
import {type Pen, penFor} from './screen.ts'
import {leftOutText} from './table-category.ts'
import {clusterRows, titleOf} from './table-cluster.ts'
import {nextCommands, resultText, seenLines, tookText} from './totals.ts'

/** From here on a list of what was found helps more than it delays. */
const manyFound = 4

/** Characters: what a phone opens at once, and a mail server lets through. */
const longestPage = 2_000_000
const limits: readonly PageLimits[] = [
  {findings: 50, evidence: 200},
  {findings: 20, evidence: 20},
  {findings: 5, evidence: 3},
]

/** One file that asks nobody for anything: no script, no image, no font, and a policy that would refuse them. */
export function htmlPage(report: Report): string {
  for (const limit of limits.slice(0, -1)) {
    const text = page(report, limit)
    if (text.length <= longestPage) return text
  }
  return page(report, limits.at(-1)!)
}

function page(report: Report, limit: PageLimits): string {
  const pen = penFor(pageScreen)
  const title = titleOf(report.source, report.takenAt, pen)
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${resultText(report)}: ${title}</title>
<style>${{html: style}}</style>
</head>
<body>
${[head(report, title, pen), main(report, limit, pen), foot(report)]}
</body>
</html>
`.html
}

function head(report: Report, title: string, pen: Pen): Html {
  const mark = resultMark(report)
  const [seen = '', ...unseen] = seenLines(report, pen)
  return html`<header>
<h1>${title}</h1>
<p class="result ${mark}"><span class="sign" aria-hidden="true">${pen.mark(mark)}</span> ${resultText(report)}</p>
<p>Seen: ${seen}</p>
${[list(unseen), contents(foundBySeverity(report), pen)]}
<dl>
${clusterRows(report, pen).map(([label, text]) => html`<dt>${label}</dt><dd>${text}</dd>`)}
</dl>
</header>`
}

function contents(found: readonly FoundBy[], pen: Pen): Html {
  if (found.length < manyFound) return nothing
  return html`<nav aria-labelledby="contents">
<h2 id="contents">What was found</h2>
<ul class="plain">
${found.map(
  item =>
    html`<li class="${item.severity}"><span class="sign" aria-hidden="true">${pen.mark(item.severity)}</span> ${item.severity}: <a href="#${anchor(item)}">${item.check.title}</a></li>`,
)}
</ul>
</nav>`
}

const anchor = ({check, severity}: FoundBy) => `${severity}-${check.id.replaceAll('/', '-')}`

function main(report: Report, limit: PageLimits, pen: Pen): Html {
  const bySeverity = Map.groupBy(foundBySeverity(report), ({severity}) => severity)
  const found = severities.flatMap(severity => {
    const members = bySeverity.get(severity)
    return members
      ? [
          section(
            `${severityTitles[severity]} (${report.summary[severity]})`,
            members.map(item => foundPart(item, limit, pen)),
          ),
        ]
      : []
  })
  return html`<main>
${[...found, unjudged(report.checks, pen), passed(report.checks, pen), leftOut(report.checks, pen)]}
</main>`
}

const section = (title: string, parts: readonly Html[]) => html`<section>
<h2>${title}</h2>
${parts}
</section>`

function foundPart(item: FoundBy, limit: PageLimits, pen: Pen): Html {
  const unseen = causes(item.check.missing, pen)
  return html`<h3 id="${anchor(item)}">${item.check.title} <code>${item.check.id}</code></h3>
${htmlFindings(item.check.id, item.findings, limit, pen)}
${unseen.length > 0 ? html`<p class="unknown">${sign('unknown', pen)} Not all of it was seen:</p>${list(unseen)}` : nothing}`
}

function unjudged(checks: readonly CheckReport[], pen: Pen): Html {
  const members = checks.filter(({status}) => status === 'unknown' || status === 'crashed')
  return members.length === 0
    ? nothing
    : section(
        `Could not be judged (${members.length})`,
        members.map(check => unjudgedPart(check, pen)),
      )
}

function unjudgedPart({id, title, status, reason = '', missing}: CheckReport, pen: Pen): Html {
  const first = pen.safe(reason.split('\n', 1)[0]!, 300)
  const why =
    status === 'crashed'
      ? [`This check itself failed, which is a fault of calico-doctor: ${first}`]
      : [...(first === '' ? [] : [first]), ...causes(missing, pen)]
  return html`<h3 class="unknown">${sign('unknown', pen)} ${title} <code>${id}</code></h3>
${list(why)}`
}

function passed(checks: readonly CheckReport[], pen: Pen): Html {
  const lines = checks
    .filter(({status}) => status === 'pass')
    .map(({title, id}) => html`<li class="pass">${sign('pass', pen)} ${title} <code class="dim">${id}</code></li>`)
  return lines.length === 0
    ? nothing
    : section(`Passed (${lines.length})`, [html`<details><summary>What is as it should be</summary><ul class="plain">${lines}</ul></details>`])
}

function leftOut(checks: readonly CheckReport[], pen: Pen): Html {
  const lines = checks.filter(({status}) => status === 'not-applicable' || status === 'suppressed').map(check => leftOutText(check, pen))
  return lines.length === 0
    ? nothing
    : section(`Left out (${lines.length})`, [html`<details><summary>What does not apply here</summary>${list(lines)}</details>`])
}

function foot(report: Report): Html {
  const next = nextCommands(report).map(command => html`<pre class="command" tabindex="0"><code>${command}</code></pre>`)
  return html`<footer>
${next.length > 0 ? html`<p><strong>Next</strong></p>${next}` : nothing}
<p class="dim">calico-doctor ${report.tool.version}, took ${tookText(report)}</p>
</footer>`
}

const sign = (mark: 'pass' | 'unknown', pen: Pen) => html`<span class="sign" aria-hidden="true">${pen.mark(mark)}</span>`
const list = (lines: readonly string[]) => (lines.length > 0 ? html`<ul>${lines.map(line => html`<li>${line}</li>`)}</ul>` : nothing)

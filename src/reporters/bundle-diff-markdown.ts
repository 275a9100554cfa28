import type {LookDiff} from '../calico/diff-model.ts'
import {type FindingLine, findingLinesOf, uncheckedLines} from './bundle-diff-findings.ts'
import {type Line, type Part, partsOf, resultLine, sideText} from './bundle-diff-lines.ts'
import {pageScreen} from './found.ts'
import {code, markdownText} from './markdown-text.ts'
import {type Pen, penFor} from './screen.ts'

/** GitHub takes 65,536 characters in an issue. */
const longestIssue = 60_000
const limits = [100, 25, 5]

/** A page to paste into an issue. */
export function diffMarkdown(diff: LookDiff): string {
  const pen = penFor(pageScreen)
  const pages = limits.map(most => () => page(diff, most, pen))
  const fitting = pages.find(write => write().length <= longestIssue) ?? pages.at(-1)!
  return fitting()
}

function page(diff: LookDiff, most: number, pen: Pen): string {
  const {mark, text} = resultLine(diff)
  const result = `${pen.mark(mark)} **${markdownText(diff.sameLook ? 'No difference: both are the same look.' : text)}**`
  const parts = [
    '# What changed between two looks',
    result,
    ['| Look | |', '|---|---|', `| A | ${markdownText(sideText(diff.a, pen))} |`, `| B | ${markdownText(sideText(diff.b, pen))} |`].join('\n'),
    ...diff.notes.map(note => `${pen.mark('warning')} ${markdownText(pen.safe(note))}`),
    ...(diff.sameLook ? [] : [...findingsPart(diff, most, pen), ...partsOf(diff, pen).flatMap(part => tablePart(part, most, pen))]),
  ]
  return `${parts.join('\n\n')}\n`
}

function findingsPart(diff: LookDiff, most: number, pen: Pen): string[] {
  const lines = [
    ...bounded(findingLinesOf(diff, pen), most, item => findingText(item, pen)),
    ...bounded(uncheckedLines(diff, pen), most, text => `- ${pen.mark('unknown')} ${markdownText(text)}`),
  ]
  return lines.length === 0 ? [] : ['## Findings', lines.join('\n')]
}

const findingText = ({mark, label, check, message, notes}: FindingLine, pen: Pen) =>
  [`- ${pen.mark(mark)} **${label}** (${code(check)}): ${markdownText(message)}`, ...notes.map(note => `  - ${markdownText(note)}`)].join('\n')

function tablePart({title, lines, notComparable}: Part, most: number, pen: Pen): string[] {
  if (lines.length + notComparable.length === 0) return []
  const row = ({mark, what, before, after}: Line) =>
    `| ${mark === undefined ? '' : `${pen.mark(mark)} `}${markdownText(what)} | ${markdownText(before)} | ${markdownText(after)} |`
  const rest = lines.length - most
  return [
    `## ${title}`,
    ...(lines.length > 0 ? [['| What | A | B |', '|---|---|---|', ...lines.slice(0, most).map(row)].join('\n')] : []),
    ...(rest > 0 ? [`… +${rest} more; -o json has them all`] : []),
    ...(notComparable.length > 0 ? [bounded(notComparable, most, text => `- ${pen.mark('unknown')} not comparable: ${markdownText(text)}`).join('\n')] : []),
  ]
}

const bounded = <T>(items: readonly T[], most: number, line: (item: T) => string): string[] => [
  ...items.slice(0, most).map(line),
  ...(items.length > most ? [`- … +${items.length - most} more; -o json has them all`] : []),
]

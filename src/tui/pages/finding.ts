import type {Finding, Fix} from '../../engine/check.ts'
import {commandLines, subjectsText} from '../../reporters/finding-lines.ts'
import {penFor} from '../../reporters/screen.ts'
import {ageText} from '../ages.ts'
import {empty, type Line, line, safe} from '../line.ts'
import {heading, paragraph, verbatim} from '../page.ts'
import type {State} from '../state.ts'
import type {FindingRow} from '../tables/findings.ts'
import {markCell} from '../tables/marks.ts'

/** Why it matters, what shows it, how to mend it, how to see that it is mended. */
export function findingPage(row: FindingRow, state: State, width: number): Line[] {
  const {check, finding, mark, text, since} = row
  const why = state.report && Object.hasOwn(state.report.why, check.id) ? state.report.why[check.id] : undefined
  const [first, ...rest] = paragraph(safe(text, state.look, 2_000), width, {indent: 2})
  const age = since === undefined || state.frozen ? '' : `, seen for ${ageText(state.now - since)}`
  return [
    {spans: [markCell(mark, state.look), {text: ' '}, ...first!.spans.slice(1).map(span => ({...span, style: 'strong' as const}))]},
    ...rest,
    line({text: `  ${check.id}${age}`, style: 'dim'}),
    ...(finding ? onWhat(finding, state, width) : []),
    ...(why === undefined ? [] : [empty, heading('Why it matters'), ...paragraph(why, width, {indent: 2})]),
    ...(finding ? [...evidence(finding, state, width), ...remedy(finding, state, width)] : []),
  ]
}

const penOf = ({look}: State, width: number) => penFor({width, colour: false, unicode: look.unicode})

function onWhat(finding: Finding, state: State, width: number): Line[] {
  const nodes = finding.subjects.filter(({kind}) => kind === 'Node').map(({name}) => safe(name, state.look))
  const others = subjectsText({subjects: finding.subjects.filter(({kind}) => kind !== 'Node')}, '', penOf(state, width))
  return [
    ...(nodes.length === 0 ? [] : paragraph(`on ${nodes.join(', ')}`, width, {indent: 2, hang: 5})),
    ...others.flatMap(([label, text]) => paragraph(`${label} ${text}`, width, {indent: 2, hang: 5})),
  ]
}

function evidence({evidence: lines}: Finding, {look}: State, width: number): Line[] {
  return lines.length === 0 ? [] : [empty, heading('Evidence'), ...lines.flatMap(text => paragraph(safe(text, look, 1_000), width, {indent: 2, hang: 4}))]
}

function remedy(finding: Finding, state: State, width: number): Line[] {
  const {fix, verify} = finding
  const steps = fix.flatMap((step, index) => stepLines(step, fix.length > 1 ? `${index + 1}. ` : '', finding, state, width))
  return [
    ...(fix.length === 0 ? [] : [empty, heading('Fix'), ...steps]),
    ...(verify ? [empty, heading('Verify'), ...stepLines(verify, '', finding, state, width)] : []),
  ]
}

function stepLines({text, command}: Fix, number: string, finding: Finding, state: State, width: number): Line[] {
  const lines = command === undefined ? [] : commandLines(command, finding, penOf(state, width))
  return [
    ...paragraph(`${number}${safe(text, state.look, 2_000)}`, width, {indent: 2, hang: 2 + number.length}),
    ...lines.flatMap(line => verbatim(line, width, {indent: 4, style: 'accent'})),
  ]
}

/**
 * What `c` copies, one at a time: the commands of the fix, else its words. Several pasted at once would all run, and the later ones often are for another cause.
 * Escaped as they are shown.
 */
export function copiedTexts(finding: Finding): string[] {
  const pen = penFor({width: 80, colour: false, unicode: true})
  const commands = finding.fix.flatMap(({command}) => (command === undefined ? [] : [commandLines(command, finding, pen).join('\n')]))
  return commands.length > 0 ? commands : finding.fix.map(({text}) => pen.safe(text, 2_000))
}

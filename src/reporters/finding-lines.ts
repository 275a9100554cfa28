import {nodeList} from '../calico/node-list.ts'
import type {Finding, Fix} from '../engine/check.ts'
import type {Pen} from './screen.ts'

/** Evidence of one finding on a page; JSON has it all. */
const mostEvidence = 3
const indent = 4
const labelWidth = 10

/** Message, nodes, evidence, fix, verify. Findings with the same fix share it. */
export function findingLines(findings: readonly Finding[], pen: Pen): string[] {
  return findings.flatMap((finding, index) => {
    const next = findings[index + 1]
    const shared = next !== undefined && remedy(next) === remedy(finding)
    return [...(index > 0 ? [''] : []), ...what(finding, pen), ...(shared ? [] : todo(finding, pen))]
  })
}

/** Findings of the same remedy share it. */
export const remedy = ({fix, verify}: Finding) => JSON.stringify([fix, verify])

function what(finding: Finding, pen: Pen): string[] {
  const message = pen.safe(finding.message, 600)
  return [
    ...pen.lines(message, `${' '.repeat(indent)}${pen.mark(finding.severity)} `, indent + 2),
    ...subjectsText(finding, message, pen).flatMap(([label, text]) => labelled(label, text, pen)),
    ...evidenceText(finding.evidence, pen).flatMap((line, index) => labelled(index === 0 ? 'evidence' : '', line, pen)),
  ]
}

/** Nodes in short; other kinds by name. Nothing of what the message names already. */
export function subjectsText({subjects}: Pick<Finding, 'subjects'>, message: string, pen: Pen): [string, string][] {
  return [...Map.groupBy(subjects, subject => subject.kind)].flatMap(([kind, members]): [string, string][] => {
    const names = members.map(({name, namespace}) => pen.name(namespace === undefined ? name : `${namespace}/${name}`))
    const text =
      kind === 'Node'
        ? nodeList(names)
        : `${pen.name(kind)} ${names.slice(0, mostNames).join(', ')}${names.length > mostNames ? `, … +${names.length - mostNames}` : ''}`
    const said = message.includes(text) || members.every(({name}) => message.includes(pen.name(name)))
    return said ? [] : [[kind === 'Node' ? 'on' : 'about', text]]
  })
}
const mostNames = 5

function evidenceText(evidence: readonly string[], pen: Pen): string[] {
  const shown = evidence.slice(0, mostEvidence).map(line => pen.safe(line, 300))
  return evidence.length > mostEvidence ? [...shown, `… +${evidence.length - mostEvidence} more`] : shown
}

function todo(finding: Finding, pen: Pen): string[] {
  const {fix, verify} = finding
  const steps = fix.flatMap((step, index) => stepLines(step, index === 0 ? 'fix' : '', fix.length > 1 ? `${index + 1}. ` : '', finding, pen))
  return [...steps, ...(verify ? stepLines(verify, 'verify', '', finding, pen) : [])]
}

function stepLines({text, command}: Fix, label: string, number: string, finding: Finding, pen: Pen): string[] {
  const commands = command === undefined ? [] : commandLines(command, finding, pen)
  const column = ' '.repeat(indent + labelWidth + number.length)
  return [...labelled(label, `${number}${pen.safe(text, 600)}`, pen, number.length), ...commands.map(line => `${column}${pen.bold(line)}`)]
}

/**
 * A command stands on lines of its own and is never wrapped, so that it can be pasted. It may have several lines (a here-document), unless something that
 * came from the cluster holds a line break: then a break could start a command nobody meant.
 */
export function commandLines(command: string, finding: Finding, pen: Pen): string[] {
  const lines = nameHoldsLineBreak(finding) ? [command] : command.split('\n')
  return lines.map(line => pen.command(line))
}

/** In JSON a line break is an escape of its own, and doubled backslashes are text. Commands among the arguments are the check's own. */
function nameHoldsLineBreak({args, subjects, message, evidence}: Finding): boolean {
  const json = JSON.stringify([args, subjects, message, evidence], (key, value: unknown) => (key === 'command' ? '' : value))
  return /\\[nr]/.test(json.replaceAll('\\\\', ''))
}

function labelled(label: string, text: string, pen: Pen, hang = 0): string[] {
  const first = `${' '.repeat(indent)}${label.padEnd(labelWidth)}`
  const [line = '', ...rest] = pen.lines(text, ' '.repeat(indent + labelWidth + hang))
  const body = line.slice(indent + labelWidth + hang)
  return [`${first}${body}`, ...rest]
}

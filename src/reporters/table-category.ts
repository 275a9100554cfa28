import type {CheckReport, Status} from '../engine/report.ts'
import {causes} from './causes.ts'
import {findingLines} from './finding-lines.ts'
import type {Mark, Pen} from './screen.ts'
import {amount} from './totals.ts'
import {padEnd} from './wrap.ts'

/** Marks from the worst on. */
const worst: readonly Mark[] = ['error', 'warning', 'info', 'unknown', 'pass', 'not-applicable']
/** Findings of one check on a page; JSON has them all. */
const mostFindings = 10

/** Categories with the worst first; what passed is one line a category. Blank lines only around what has something to tell. */
export function categoryBlocks(checks: readonly CheckReport[], pen: Pen): string[] {
  const categories = [...Map.groupBy(checks, check => check.category)].map(([name, members]) => ({name, members, mark: markOf(members)}))
  const width = Math.max(0, ...categories.map(({name}) => name.length))
  const blocks = categories
    .sort((a, b) => worst.indexOf(a.mark) - worst.indexOf(b.mark) || (a.name < b.name ? -1 : 1))
    .map(category => block(category, width, pen))
  return blocks.flatMap((lines, index) => (index > 0 && (lines.length > 2 || blocks[index - 1]!.length > 2) ? ['', ...lines] : lines))
}

function block({name, members, mark}: {name: string; members: readonly CheckReport[]; mark: Mark}, width: number, pen: Pen): string[] {
  const head = `${pen.mark(mark)} ${pen.bold(padEnd(name, width))}  `
  const told = members.filter(check => check.status !== 'pass').sort((a, b) => worst.indexOf(markOf([a])) - worst.indexOf(markOf([b])))
  const [only] = told
  if (members.length === 1 && only && (only.status === 'not-applicable' || only.status === 'suppressed'))
    return pen.lines(leftOutText(only, pen), head, width + 4)
  return [`${head}${countsOf(members)}`, ...told.flatMap((check, index) => [...(told[index - 1]?.status === 'fail' ? [''] : []), ...checkLines(check, pen)])]
}

function markOf(checks: readonly CheckReport[]): Mark {
  const marks = checks.flatMap((check): Mark[] => (check.status === 'fail' ? check.findings.map(finding => finding.severity) : [statusMarks[check.status]]))
  return worst.find(mark => marks.includes(mark)) ?? 'not-applicable'
}
const statusMarks: Readonly<Record<Exclude<Status, 'fail'>, Mark>> = {
  pass: 'pass',
  unknown: 'unknown',
  crashed: 'unknown',
  'not-applicable': 'not-applicable',
  suppressed: 'not-applicable',
}

function countsOf(checks: readonly CheckReport[]): string {
  const findings = checks.flatMap(check => check.findings)
  const of = (status: Status) => checks.filter(check => check.status === status).length
  const severity = (name: string) => findings.filter(finding => finding.severity === name).length
  const passed = of('pass')
  return [
    ...(severity('error') > 0 ? [amount(severity('error'), 'error')] : []),
    ...(severity('warning') > 0 ? [amount(severity('warning'), 'warning')] : []),
    ...(severity('info') > 0 ? [`${severity('info')} info`] : []),
    ...(passed > 0 ? [`${amount(passed, 'check')} passed`] : []),
    ...(of('unknown') > 0 ? [`${of('unknown')} unknown`] : []),
    ...(of('crashed') > 0 ? [`${of('crashed')} crashed`] : []),
    ...(of('not-applicable') > 0 ? [`${of('not-applicable')} not applicable`] : []),
    ...(of('suppressed') > 0 ? [`${of('suppressed')} suppressed`] : []),
  ].join(', ')
}

function checkLines(check: CheckReport, pen: Pen): string[] {
  const first = `  ${pen.mark(markOf([check]))} `
  const reason = pen.safe((check.reason ?? '').split('\n', 1)[0]!, 300)
  switch (check.status) {
    case 'fail':
      return failLines(check, pen)
    case 'unknown':
      return [
        ...pen.lines(`Could not be judged: ${check.title} (${check.id})`, first, 4),
        ...(reason === '' ? [] : pen.lines(reason, '    ')),
        ...causes(check.missing, pen).flatMap(line => pen.lines(line, '    ')),
      ]
    case 'crashed':
      return pen.lines(`This check itself failed, which is a fault of calico-doctor: ${reason} (${check.id})`, first, 4)
    default:
      return pen.lines(leftOutText(check, pen), first, 4)
  }
}

export const leftOutText = ({status, reason = '', id}: CheckReport, pen: Pen) =>
  `${status === 'suppressed' ? 'suppressed' : 'not applicable'}: ${pen.safe(reason, 300)} (${id})`

function failLines(check: CheckReport, pen: Pen): string[] {
  const {findings, missing} = check
  const shown = findings.slice(0, mostFindings)
  const rest = findings.length - shown.length
  return [
    ...pen.lines(`${check.title} (${check.id})`, `  ${pen.mark(markOf([check]))} `, 4),
    ...findingLines(shown, pen),
    ...(rest > 0 ? ['', ...pen.lines(`… +${rest} more: calico-doctor check --only ${check.id} -o json`, '    ')] : []),
    ...(missing.length > 0 ? ['', ...pen.lines('Not all of it was seen:', `    ${pen.mark('unknown')} `, 6)] : []),
    ...causes(missing, pen).flatMap(line => pen.lines(line, '      ')),
  ]
}

import type {Finding} from '../../engine/check.ts'
import type {CheckReport} from '../../engine/report.ts'
import type {Mark} from '../../reporters/screen.ts'
import {ageText} from '../ages.ts'
import {findingKey} from '../finding-key.ts'
import {missingText} from '../missing-text.ts'
import type {ReportSeen} from '../model.ts'
import {byText} from '../natural.ts'
import {remember} from '../remember.ts'
import type {FirstSeen} from '../state.ts'
import type {Beside, Table} from '../table.ts'
import {markCell, rankOf} from './marks.ts'

/** A finding; or a check that could not be judged, which is no pass. */
export interface FindingRow {
  readonly key: string
  readonly mark: Mark
  readonly check: CheckReport
  readonly finding?: Finding
  readonly text: string
  readonly since?: number
  readonly order: string
}

const findingRows = remember((report: ReportSeen | undefined, firstSeen: FirstSeen): readonly FindingRow[] => {
  const rows = (report?.report.checks ?? []).flatMap(check => [
    ...check.findings.map((finding, index) => found(check, finding, index, firstSeen)),
    ...unjudged(check),
  ])
  return rows.sort((a, b) => byText(a.order, b.order))
})

function found(check: CheckReport, finding: Finding, index: number, firstSeen: FirstSeen): FindingRow {
  const key = findingKey(finding)
  const since = firstSeen[key]
  const order = `${rankOf(finding.severity)} ${check.id} ${String(index).padStart(6, '0')}`
  return {key: `${key} ${index}`, mark: finding.severity, check, finding, text: finding.message, order, ...(since !== undefined && {since})}
}

function unjudged(check: CheckReport): FindingRow[] {
  if (check.status !== 'unknown' && check.status !== 'crashed') return []
  const mark = check.status === 'crashed' ? 'error' : 'unknown'
  const text = check.status === 'crashed' ? `the check itself failed: ${check.reason ?? ''}` : `could not be judged: ${missingText(check)}`
  return [{key: check.id, mark, check, text, order: `8${rankOf(mark)} ${check.id}`}]
}

const forText = ({since}: FindingRow, {now, frozen}: Beside) => (since === undefined || frozen ? '-' : ageText(now - since))
const nodesOf = ({finding}: FindingRow) => finding?.subjects.filter(({kind}) => kind === 'Node').length ?? 0

export const findings: Table<FindingRow> = {
  columns: [
    {title: '', min: 1, cell: (row, {look}) => markCell(row.mark, look)},
    {title: 'FOR', min: 4, align: 'right', drop: 1, cell: (row, state) => forText(row, state), sort: row => row.since},
    {title: 'NODES', min: 5, align: 'right', drop: 2, cell: row => (nodesOf(row) === 0 ? '-' : String(nodesOf(row))), sort: nodesOf},
    {title: 'WHAT IS WRONG', min: 60, grow: true, cell: row => row.text, sort: row => row.text},
    {title: 'CHECK', min: 20, drop: 3, wanted: row => row.check.id, cell: row => row.check.id, sort: row => row.check.id},
  ],
  rows: ({report, firstSeen}) => findingRows(report, firstSeen),
  key: row => row.key,
  text: ({check, text, finding}) => `${check.id} ${text} ${finding?.subjects.map(({name}) => name).join(' ') ?? ''}`,
  none: ({report}) => {
    if (!report) return 'Nothing was judged yet.'
    const {pass, notApplicable} = report.report.summary
    return `No problem found: ${pass} checks passed, ${notApplicable} not applicable.`
  },
  note: ({report}) => (report ? `${report.report.summary.pass} checks passed` : undefined),
}

import type {Report} from '../engine/report.ts'
import {isNoCalico, noCalicoLines} from './no-calico.ts'
import {type Pen, penFor, type Screen} from './screen.ts'
import {categoryBlocks} from './table-category.ts'
import {clusterBlock} from './table-cluster.ts'
import {grid} from './table-grid.ts'
import {nextCommands, resultText, seenLines, tookText} from './totals.ts'
import {wrap} from './wrap.ts'

/** The doctor's report: what was seen first, then category by category, worst first, then totals and the next command. */
export function table(report: Report, screen: Screen): string {
  const pen = penFor(screen)
  if (isNoCalico(report)) return pen.page([...clusterBlock(report, pen).slice(0, 1), ...noCalicoLines(report, pen)])
  return pen.page([...clusterBlock(report, pen), '', ...categoryBlocks(report.checks, pen), '', ...totalsBlock(report, pen)])
}

function totalsBlock(report: Report, pen: Pen): string[] {
  const [seen, ...causes] = seenLines(report, pen)
  const rows: [string, string[]][] = [
    ['Result', [resultText(report)]],
    ['Seen', [seen!, ...causes]],
    ['Took', [tookText(report)]],
  ]
  const next = nextCommands(report)
  const wrapped = rows.map(([label, texts]) => [pen.bold(label), texts.flatMap(text => wrap(text, pen.screen.width - labelWidth)).join('\n')])
  return grid([...wrapped, ...(next.length > 0 ? [[pen.bold('Next'), next.join('\n')]] : [])])
}
const labelWidth = 'Result'.length + 2

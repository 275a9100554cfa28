import type {Collected} from '../engine/collected.ts'
import type {ClusterDescription} from '../engine/describe-cluster.ts'
import type {Report} from '../engine/report.ts'
import {whyText} from './causes.ts'
import {clusterLabels} from './cluster-labels.ts'
import type {Pen} from './screen.ts'
import {grid} from './table-grid.ts'
import {wrap} from './wrap.ts'

const labelWidth = 2 + 'Encapsulation'.length + 2

/** What this cluster is. A line that could not be seen says so, which is not the same as `not there`. */
export function clusterBlock(report: Report, pen: Pen): string[] {
  const rows = clusterRows(report, pen).map(([label, text]) => [pen.dim(label), wrap(text, pen.screen.width - labelWidth).join('\n')])
  return [pen.bold(titleOf(report.source, report.takenAt, pen)), ...grid(rows, {indent: 2})]
}

/** Label and text of each field, the text safe to show. */
export function clusterRows({cluster, coverage}: Report, pen: Pen): [label: string, text: string][] {
  return (Object.keys(clusterLabels) as (keyof ClusterDescription)[]).map(field => {
    const nodes = field === 'nodes' ? nodesText(coverage.nodes) : ''
    return [clusterLabels[field], `${seenText(cluster[field], pen)}${nodes}`]
  })
}

/** `Cluster prod, https://10.0.0.1:6443, 2026-11-21 03:16 UTC`. */
export function titleOf({kind, context, server, file, tool}: Report['source'], takenAt: string, pen: Pen): string {
  const name =
    kind === 'bundle' ? `bundle ${file ?? ''}${tool === undefined ? '' : ` (${tool})`}` : kind === 'demo' ? 'Simulated cluster' : `Cluster ${context ?? ''}`
  const at = `${takenAt.slice(0, 10)} ${takenAt.slice(11, 16)} UTC`
  return [pen.safe(name.trim(), 100), ...(server === undefined ? [] : [pen.safe(server, 100)]), at].join(', ')
}

function seenText(collected: Collected<string | number>, pen: Pen): string {
  if (!collected.known) return collected.why === 'absent' ? 'not there' : `not seen (${whyText[collected.why]})`
  const part = collected.partial === undefined ? '' : ` (seen in part: ${pen.safe(collected.partial, 120)})`
  return `${pen.safe(String(collected.value), 200)}${part}`
}

const nodesText = ({wanted, seen}: Report['coverage']['nodes']) => (wanted === 0 ? ' (none asked)' : ` (${seen} of ${wanted} answered in full)`)

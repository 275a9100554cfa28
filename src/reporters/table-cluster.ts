import type {Collected} from '../engine/collected.ts'
import type {ClusterDescription} from '../engine/describe-cluster.ts'
import type {Report} from '../engine/report.ts'
import {whyText} from './causes.ts'
import type {Pen} from './screen.ts'
import {grid} from './table-grid.ts'
import {wrap} from './wrap.ts'

const labels: Readonly<Record<keyof ClusterDescription, string>> = {
  calicoVersion: 'Calico',
  install: 'Installed by',
  kubernetesVersion: 'Kubernetes',
  datastore: 'Datastore',
  apiGroup: 'API group',
  dataplane: 'Dataplane',
  encapsulation: 'Encapsulation',
  bgp: 'BGP',
  nodes: 'Nodes',
}
const labelWidth = 2 + 'Encapsulation'.length + 2

/** What this cluster is. A line that could not be seen says so, which is not the same as `not there`. */
export function clusterBlock({cluster, coverage, source, takenAt}: Report, pen: Pen): string[] {
  const rows = (Object.keys(labels) as (keyof ClusterDescription)[]).map(field => {
    const nodes = field === 'nodes' ? nodesText(coverage.nodes) : ''
    const text = `${seenText(cluster[field], pen)}${nodes}`
    return [pen.dim(labels[field]), wrap(text, pen.screen.width - labelWidth).join('\n')]
  })
  return [pen.bold(titleOf(source, takenAt, pen)), ...grid(rows, {indent: 2})]
}

function titleOf({kind, context, server, file}: Report['source'], takenAt: string, pen: Pen): string {
  const name = kind === 'bundle' ? `bundle ${file ?? ''}` : kind === 'demo' ? 'Simulated cluster' : `Cluster ${context ?? ''}`
  const at = `${takenAt.slice(0, 10)} ${takenAt.slice(11, 16)} UTC`
  return [pen.safe(name.trim(), 100), ...(server === undefined ? [] : [pen.safe(server, 100)]), at].join(', ')
}

function seenText(collected: Collected<string | number>, pen: Pen): string {
  if (!collected.known) return collected.why === 'absent' ? 'not there' : `not seen (${whyText[collected.why]})`
  const part = collected.partial === undefined ? '' : ` (seen in part: ${pen.safe(collected.partial, 120)})`
  return `${pen.safe(String(collected.value), 200)}${part}`
}

const nodesText = ({wanted, seen}: Report['coverage']['nodes']) => (wanted === 0 ? ' (none asked)' : ` (${seen} of ${wanted} answered in full)`)

import type {Collected} from '../engine/collected.ts'
import type {ClusterDescription} from '../engine/describe-cluster.ts'
import {diffConfiguration} from './diff-configuration.ts'
import {diffFindings} from './diff-findings.ts'
import type {Judged} from './diff-judged.ts'
import type {Change, Compared, LookDiff, LookSide} from './diff-model.ts'
import {diffImages, diffNodes} from './diff-nodes.ts'
import {diffRoutes} from './diff-routes.ts'
import {diffSessions} from './diff-sessions.ts'
import {alike, both, compareText, fieldChanges, gathered, joined, type Presence} from './diff-values.ts'
import type {Workload} from './kubernetes.ts'

/** A saved look with its name and the tool that made it. */
export interface Look extends Judged {
  readonly file: string
  readonly tool: Collected<string>
}

/** What changed from A to B. Both were judged by the same checks, now. */
export function diffLooks(a: Look, b: Look): LookDiff {
  const present: Presence = (node, side) => (side === 'A' ? a : b).nodes?.has(node) !== false
  const tidy = <T>({changes, notComparable}: Compared<T>) => ({changes, notComparable: gathered(notComparable)})
  const findings = diffFindings(a, b)
  const parts = {
    versions: tidy(joined(diffVersions(a, b), diffImages(a.table, b.table, present))),
    configuration: tidy(diffConfiguration(a.table, b.table)),
    nodes: tidy(diffNodes(a.table, b.table, present)),
    sessions: tidy(diffSessions(a.table, b.table, present)),
    routes: tidy(diffRoutes(a.table, b.table, present)),
  }
  const changed = Object.values(parts).some(({changes}) => changes.length > 0) || !isSame(findings)
  return {a: sideOf(a), b: sideOf(b), sameLook: !changed && isSameLook(a, b), notes: [...orderNote(a, b), ...clusterNote(a, b)], findings, ...parts}
}

/** A finding that nobody can tell is the same in the one look twice. */
const isSame = ({new: fresh, fixed, still}: LookDiff['findings']) =>
  fresh.length + fixed.length === 0 && still.every(({added, cleared, notSeen}) => added.length + cleared.length + notSeen.length === 0)

const sideOf = ({file, report: {takenAt, source, coverage}}: Look): LookSide => ({
  file,
  takenAt,
  source,
  coverage: coverage.percent,
  nodesSeen: coverage.nodes.seen,
  nodesWanted: coverage.nodes.wanted,
})

/** By when and where it was taken: an edited copy says the same, so nothing may differ beside. */
const isSameLook = ({report: a}: Look, {report: b}: Look) =>
  a.takenAt === b.takenAt && a.durationMs === b.durationMs && a.source.server === b.source.server && a.source.context === b.source.context

const orderNote = (a: Look, b: Look) =>
  Date.parse(a.report.takenAt) > Date.parse(b.report.takenAt) ? ['A was taken after B: what is called new was there first. Give the older one first.'] : []

/** clusterGUID is made once, by the first calico-node that ever ran there. */
function clusterNote(a: Look, b: Look): string[] {
  const [one, other] = [guidOf(a), guidOf(b)]
  if (one !== undefined && other !== undefined) return one === other ? [] : [`These are two clusters: ClusterInformation says clusterGUID ${one} and ${other}.`]
  const [here, there] = [a.report.source.server, b.report.source.server]
  return here === undefined || there === undefined || here === there ? [] : [`These may be two clusters: one was reached at ${here}, the other at ${there}.`]
}

function guidOf({table: {clusterInformation}}: Look): string | undefined {
  return clusterInformation?.known ? clusterInformation.value.spec.clusterGUID : undefined
}

const labels = {
  calicoVersion: 'Calico',
  kubernetesVersion: 'Kubernetes',
  install: 'installed by',
  datastore: 'datastore',
  apiGroup: 'API group',
  dataplane: 'dataplane',
  encapsulation: 'encapsulation',
  bgp: 'BGP',
} as const satisfies Partial<Record<keyof ClusterDescription, string>>

function diffVersions(a: Look, b: Look): Compared<Change> {
  const fields = Object.entries(labels) as [keyof typeof labels, string][]
  return joined(
    ...fields.map(([field, label]) => compareText(label, a.report.cluster[field], b.report.cluster[field])),
    compareText('collected by', a.tool, b.tool),
    diffDeployments(a, b),
  )
}

function diffDeployments({table: a}: Look, {table: b}: Look): Compared<Change> {
  const {changes, notComparable} = both('images of Calico’s Deployments', a.calicoDeployments, b.calicoDeployments)
  const changed = changes.flatMap(({a: one = [], b: other = [], ...parts}) => fieldChanges(imagesOf(one), imagesOf(other), parts))
  return {notComparable, changes: alike(changed.map(({field, ...values}) => ({what: field, ...values, nodes: []})))}
}

const imagesOf = (deployments: readonly Workload[]) =>
  new Map(deployments.flatMap(({name, containers}) => containers.map(container => [`image of ${name}, container ${container.name}`, container.image] as const)))

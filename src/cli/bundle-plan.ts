import type {EvidenceLimits, ManifestNodes} from '../bundle/manifest.ts'
import type {NodeToAsk} from '../engine/collector.ts'
import {type FactName, type FactTable, perNodeFacts} from '../engine/facts.ts'
import {nodesToAsk} from '../engine/nodes-wanted.ts'
import type {Report} from '../engine/report.ts'
import {type Estimate, estimateOf} from '../evidence/estimate.ts'
import type {LeftOutItem} from '../evidence/left-out.ts'
import {type SickNode, sickNodes} from '../evidence/order.ts'
import {leftOutText} from '../evidence/run-notes.ts'
import {sampleOf} from '../evidence/sample.ts'
import type {EvidenceOptions, EvidenceTask} from '../evidence/task.ts'
import {evidenceTasks} from '../evidence/tasks.ts'
import type {Ways} from './ways.ts'

/** What will be asked for people to read, and what will not. */
export interface EvidencePlan {
  readonly sick: readonly SickNode[]
  readonly sample: readonly string[]
  readonly tasks: readonly EvidenceTask[]
  readonly leftOut: readonly LeftOutItem[]
  readonly estimate: Estimate
}
export interface Seen {
  readonly table: FactTable
  readonly report: Pick<Report, 'checks' | 'takenAt'>
  readonly nodes: Pick<ManifestNodes, 'wanted' | 'got' | 'missed'>
}

export function planEvidence(ways: Ways, {table, report, nodes}: Seen, limits: EvidenceLimits): EvidencePlan {
  const wanted = nodes.wanted ?? []
  const answered = new Set(nodes.got)
  const asksNodes = ways.door !== undefined
  const silent = new Set(asksNodes && answered.size > 0 ? wanted.filter(node => !answered.has(node)) : [])
  const sick = sickNodes({facts: table, report, nodes: wanted, silent})
  const {asked, leftOut} = sampleOf(
    wanted,
    sick.map(({node}) => node),
    limits.sampleNodes,
  )
  const context = {
    cluster: ways.cluster,
    door: ways.door,
    facts: settled(table, new Set(asked)),
    nodes: inOrder(asked, ways, table),
    options: optionsOf(limits),
  }
  const tasks = evidenceTasks(context, {sick: new Set(sick.map(({node}) => node)), answered})
  return {
    sick,
    sample: asked.slice(sick.length),
    tasks,
    leftOut: [...leftOut.map(node => ({why: 'sample' as const, detail: leftOutText.sample, node})), ...unasked(asked, nodes, answered)],
    estimate: estimateOf(tasks, limits.concurrency),
  }
}

/** Who said nothing in the look would cost its whole time again. */
function unasked(asked: readonly string[], {missed}: Seen['nodes'], answered: ReadonlySet<string>): LeftOutItem[] {
  const reasons = new Map(missed.map(({node, why, detail}) => [node, detail === '' ? why : `${why}, ${detail}`]))
  return asked.filter(node => !answered.has(node)).map(node => ({why: 'silent', detail: `not asked again by exec: ${reasons.get(node) ?? 'no answer'}`, node}))
}

function inOrder(asked: readonly string[], ways: Ways, table: FactTable): NodeToAsk[] {
  const byName = new Map((ways.nodes ?? nodesToAsk(asked, table)).map(node => [node.name, node]))
  return asked.map(node => byName.get(node) ?? {name: node})
}

const optionsOf = ({sinceSeconds, tailLines, maxFileBytes}: EvidenceLimits): EvidenceOptions => ({
  ...(sinceSeconds !== null && {sinceSeconds}),
  tailLines,
  maxFileBytes,
})

/** Read once and for all, of the nodes that are asked: nothing of it keeps the look's answers alive. */
function settled(table: FactTable, nodes: ReadonlySet<string>): FactTable {
  const names = Object.keys(table) as FactName[]
  return Object.fromEntries(names.map(name => [name, perNodeFacts.has(name) ? ofNodes(table[name] as FactTable['links'], nodes) : table[name]])) as FactTable
}

function ofNodes(fact: FactTable['links'], nodes: ReadonlySet<string>): FactTable['links'] {
  return fact.known ? {...fact, value: Object.fromEntries(Object.entries(fact.value).filter(([node]) => nodes.has(node)))} : fact
}

import pLimit from 'p-limit'
import {type Collected, known, type Unknown, unknown} from './collected.ts'
import {
  type Cluster,
  type ClusterCollector,
  type Collector,
  isDerived,
  type NodeCollector,
  type NodeDoor,
  type NodeToAsk,
  type Probe,
  type ProbeOutput,
} from './collector.ts'
import type {FactName, FactTable} from './facts.ts'
import {nodesToAsk, nodesWanted} from './nodes-wanted.ts'
import {pack} from './packed.ts'
import {engineFacts, type Plan} from './plan.ts'
import {readFacts} from './read-facts.ts'
import type {Settings, Snapshot, Source, Take} from './snapshot.ts'

export type Progress =
  | {readonly kind: 'source'; readonly source: string; readonly seen: number; readonly wanted: number}
  | {readonly kind: 'node'; readonly node: string; readonly answered: boolean; readonly seen: number; readonly wanted: number}
export interface CollectOptions {
  readonly collectors: readonly Collector[]
  readonly cluster: Cluster
  /** undefined: `--exec none`. */
  readonly door: NodeDoor | undefined
  /** Asked instead of what the API lists: the node we are on. */
  readonly nodes?: readonly NodeToAsk[]
  readonly source: Source
  readonly settings: Settings
  readonly concurrency: number
  readonly nodeTimeoutMs: number
  /** Ends when the overall time is over; what was not asked by then is `timeout`. */
  readonly signal: AbortSignal
  readonly onProgress?: (progress: Progress) => void
}

/** A stalled node gives its slot to the next after so long, and is still waited for. */
const stallMs = 5_000
/** One node may say so much in one exec. */
const maxBytes = 8 * 1024 * 1024

/**
 * Looks once: all API sources in parallel (each after what it depends on), and one exec per node as soon as nodes and pods are known, so that a source
 * that stalls holds up nobody else. Never throws for what a cluster does; throws UsageError for a node pattern that matches nothing.
 */
export async function collect(plan: Plan, options: CollectOptions): Promise<Snapshot> {
  const started = performance.now()
  const takenAt = new Date().toISOString()
  const evidence: Record<string, Take[]> = {}
  const api = askApi(plan.api, evidence, options)
  const [wanted] = await Promise.all([api.behind(engineFacts).then(() => lookAtNodes(plan.probes, evidence, options)), api.whole])
  const {source, settings} = options
  return {schema: 1, takenAt, durationMs: Math.round(performance.now() - started), source, settings, nodesWanted: wanted, evidence}
}

async function lookAtNodes(probes: readonly NodeCollector[], evidence: Record<string, Take[]>, options: CollectOptions): Promise<Collected<readonly string[]>> {
  const table = readFacts({evidence, nodesWanted: unknown('not-collected')}, options.collectors)
  const wanted = wantedNodes(evidence, table, options)
  if (wanted.known && probes.length > 0) await askNodes(options.nodes ?? nodesToAsk(wanted.value, table), probes, evidence, options)
  return wanted
}

function wantedNodes(evidence: Readonly<Record<string, Take[]>>, table: FactTable, {nodes, settings}: CollectOptions): Collected<readonly string[]> {
  if (nodes) return known(nodes.map(node => node.name))
  return 'nodes' in evidence ? nodesWanted(table, settings.nodes) : unknown('not-collected', 'no check needs nodes')
}

/** By their pods, whatever way into nodes was chosen. */
function nodesBehindApi(evidence: Readonly<Record<string, Take[]>>, table: FactTable, options: CollectOptions): Collected<readonly NodeToAsk[]> {
  const wanted = wantedNodes(evidence, table, options)
  return wanted.known ? known(nodesToAsk(wanted.value, table), wanted.partial) : wanted
}

interface AskedApi {
  readonly whole: Promise<unknown>
  /** Done when the sources behind these facts have answered. */
  behind(facts: readonly FactName[]): Promise<unknown>
}

function askApi(api: readonly ClusterCollector[], evidence: Record<string, Take[]>, options: CollectOptions): AskedApi {
  const running = new Map<string, Promise<void>>()
  let seen = 0
  const askOnce = (collector: ClusterCollector): Promise<void> => {
    const asked = running.get(collector.source) ?? ask(collector)
    running.set(collector.source, asked)
    return asked
  }
  const behind = (facts: readonly FactName[]) => Promise.all(sourcesBehind(facts, api, options.collectors).map(askOnce))
  const ask = async (collector: ClusterCollector) => {
    await behind(collector.after ?? [])
    const facts = readFacts({evidence, nodesWanted: unknown('not-collected')}, options.collectors)
    const asking = {nodes: () => nodesBehindApi(evidence, facts, options)}
    evidence[collector.source] = [await takeOf(() => collector.collect(options.cluster, facts, asking))]
    options.onProgress?.({kind: 'source', source: collector.source, seen: ++seen, wanted: api.length})
  }
  return {whole: Promise.all(api.map(askOnce)), behind}
}

/** The API sources that facts come from, through derived facts. */
function sourcesBehind(facts: readonly FactName[], api: readonly ClusterCollector[], collectors: readonly Collector[]): ClusterCollector[] {
  const found = new Set<ClusterCollector>()
  const visit = (fact: FactName): void => {
    const source = collectors.find(collector => fact in collector.facts)
    if (source && isDerived(source)) source.from.forEach(visit)
    const asked = api.find(candidate => candidate === source)
    if (asked) found.add(asked)
  }
  facts.forEach(visit)
  return [...found]
}

async function askNodes(
  nodes: readonly NodeToAsk[],
  probes: readonly NodeCollector[],
  evidence: Record<string, Take[]>,
  options: CollectOptions,
): Promise<void> {
  const limit = pLimit(options.concurrency)
  const byName = new Map(probes.map(({source, probe}) => [source, probe]))
  let seen = 0
  const ask = async (node: NodeToAsk) => {
    const started = performance.now()
    const at = new Date().toISOString()
    const answers = await askNode(node, byName, options)
    const ms = Math.round(performance.now() - started)
    for (const source of byName.keys()) {
      const data = answers.get(source) ?? unknown('failed', 'the answer ended before this probe')
      ;(evidence[source] ??= []).push({at, ms, node: node.name, data: pack(data)})
    }
    const answered = [...answers.values()].some(answer => answer.known)
    options.onProgress?.({kind: 'node', node: node.name, answered, seen: ++seen, wanted: nodes.length})
  }
  const late: Promise<void>[] = []
  await Promise.all(
    nodes.map(node =>
      limit(async () => {
        const asked = ask(node)
        late.push(asked)
        await Promise.race([asked, after(stallMs)])
      }),
    ),
  )
  await Promise.all(late)
}

async function askNode(
  node: NodeToAsk,
  probes: ReadonlyMap<string, Probe>,
  {door, nodeTimeoutMs, signal}: CollectOptions,
): Promise<ReadonlyMap<string, Collected<ProbeOutput>>> {
  const all = (data: Collected<ProbeOutput>) => new Map([...probes.keys()].map(source => [source, data]))
  if (!door) return all(unknown('not-collected', 'nodes were not asked (--exec none)'))
  if (signal.aborted) return all(tooLate(signal))
  try {
    return await door.ask(node, probes, {timeoutMs: nodeTimeoutMs, maxBytes, signal})
  } catch (error) {
    return all(unknown('failed', error instanceof Error ? error.message : String(error)))
  }
}

/** The overall time is over, or somebody pressed Ctrl-C and keeps what there is. */
function tooLate({reason}: AbortSignal): Unknown {
  return reason instanceof Error && reason.name === 'Interrupted'
    ? unknown('not-collected', 'the look was interrupted before this node was asked')
    : unknown('timeout', 'the overall time was over before this node was asked')
}

async function takeOf(look: () => Promise<Collected<unknown>>): Promise<Take> {
  const at = new Date().toISOString()
  const started = performance.now()
  const data = await look().catch((error: unknown) => unknown('failed', error instanceof Error ? error.message : String(error)))
  return {at, ms: Math.round(performance.now() - started), data}
}

const after = (ms: number) => new Promise<void>(resolve => setTimeout(resolve, ms).unref())

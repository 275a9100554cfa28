import {setTimeout as sleep} from 'node:timers/promises'
import type {Bird} from '../calico/bgp-session.ts'
import type {FelixMetrics} from '../calico/felix-metrics.ts'
import type {TimedMetrics} from '../calico/metrics-rate.ts'
import {felixTarget} from '../calico/metrics-target.ts'
import {askFelixMetrics, metricsLimits} from '../collectors/ask-metrics.ts'
import {type Collected, known, unknown} from '../engine/collected.ts'
import type {NodeCollector, NodeToAsk, Probe, ProbeOutput} from '../engine/collector.ts'
import type {FactTable} from '../engine/facts.ts'
import {looksOf} from '../tui/from-facts.ts'
import {felixNumbers} from '../tui/from-metrics.ts'
import type {FelixSample, NodeLook} from '../tui/model.ts'
import type {LiveEvidence} from './evidence.ts'
import type {LiveOptions} from './feed.ts'
import {paceOf} from './pace.ts'
import {nextNodes} from './rotation.ts'

export interface VisitOptions extends Pick<LiveOptions, 'ways' | 'intervalMs' | 'nodeTimeoutMs' | 'concurrency' | 'execsPerSecond'> {
  readonly probes: readonly NodeCollector[]
  readonly evidence: LiveEvidence
  readonly signal: AbortSignal
}
/** What a node said at its last visit. */
interface Visit {
  /** Milliseconds since 1970. */
  readonly at: number
  readonly answered: boolean
  readonly felix: Collected<TimedMetrics<FelixMetrics>>
  /** The page before, for what happened since. */
  readonly before?: TimedMetrics<FelixMetrics>
}
/** Whose turn it may be. */
export interface Turn {
  readonly nodes: readonly NodeToAsk[]
  /** The gravest first. */
  readonly sick: readonly string[]
  readonly table: FactTable
}

const maxBytes = 8 * 1024 * 1024
/** Every session in full, for the routes in and out, is 30 lines a session: asked of nodes that have no more than so many. */
const mostInFull = 100
const inFull: ReadonlySet<string> = new Set(['node/bird-wide-v4', 'node/bird-wide-v6'])
/** Silent nodes hold their place until their time is over; so many rounds' worth of them may be waited for. */
const mostWaiting = 5

/** Going to the nodes in turn: one exec and one metrics page each. */
export class Visits {
  readonly #options: VisitOptions
  readonly #probes: ReadonlyMap<string, Probe>
  readonly #pace: (signal: AbortSignal) => Promise<void>
  readonly #asked = new Map<string, number>()
  readonly #waiting = new Set<string>()
  readonly #visits = new Map<string, Visit>()
  #urgent: readonly string[] = []
  #fresh = new Set<string>()

  constructor(options: VisitOptions) {
    this.#options = options
    this.#probes = new Map(options.probes.map(({source, probe}) => [source, probe]))
    this.#pace = paceOf(options.execsPerSecond)
  }

  /** Asks those whose turn it is; resolves when all have answered, or at `until` (performance.now()). Answers that come later count all the same. */
  async ask(turn: Turn, until: number): Promise<void> {
    const {signal} = this.#options
    this.#forget(turn.nodes)
    const going: Promise<void>[] = []
    for (const node of this.#chosen(turn)) {
      await this.#pace(signal)
      if (signal.aborted) return
      going.push(this.#visit(node, turn.table))
    }
    await Promise.race([Promise.all(going), timeUntil(until, signal)])
  }

  /** Asks these before others next time. */
  first(nodes: readonly string[]): void {
    this.#urgent = [...new Set([...this.#urgent, ...nodes])]
  }

  /** Nodes that answered, or did not in time, since this was asked last. */
  taken(): ReadonlySet<string> {
    const taken = this.#fresh
    this.#fresh = new Set()
    return taken
  }

  /** Nodes that did not answer when they were asked last. */
  silent(): ReadonlySet<string> {
    return new Set([...this.#visits].flatMap(([node, {answered}]) => (answered ? [] : [node])))
  }

  looks(table: FactTable, nodes: ReadonlySet<string>): NodeLook[] {
    return looksOf(table, node => this.#visits.get(node)?.at ?? 0).filter(({node}) => nodes.has(node))
  }

  samples(nodes: ReadonlySet<string>): FelixSample[] {
    return [...nodes].flatMap(node => {
      const visit = this.#visits.get(node)
      return visit ? [{node, at: visit.at, felix: felixNumbers(visit.felix, visit.before)}] : []
    })
  }

  /** Nodes that are gone, so that hours of a cluster that scales up and down leave nothing; one of the same name is another node. */
  #forget(nodes: readonly NodeToAsk[]): void {
    const wanted = new Set(nodes.map(({name}) => name))
    const gone = [...new Set([...this.#asked.keys(), ...this.#visits.keys()])].filter(name => !wanted.has(name))
    for (const kept of [this.#asked, this.#visits, this.#waiting, this.#fresh]) for (const name of gone) kept.delete(name)
    this.#options.evidence.forget(gone)
  }

  #chosen({nodes, sick}: Turn): NodeToAsk[] {
    const {execsPerSecond, intervalMs, concurrency} = this.#options
    const byName = new Map(nodes.map(node => [node.name, node]))
    const places = concurrency * mostWaiting - this.#waiting.size
    // Nodes that seem well answer at once: two hundred dead ones must not keep them waiting for their turn.
    const budget = Math.max(1, Math.min(Math.floor((execsPerSecond * intervalMs) / 1_000), places + concurrency * mostWaiting))
    const first = [...new Set([...this.#urgent, ...sick])]
    this.#urgent = []
    const turn = {nodes: [...byName.keys()], sick: first, asked: this.#asked, waiting: this.#waiting, budget, budgetForSick: Math.max(1, places)}
    return nextNodes(turn).map(name => byName.get(name)!)
  }

  /** Before a node was asked once, every other node may be its peer. */
  #probesFor({name}: NodeToAsk, {birdV4, birdV6, kubeNodes}: FactTable): ReadonlyMap<string, Probe> {
    const counts = [birdV4, birdV6].flatMap(fact => (fact.known ? (sessionsOf(fact.value[name]) ?? []) : []))
    const sessions = counts.length > 0 ? Math.max(...counts) : kubeNodes.known ? kubeNodes.value.length : Number.POSITIVE_INFINITY
    return sessions <= mostInFull ? this.#probes : new Map([...this.#probes].filter(([source]) => !inFull.has(source)))
  }

  /** Never rejects. */
  async #visit(node: NodeToAsk, table: FactTable): Promise<void> {
    const [at, started] = [new Date(), performance.now()]
    this.#waiting.add(node.name)
    this.#asked.set(node.name, started)
    const [answers, felix] = await Promise.all([askProbes(node, this.#probesFor(node, table), this.#options), askFelix(node, table, this.#options)])
    // It was taken away from the API meanwhile.
    if (!this.#waiting.delete(node.name)) return
    this.#options.evidence.node(node.name, at, Math.round(performance.now() - started), answers)
    const last = this.#visits.get(node.name)
    const before = last?.felix.known ? last.felix.value : last?.before
    this.#visits.set(node.name, {at: Date.now(), answered: [...answers.values()].some(answer => answer.known), felix, ...(before && {before})})
    this.#fresh.add(node.name)
  }
}

const sessionsOf = (bird: Collected<Bird> | undefined): number | undefined => (bird?.known && bird.value.running ? bird.value.sessions.length : undefined)

async function askProbes(
  node: NodeToAsk,
  probes: ReadonlyMap<string, Probe>,
  {ways, nodeTimeoutMs, signal}: VisitOptions,
): Promise<ReadonlyMap<string, Collected<ProbeOutput>>> {
  const all = (data: Collected<ProbeOutput>) => new Map([...probes.keys()].map(source => [source, data]))
  if (!ways.door) return all(unknown('not-collected', 'nodes were not asked (--exec none)'))
  try {
    return new Map([
      ...all(unknown('failed', 'the answer ended before this probe')),
      ...(await ways.door.ask(node, probes, {timeoutMs: nodeTimeoutMs, maxBytes, signal})),
    ])
  } catch (error) {
    return all(unknown('failed', error instanceof Error ? error.message : String(error)))
  }
}

async function askFelix(node: NodeToAsk, table: FactTable, {ways, signal}: VisitOptions): Promise<Collected<TimedMetrics<FelixMetrics>>> {
  try {
    const target = felixTarget(node, table)
    if (!target.known) return target
    const metrics = await askFelixMetrics(ways.cluster, target.value, {...metricsLimits, signal})
    return metrics.known ? known({at: Date.now(), metrics: metrics.value}, metrics.partial) : metrics
  } catch (error) {
    return unknown('failed', error instanceof Error ? error.message : String(error))
  }
}

function timeUntil(until: number, signal: AbortSignal): Promise<void> {
  return sleep(Math.max(0, until - performance.now()), undefined, {signal}).catch(() => {})
}

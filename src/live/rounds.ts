import {collect} from '../engine/collect.ts'
import {type Collected, known, unknown} from '../engine/collected.ts'
import {describeCluster} from '../engine/describe-cluster.ts'
import {UsageError} from '../engine/errors.ts'
import type {FactTable} from '../engine/facts.ts'
import {nodesToAsk} from '../engine/nodes-wanted.ts'
import {type Plan, planFor} from '../engine/plan.ts'
import {type Remembered, readFacts} from '../engine/read-facts.ts'
import type {Report} from '../engine/report.ts'
import type {Snapshot} from '../engine/snapshot.ts'
import {sickNodes} from '../evidence/order.ts'
import type {FeedEvent} from '../tui/events.ts'
import {clusterSeen} from '../tui/from-facts.ts'
import {ipamSeen, typhaSeen} from '../tui/from-metrics.ts'
import type {ClusterSeen} from '../tui/model.ts'
import {type LiveEvidence, liveEvidence} from './evidence.ts'
import type {LiveOptions} from './feed.ts'
import {Judge} from './judge.ts'
import {Visits} from './visits.ts'

export interface Round {
  /** Why the API server could not be asked; nothing else was asked then. */
  readonly lost?: string
}

/** All that is known at one moment, and what it says. */
interface Now {
  readonly snapshot: Snapshot
  readonly table: FactTable
}

/** Rounds of looking: the API, the nodes whose turn it is, the report. */
export class Rounds {
  readonly #options: LiveOptions
  readonly #signal: AbortSignal
  readonly #send: (event: FeedEvent) => void
  readonly #asking: LiveOptions['collectors']
  readonly #plan: Plan
  readonly #evidence: LiveEvidence
  readonly #visits: Visits
  readonly #judge: Judge
  readonly #remembered: Remembered = new WeakMap()
  #wasLost = false
  #clocks = clocks()
  #wasSeen = false

  constructor(options: LiveOptions, signal: AbortSignal, send: (event: FeedEvent) => void) {
    this.#options = options
    this.#signal = signal
    this.#send = send
    this.#asking = askingBy(options)
    this.#plan = planFor(options.checks, this.#asking, options.facts)
    const {probes} = this.#plan
    this.#evidence = liveEvidence(
      options.source,
      options.settings,
      probes.map(({source}) => source),
      options.execsPerSecond,
    )
    this.#visits = new Visits({...options, probes, signal, evidence: this.#evidence})
    this.#judge = new Judge(options)
  }

  /** Reads what the first round begins with. */
  async prepare(): Promise<void> {
    await this.#lookAtApi()
  }

  /** One round. Never throws for what a cluster does. */
  async look(): Promise<Round> {
    const until = performance.now() + this.#options.intervalMs
    const lost = await this.#lookAtApi()
    if (lost !== undefined) {
      this.#wasLost = true
      return {lost}
    }
    const now = this.#now()
    this.#tellApi(now)
    await this.#visit(now, until)
    this.#tellVisits()
    return {}
  }

  /** These come first in the next round. */
  first({node, check}: {readonly node?: string; readonly check?: string}): void {
    this.#visits.first(node === undefined ? nodesOf(check, this.#judge.latest) : [node])
  }

  /** All that is known now, as one look. */
  snapshot(): Snapshot {
    return this.#evidence.snapshot()
  }

  /** Why the API server was lost on the way; then what was known before stays. */
  async #lookAtApi(): Promise<string | undefined> {
    const {ways} = this.#options
    const silence = silenceOf(await ways.heartbeat())
    if (silence !== undefined) return silence
    if (this.#wasLost || this.#sleptSince()) ways.doubt()
    const seen = await this.#collected()
    const lost = lostIn(seen)
    if (lost !== undefined) return lost
    this.#evidence.api(seen)
    this.#wasSeen = true
    return undefined
  }

  /** A machine that slept has dead watches that do not know it. The one clock stands still meanwhile, the other does not. */
  #sleptSince(): boolean {
    const [before, now] = [this.#clocks, clocks()]
    this.#clocks = now
    return Math.abs(now.wall - before.wall - (now.steady - before.steady)) > mostAsideMs
  }

  /** That a pattern matches no node is a slip of the hand at first; later on it is news: the node is gone. Throws UsageError. */
  async #collected(): Promise<Snapshot> {
    const plan = {api: this.#plan.api, probes: []}
    const options = {...this.#options, collectors: this.#asking, cluster: this.#options.ways.cluster, door: undefined, signal: this.#signal}
    try {
      return await collect(plan, options)
    } catch (error) {
      if (!(error instanceof UsageError) || !this.#wasSeen) throw error
      const all = await collect(plan, {...options, settings: {...options.settings, nodes: []}})
      return {...all, settings: options.settings, nodesWanted: unknown('absent', `${error.message} any more`)}
    }
  }

  #now(): Now {
    const snapshot = this.#evidence.snapshot()
    return {snapshot, table: readFacts(snapshot, this.#options.collectors, this.#remembered)}
  }

  #tellApi({snapshot, table}: Now): void {
    const at = Date.now()
    if (this.#wasLost) this.#send({type: 'api', at, connected: true})
    this.#wasLost = false
    this.#send({type: 'cluster', at, seen: this.#wantedIn(clusterSeen(table, describeCluster(table), this.#options.source), snapshot)})
    this.#send({type: 'typha', seen: typhaSeen(table, at)})
    this.#send({type: 'ipam', seen: ipamSeen(table, at)})
  }

  /** With --node the others are not asked, and not shown as if nobody knew why. */
  #wantedIn(seen: ClusterSeen, {nodesWanted}: Snapshot): ClusterSeen {
    const {nodes} = seen
    if (this.#options.settings.nodes.length === 0 || !nodes.known) return seen
    const wanted = new Set(nodesWanted.known ? nodesWanted.value : [])
    return {
      ...seen,
      nodes: known(
        nodes.value.filter(({name}) => wanted.has(name)),
        nodes.partial,
      ),
    }
  }

  async #visit({snapshot: {nodesWanted, takenAt}, table}: Now, until: number): Promise<void> {
    if (!nodesWanted.known) return
    const report = this.#judge.latest ?? {checks: [], takenAt}
    const sick = sickNodes({facts: table, report, nodes: nodesWanted.value, silent: this.#visits.silent()})
    const nodes = this.#options.nodes ?? nodesToAsk(nodesWanted.value, table)
    await this.#visits.ask({nodes, sick: sick.map(({node}) => node), table}, until)
  }

  #tellVisits(): void {
    const visited = this.#visits.taken()
    const {snapshot, table} = this.#now()
    this.#send({type: 'looks', looks: this.#visits.looks(table, visited)})
    this.#send({type: 'felix', samples: this.#visits.samples(visited)})
    const report = this.#judge.again(snapshot, table)
    if (report) this.#send({type: 'report', seen: {at: Date.now(), report, why: this.#judge.why}})
  }
}

/** The collectors as they are, each behind its own door that watches what it lists. */
function askingBy({collectors, ways}: LiveOptions): LiveOptions['collectors'] {
  return collectors.map(collector =>
    'collect' in collector ? {...collector, collect: (_cluster, facts, asking) => collector.collect(ways.of(collector.source), facts, asking)} : collector,
  )
}

/** The clocks may part by so much between two rounds. */
const mostAsideMs = 10_000
const clocks = () => ({wall: Date.now(), steady: performance.now()})

/** Half an answer is no sign of life; that there is no such page is one, or that it is not for us. Credentials that have expired (401) are none: nothing can be seen with them. */
function silenceOf(beat: Collected<unknown>): string | undefined {
  if (beat.known) return beat.partial
  const isAlive = beat.why === 'absent' || (beat.why === 'forbidden' && / 403 /.test(beat.detail))
  return isAlive ? undefined : beat.detail
}

/** The list of nodes says whether there was an API server to ask: everything else may be absent or forbidden. */
function lostIn({evidence}: Snapshot): string | undefined {
  const data = evidence.nodes?.at(-1)?.data
  return data && !data.known && (data.why === 'unreachable' || data.why === 'timeout') ? data.detail : undefined
}

/** The nodes that a check's findings are about. */
function nodesOf(check: string | undefined, latest: Report | undefined): string[] {
  const found = latest?.checks.find(({id}) => id === check)
  return found ? found.findings.flatMap(({subjects}) => subjects.flatMap(subject => (subject.kind === 'Node' ? [subject.name] : []))) : []
}

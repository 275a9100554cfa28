import {setTimeout as sleep} from 'node:timers/promises'
import type {Check} from '../engine/check.ts'
import type {Collector, NodeToAsk} from '../engine/collector.ts'
import type {FactName} from '../engine/facts.ts'
import type {Settings, Snapshot, Source} from '../engine/snapshot.ts'
import type {FeedEvent} from '../tui/events.ts'
import type {Feed, FeedCommand} from '../tui/feed.ts'
import {type Round, Rounds} from './rounds.ts'
import type {LiveWays} from './ways.ts'

export interface LiveOptions {
  readonly ways: LiveWays
  readonly collectors: readonly Collector[]
  readonly checks: readonly Check[]
  /** Wanted beside those of the checks. */
  readonly facts: readonly FactName[]
  /** Asked instead of what the API lists: the node we are on. */
  readonly nodes?: readonly NodeToAsk[]
  readonly source: Source
  readonly settings: Settings
  /** Milliseconds from the start of one round to the start of the next. */
  readonly intervalMs: number
  readonly nodeTimeoutMs: number
  /** Nodes asked at once. */
  readonly concurrency: number
  readonly execsPerSecond: number
  /** Version of this tool, for reports. */
  readonly version: string
  /** Writes a bundle; resolves to where it is. */
  readonly write: (snapshot: Snapshot) => Promise<string>
}

/** While the API server is away, it is asked again after so long at most. */
const longestPauseMs = 30_000

/**
 * Looks at a cluster round by round. A round begins when the one before has ended and its interval is over, so rounds never pile up; a lost API server is
 * asked again more and more rarely, and all lists are read anew when it is back.
 */
export class LiveFeed implements Feed {
  readonly #options: LiveOptions
  readonly #stop = new AbortController()
  readonly #rounds: Rounds
  #send: (event: FeedEvent) => void = () => {}
  #wake = Promise.withResolvers<void>()
  #running: Promise<void> | undefined
  #paused = false
  /** A round is wanted at once, also while paused. */
  #wanted = false

  constructor(options: LiveOptions) {
    this.#options = options
    this.#rounds = new Rounds(options, this.#stop.signal, event => this.#tell(event))
  }

  /** Throws UsageError for a pattern that matches no node, before there is a screen. */
  async start(send: (event: FeedEvent) => void): Promise<void> {
    if (this.#options.settings.nodes.length > 0) await this.#rounds.prepare()
    this.#send = send
    this.#tell({type: 'feed', mode: 'live', intervalMs: this.#options.intervalMs})
    this.#running = this.#run()
  }

  command(command: FeedCommand): void {
    if (command.kind === 'write') return void this.#write()
    if (command.kind === 'pause') this.#paused = command.paused
    if (command.kind === 'again') this.#rounds.first(command)
    if (command.kind !== 'pause' || !command.paused) this.#soon()
  }

  async stop(): Promise<void> {
    this.#stop.abort()
    this.#wake.resolve()
    this.#options.ways.close()
    await this.#running
  }

  async #run(): Promise<void> {
    const {intervalMs} = this.#options
    let losses = 0
    while (!this.#stop.signal.aborted) {
      const started = performance.now()
      const round = this.#paused && !this.#wanted ? {} : await this.#look()
      losses = round.lost === undefined ? 0 : losses + 1
      const pauseMs = losses === 0 ? intervalMs : Math.max(intervalMs, Math.min(longestPauseMs, intervalMs * 2 ** (losses - 1)))
      if (round.lost !== undefined) this.#tell({type: 'api', at: Date.now(), connected: false, detail: round.lost, retryAt: Date.now() + pauseMs})
      await this.#rest(pauseMs - (performance.now() - started))
    }
  }

  #look(): Promise<Round> {
    this.#wanted = false
    return this.#rounds.look()
  }

  /** Until the time is over, or something is asked for. */
  async #rest(ms: number): Promise<void> {
    // Something was asked for while the round ran.
    if (this.#wanted || ms <= 0) return
    this.#wake = Promise.withResolvers()
    const over = new AbortController()
    await Promise.race([sleep(ms, undefined, {signal: over.signal}).catch(() => {}), this.#wake.promise])
    over.abort()
  }

  #soon(): void {
    this.#wanted = true
    this.#wake.resolve()
  }

  async #write(): Promise<void> {
    try {
      this.#tell({type: 'told', text: await this.#options.write(this.#rounds.snapshot())})
    } catch (error) {
      this.#tell({type: 'told', text: error instanceof Error ? error.message : String(error), bad: true})
    }
  }

  #tell(event: FeedEvent): void {
    if (!this.#stop.signal.aborted) this.#send(event)
  }
}

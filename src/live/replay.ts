import {setTimeout as sleep} from 'node:timers/promises'
import type {FeedEvent} from '../tui/events.ts'
import type {Feed, FeedCommand} from '../tui/feed.ts'
import {type RecordedRound, readRecording} from './read-recording.ts'

/** Nobody waits longer for a round, however long it took. */
const longestPauseMs = 10_000

/** Plays a recording at the pace it was recorded, with pause and steps. `start` throws SourceError. */
export class ReplayFeed implements Feed {
  readonly #file: string
  readonly #stop = new AbortController()
  #rounds: readonly RecordedRound[] = []
  #send: (event: FeedEvent) => void = () => {}
  /** How many rounds were told. */
  #told = 0
  #paused = false
  #running: Promise<void> | undefined

  constructor(file: string) {
    this.#file = file
  }

  async start(send: (event: FeedEvent) => void): Promise<void> {
    this.#rounds = await readRecording(this.#file)
    this.#send = send
    this.#send({type: 'feed', mode: 'replay', intervalMs: this.#pauseAfter(0)})
    this.#tellUntil(1)
    this.#running = this.#play()
  }

  command(command: FeedCommand): void {
    if (command.kind === 'pause') this.#paused = command.paused
    else if (command.kind === 'step') this.#step(command.by)
    else this.#send({type: 'told', text: 'this is a recording: it can be played, and nothing else', bad: true})
  }

  async stop(): Promise<void> {
    this.#stop.abort()
    await this.#running
  }

  async #play(): Promise<void> {
    const {signal} = this.#stop
    while (!signal.aborted) {
      const rests = this.#paused || this.#told === this.#rounds.length
      await sleep(rests ? 100 : this.#pauseAfter(this.#told - 1), undefined, {signal}).catch(() => {})
      if (!rests && !this.#paused && !signal.aborted) this.#tellUntil(this.#told + 1)
    }
  }

  #step(by: 1 | -1): void {
    const until = this.#told + by
    if (until < 1 || until > this.#rounds.length) return
    if (by === 1) return this.#tellUntil(until)
    // What is known grows with what is told, so the way back leads through the beginning.
    this.#told = 0
    this.#send({type: 'anew'})
    this.#tellUntil(until)
  }

  #tellUntil(count: number): void {
    for (; this.#told < Math.min(count, this.#rounds.length); this.#told++) {
      for (const {at, event} of this.#rounds[this.#told]!.events()) {
        this.#send({type: 'clock', now: at})
        this.#send(event)
      }
    }
    this.#send({type: 'position', round: this.#told, rounds: this.#rounds.length})
  }

  #pauseAfter(index: number): number {
    const [here, next] = [this.#rounds[index], this.#rounds[index + 1]]
    return here && next ? Math.min(longestPauseMs, Math.max(0, next.at - here.at)) : 0
  }
}

import type {FeedEvent} from './events.ts'

/** What a person asks of a feed. What comes of it is told by events: `told` for people, and the data anew. */
export type FeedCommand =
  /** Ask nothing more until it is false again (live), or stop playing (replay). The screen shows by itself that it is paused. */
  | {readonly kind: 'pause'; readonly paused: boolean}
  /** Of a paused replay: one round on, or back. A live feed looks once. */
  | {readonly kind: 'step'; readonly by: 1 | -1}
  /** Look again now, out of turn: at one node, or at what one check needs. */
  | {readonly kind: 'again'; readonly node?: string; readonly check?: string}
  /** Write what is known now as a bundle; `told` says where it is. */
  | {readonly kind: 'write'}

/**
 * Where the live view's data comes from: a cluster, a bundle, a recording. The screen knows no other source and fetches nothing.
 *
 * `start` is called once. The feed then sends `feed` first, and from there on whatever it sees (events.ts), at its own pace: the screen draws at most ten times a second however
 * many events come. It throws only when there is nothing to look at at all (SourceError: before the screen is up); what fails later is an event (`api`,
 * or a cause in a look). `command` returns at once and never throws. `stop` ends all that it began; no event is sent after it was called.
 */
export interface Feed {
  start(send: (event: FeedEvent) => void): Promise<void>
  command(command: FeedCommand): void
  stop(): Promise<void>
}

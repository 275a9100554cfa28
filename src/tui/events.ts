import type {Key} from './keys.ts'
import type {ClusterSeen, FelixSample, IpamSeen, NodeLook, ReportSeen, TyphaSeen} from './model.ts'

/**
 * What a feed tells. Any part may come at any time and in any order, as often as it is seen anew; what does not come keeps its last state and grows old.
 * `at` is when it was seen: milliseconds since 1970.
 */
export type FeedEvent =
  /** First of all: what kind of source this is. Sent again when it changes. */
  | {readonly type: 'feed'; readonly mode: 'live' | 'bundle' | 'replay'; readonly intervalMs: number}
  /** Of a saved cluster: the time that it shows. From then on `tick` counts no more. Live feeds never send it. */
  | {readonly type: 'clock'; readonly now: number}
  /** Of a replay that goes back: what was told is forgotten, and told again. */
  | {readonly type: 'anew'}
  /** Of a replay: which round of how many is shown, counted from 1. */
  | {readonly type: 'position'; readonly round: number; readonly rounds: number}
  | {readonly type: 'cluster'; readonly at: number; readonly seen: ClusterSeen}
  /** Nodes that were visited, one or many. A node that did not answer comes with the cause in each of its parts. */
  | {readonly type: 'looks'; readonly looks: readonly NodeLook[]}
  | {readonly type: 'felix'; readonly samples: readonly FelixSample[]}
  | {readonly type: 'typha'; readonly seen: TyphaSeen}
  | {readonly type: 'ipam'; readonly seen: IpamSeen}
  | {readonly type: 'report'; readonly seen: ReportSeen}
  | {readonly type: 'api'; readonly at: number; readonly connected: true}
  /** `detail` is one line: what failed. */
  | {readonly type: 'api'; readonly at: number; readonly connected: false; readonly detail: string; readonly retryAt?: number}
  /** What came of a command: one line for people. */
  | {readonly type: 'told'; readonly text: string; readonly bad?: boolean}

/** What the terminal and the person do. */
export type ScreenEvent =
  /** What one chunk of input held: `jjj` is three. */
  | {readonly type: 'keys'; readonly keys: readonly Key[]}
  | {readonly type: 'resize'; readonly columns: number; readonly rows: number}
  /** The time. */
  | {readonly type: 'tick'; readonly now: number}

export type Event = FeedEvent | ScreenEvent

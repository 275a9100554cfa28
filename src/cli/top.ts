import {UsageError} from '../engine/errors.ts'
import type {Feed} from '../tui/feed.ts'
import {version} from './package.ts'
import {screen} from './screen.ts'
import {keepHeapSmall} from './small-heap.ts'
import type {LiveFlags} from './top-live.ts'

export interface TopFlags extends LiveFlags {
  readonly record?: string | undefined
  readonly replay?: string | undefined
  readonly 'no-color'?: boolean
}

/** Shows the live view until somebody quits. Returns the exit code. Throws UsageError where there is no terminal to show it on, SourceError when there is nothing to show. */
export async function top(flags: TopFlags, argv: readonly string[]): Promise<number> {
  assertTerminal()
  const feed = await feedFor(flags, argv)
  const {colour, unicode} = screen(flags)
  const {runTop} = await import('../tui/shell/run.ts')
  keepHeapSmall(nowAndThen)
  return runTop({feed, look: {colour, unicode}, input: process.stdin, output: process.stdout, inTmux: process.env.TMUX !== undefined})
}

async function feedFor(flags: TopFlags, argv: readonly string[]): Promise<Feed> {
  const {bundle, record, replay} = flags
  if (bundle !== undefined) return (await import('./top-bundle.ts')).bundleFeed(bundle, flags)
  if (replay !== undefined) return new (await import('../live/replay.ts')).ReplayFeed(replay)
  const {openLive} = await import('./top-live.ts')
  const live = await openLive(flags, async snapshot => (await import('./bundle-of-snapshot.ts')).bundleOfSnapshot(snapshot, argv))
  return record === undefined ? live : recorded(live, record)
}

async function recorded(live: Feed, file: string): Promise<Feed> {
  try {
    return await (await import('../live/recording.ts')).recordingFeed(live, file, version)
  } catch (error) {
    await live.stop()
    throw error
  }
}

/**
 * It stays open for hours: a collection of some 50 ms a few times a minute holds it to what it knows, and with V8's optimize-for-size a thousand nodes take
 * some 180 MB where they took 230.
 */
const nowAndThen = {lookEveryMs: 1_000, growth: 12 * 1024 ** 2}

const instead = 'calico-doctor node status --watch follows the sessions without one; calico-doctor check judges the cluster once.'

/** Drawn into a pipe or a log, a screen is noise. */
function assertTerminal(env = process.env): void {
  if (!process.stdin.isTTY || !process.stdout.isTTY) throw new UsageError('top needs a terminal for input and output', instead)
  if (env.CI !== undefined && !/^(|0|false)$/i.test(env.CI)) throw new UsageError('top is for people at a terminal, and CI is set', instead)
  if (env.TERM === 'dumb') throw new UsageError('top needs a terminal that can move its cursor, and TERM is dumb', instead)
}

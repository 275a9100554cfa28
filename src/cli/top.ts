import {UsageError} from '../engine/errors.ts'
import type {Feed} from '../tui/feed.ts'
import {screen} from './screen.ts'

export interface TopFlags {
  readonly bundle?: string | undefined
  readonly node?: string[] | undefined
  readonly 'no-color'?: boolean
}

/** Shows the live view until somebody quits. Returns the exit code. Throws UsageError where there is no terminal to show it on, SourceError when there is nothing to show. */
export async function top(flags: TopFlags): Promise<number> {
  assertTerminal()
  const feed = await feedFor(flags)
  const {colour, unicode} = screen(flags)
  const {runTop} = await import('../tui/shell/run.ts')
  return runTop({feed, look: {colour, unicode}, input: process.stdin, output: process.stdout, inTmux: process.env.TMUX !== undefined})
}

async function feedFor(flags: TopFlags): Promise<Feed> {
  if (flags.bundle !== undefined) return (await import('./top-bundle.ts')).bundleFeed(flags.bundle, flags)
  throw new UsageError(
    'top cannot watch a cluster yet',
    'calico-doctor top --bundle FILE shows a saved one; calico-doctor node status --watch follows the sessions of a live one.',
  )
}

const instead = 'calico-doctor node status --watch follows the sessions without one; calico-doctor check judges the cluster once.'

/** Drawn into a pipe or a log, a screen is noise. */
function assertTerminal(env = process.env): void {
  if (!process.stdin.isTTY || !process.stdout.isTTY) throw new UsageError('top needs a terminal for input and output', instead)
  if (env.CI !== undefined && !/^(|0|false)$/i.test(env.CI)) throw new UsageError('top is for people at a terminal, and CI is set', instead)
  if (env.TERM === 'dumb') throw new UsageError('top needs a terminal that can move its cursor, and TERM is dumb', instead)
}

import type {Kept, State} from './state.ts'

/** `3s`, `2m`, `1h`, `4d`: what fits a narrow column. Clocks that disagree give `0s`. */
export function ageText(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1_000))
  if (seconds < 120) return `${seconds}s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 120) return `${minutes}m`
  const hours = Math.floor(minutes / 60)
  return hours < 48 ? `${hours}h` : `${Math.floor(hours / 24)}d`
}

type Clock = Pick<State, 'now' | 'feed' | 'frozen'> & {readonly nodes: {readonly size: number}}

/** Well nodes are asked in turn, twenty a second at most: what waits for more than six rounds, or for two turns of all nodes, is worth a mark. */
const staleRounds = 6
const leastStaleMs = 30_000
const turnMs = 1_000 / 20

export const isOld = (at: number | undefined, {now, feed, frozen, nodes}: Clock): boolean =>
  at !== undefined && !frozen && now - at > Math.max(leastStaleMs, staleRounds * feed.intervalMs, 2 * nodes.size * turnMs)

/** A later try failed, or there was none for long. */
export const isStale = (kept: Kept<unknown>, state: Clock): boolean => kept.trouble !== undefined || isOld(kept.at, state)

/** `3s`, and `~45s` of what is stale: a sign beside the faintness. Never seen: `-`. */
export function ageCell(kept: Kept<unknown>, state: Clock): string {
  if (kept.at === undefined) return '-'
  return `${isStale(kept, state) ? '~' : ''}${ageText(state.now - kept.at)}`
}

import {type Line, line, type Span} from './line.ts'
import {tableOf} from './moves.ts'
import type {State} from './state.ts'

interface Hint {
  readonly key: string
  readonly does: string
  /** Left out where there is no room, the highest number first: `?` has them all. */
  readonly drop?: number
}

/** The keys that do something here. */
export function keysLine(state: State): Line {
  const hints = fitting(state.prompt ? promptHints : hintsOf(state), state.size.columns)
  return line(...hints.flatMap(({key, does}, index): Span[] => [{text: index === 0 ? '' : '  '}, {text: key, style: 'accent'}, {text: ` ${does}`}]))
}

const promptHints: readonly Hint[] = [
  {key: 'Enter', does: 'keep'},
  {key: 'Esc', does: 'as before'},
  {key: '!', does: 'turn round'},
]

function hintsOf(state: State): Hint[] {
  const {detail, help, view, feed, paused} = state
  return [
    ...(tableOf(state) ? tableHints : [{key: 'j k', does: 'scroll', drop: 1}]),
    ...(detail || help ? [{key: 'Esc', does: 'back'}] : []),
    ...(view === 'findings' ? [{key: 'c', does: 'copy fix'}] : []),
    ...(feed.mode === 'live'
      ? [
          {key: 'r', does: 'look again', drop: 2},
          {key: 'p', does: paused ? 'go on' : 'pause', drop: 3},
          {key: 'w', does: 'bundle', drop: 4},
        ]
      : []),
    ...(feed.mode === 'replay'
      ? [
          {key: 'p', does: paused ? 'play' : 'pause'},
          {key: 'left right', does: 'step'},
        ]
      : []),
    {key: '?', does: 'help'},
    {key: 'q', does: 'quit'},
  ]
}
const tableHints: readonly Hint[] = [
  {key: 'j k', does: 'move', drop: 5},
  {key: 'Enter', does: 'open'},
  {key: '/', does: 'filter'},
  {key: 's S', does: 'sort', drop: 1},
]

function fitting(hints: readonly Hint[], width: number): readonly Hint[] {
  const needed = hints.reduce((sum, {key, does}) => sum + key.length + does.length + 3, -2)
  if (needed <= width) return hints
  const most = hints.reduce((most, {drop = 0}) => Math.max(most, drop), 0)
  return most === 0
    ? hints
    : fitting(
        hints.filter(({drop}) => drop !== most),
        width,
      )
}

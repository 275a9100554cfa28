import type {Event} from '../../src/tui/events.ts'
import {frameOf} from '../../src/tui/frame.ts'
import {keysOf} from '../../src/tui/keys.ts'
import {reduce} from '../../src/tui/reduce.ts'
import {initialState, type State} from '../../src/tui/state.ts'
import {start} from './cluster.ts'

export interface Given {
  readonly columns?: number
  readonly rows?: number
  readonly unicode?: boolean
}
export const screenOf = (events: readonly Event[], {columns = 120, rows = 40, unicode = true}: Given = {}): State =>
  after(initialState({look: {colour: true, unicode}, now: start, size: {columns, rows}}), ...events)

export const after = (state: State, ...events: readonly Event[]): State => events.reduce(reduce, state)
/** What a chunk of input does. */
export const typed = (state: State, chunk: string): State => reduce(state, {type: 'keys', keys: keysOf(chunk).keys})

/** The screen as text, without colour. */
export const linesOf = (state: State): string[] =>
  frameOf(state).map(({spans}) =>
    spans
      .map(({text}) => text)
      .join('')
      .trimEnd(),
  )
export const textOf = (state: State): string => linesOf(state).join('\n')
/** The line under the cursor. */
export const cursorLine = (state: State): string =>
  frameOf(state)
    .filter(({selected}) => selected)
    .map(({spans}) => spans.map(({text}) => text).join(''))
    .join('|')

import {bodyHeight, isTooSmall, tableHeight} from './layout.ts'
import {pageOf} from './pages/index.ts'
import {cursorOf, rowsOf, topOf} from './rows.ts'
import type {State, TableView} from './state.ts'
import {tables} from './tables/index.ts'

type Step = 'row' | 'half' | 'page'

/** The cursor of a table, or the lines of a page. */
export function move(state: State, by: 1 | -1, step: Step): State {
  const view = tableOf(state)
  if (!view) return scrolled(state, scrollOf(state) + by * sizeOf(step, bodyHeight(state)))
  const rows = rowsOf(state, view)
  return withCursor(state, view, cursorOf(rows, state.tables[view], tables[view]) + by * sizeOf(step, tableHeight(state)))
}

export function moveTo(state: State, end: 'first' | 'last'): State {
  const view = tableOf(state)
  if (!view) return scrolled(state, end === 'first' ? 0 : (pageOf(state)?.length ?? 0))
  // From the first row on, whichever that is: what is worst stays in sight.
  if (end === 'first') return withTable(state, view, {index: 0, top: 0, selected: undefined})
  return withCursor(state, view, rowsOf(state, view).length - 1)
}

/** The table that is shown, if no page lies over it. */
export const tableOf = ({help, detail, view}: State): TableView | undefined => (help || detail || view === 'overview' ? undefined : view)

const sizeOf = (step: Step, height: number) => (step === 'row' ? 1 : Math.max(1, step === 'page' ? height - 1 : Math.floor(height / 2)))

function withCursor(state: State, view: TableView, wanted: number): State {
  const rows = rowsOf(state, view)
  if (rows.length === 0) return state
  const index = Math.max(0, Math.min(wanted, rows.length - 1))
  const top = topOf(index, state.tables[view].top, tableHeight(state), rows.length)
  return withTable(state, view, {index, top, selected: tables[view].key(rows[index]!)})
}

interface Place {
  readonly index: number
  readonly top: number
  readonly selected: string | undefined
}
export function withTable(state: State, view: TableView, {selected, ...place}: Place): State {
  const {selected: _, ...before} = state.tables[view]
  return {...state, tables: {...state.tables, [view]: {...before, ...place, ...(selected !== undefined && {selected})}}}
}

export const scrollOf = ({help, detail, scroll}: State): number => (!help && detail ? detail.scroll : scroll)
const scrolled = (state: State, scroll: number): State =>
  !state.help && state.detail ? {...state, detail: {...state.detail, scroll: Math.max(0, scroll)}} : {...state, scroll: Math.max(0, scroll)}

/** No further than the end of the page. */
export function settled(state: State): State {
  const scroll = scrollOf(state)
  if (scroll === 0 || isTooSmall(state) || tableOf(state)) return state
  return scrolled(state, Math.min(scroll, Math.max(0, (pageOf(state)?.length ?? 0) - bodyHeight(state))))
}

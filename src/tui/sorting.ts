import {tableOf} from './moves.ts'
import type {State, TableState, TableView} from './state.ts'
import {widthsOf} from './table.ts'
import {tables} from './tables/index.ts'

/** `s`: by the next column that is shown and can be sorted; after the last one problems come first again. */
export function nextSort(state: State): State {
  const view = tableOf(state)
  if (!view) return state
  const {columns, rows} = tables[view]
  const widths = widthsOf(columns, rows(state), state.size.columns)
  const sortable = columns.flatMap((column, index) => (column.sort && widths[index]! > 0 ? [index] : []))
  const now = state.tables[view].sort
  const next = now === undefined ? sortable[0] : sortable[sortable.indexOf(now) + 1]
  const {sort: _, ...before} = state.tables[view]
  return withOrder(state, view, {...before, reverse: false, ...(next !== undefined && {sort: next})})
}

/** `S`. */
export function reversed(state: State): State {
  const view = tableOf(state)
  return view ? withOrder(state, view, {...state.tables[view], reverse: !state.tables[view].reverse}) : state
}

const withOrder = (state: State, view: TableView, shown: TableState): State => ({...state, tables: {...state.tables, [view]: {...shown, top: 0}}})

import {type Line, line} from '../line.ts'
import type {Detail, State, TableView} from '../state.ts'
import {tables} from '../tables/index.ts'
import {capacityPage} from './capacity.ts'
import {felixPage} from './felix.ts'
import {findingPage} from './finding.ts'
import {helpPage} from './help.ts'
import {nodePage} from './node.ts'
import {overviewPage} from './overview.ts'
import {sessionPage} from './session.ts'

const detailPages: Readonly<Record<TableView, (row: any, state: State, width: number) => Line[]>> = {
  peers: sessionPage,
  nodes: nodePage,
  felix: felixPage,
  capacity: capacityPage,
  findings: findingPage,
}

/** The lines of the page that is open: help, what a row opened, or the overview. undefined: a table is shown. */
export function pageOf(state: State): Line[] | undefined {
  const {columns} = state.size
  if (state.help) return helpPage(state)
  if (state.detail) return detailPage(state.detail, state, columns)
  return state.view === 'overview' ? overviewPage(state, columns) : undefined
}

function detailPage(detail: Detail, state: State, width: number): Line[] {
  const row = rowOf(detail, state)
  return row ? detailPages[detail.view](row, state, width) : [line('  This is gone: it was there before, and is not there now. Esc goes back.')]
}

/** Wherever it went among the others, and whatever is filtered. */
export function rowOf({view, key}: Detail, state: State): any {
  const table = tables[view]
  return table.rows(state).find(row => table.key(row) === key)
}

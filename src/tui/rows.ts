import {compileFilter, type Filter} from './filter.ts'
import {remember, rememberEach} from './remember.ts'
import type {State, TableState, TableView} from './state.ts'
import type {Column, Table} from './table.ts'
import {tables} from './tables/index.ts'

type Row = object

/** The rows of a view as they are shown: filtered and in order. The same array for the same state. */
export function rowsOf(state: State, view: TableView): readonly Row[] {
  const table = tables[view]
  const shown = state.tables[view]
  const {sorted, filtered} = caches[view]
  return sorted(filtered(table.rows(state), shown.filter), shown.sort, shown.reverse)
}

interface Caches {
  readonly filtered: (rows: readonly Row[], filter: string) => readonly Row[]
  readonly sorted: (rows: readonly Row[], sort: number | undefined, reverse: boolean) => readonly Row[]
}
const caches = Object.fromEntries(Object.entries(tables).map(([view, table]) => [view, cachesOf(table)])) as Record<TableView, Caches>

function cachesOf(table: Table): Caches {
  const text = rememberEach((row: Row) => table.text(row).slice(0, longestText).toLowerCase())
  const compiled = remember((filter: string) => compileFilter(filter))
  const matched = remember((filter: Filter) => rememberEach((row: Row) => ({is: filter(text(row))})))
  return {
    filtered: remember((rows, filter) => {
      const wanted = compiled(filter)
      if (filter === '' || 'invalid' in wanted) return rows
      const matches = matched(wanted.matches)
      return rows.filter(row => matches(row).is)
    }),
    sorted: remember((rows, sort, reverse) => inOrder(rows, sort === undefined ? undefined : table.columns[sort], reverse)),
  }
}
/** With the bounds of a filter it bounds what matching one row costs. */
const longestText = 500

/** Without a column: as they came, problems first. */
function inOrder(rows: readonly Row[], column: Column<any> | undefined, reverse: boolean): readonly Row[] {
  if (!column?.sort) return reverse ? rows.toReversed() : rows
  const keyed = rows.map(row => ({row, key: column.sort!(row)}))
  const turn = reverse ? -1 : 1
  return keyed.sort((a, b) => lastUndefined(a.key, b.key) ?? turn * compare(a.key!, b.key!)).map(({row}) => row)
}

function lastUndefined(a: unknown, b: unknown): number | undefined {
  if (a !== undefined && b !== undefined) return undefined
  return Number(a === undefined) - Number(b === undefined)
}

/** Texts from a to z, numbers from the largest. */
function compare(a: string | number, b: string | number): number {
  if (typeof a === 'number' && typeof b === 'number') return b - a
  return a < b ? -1 : a > b ? 1 : 0
}

/** Where the cursor is: on its row wherever that went, else where it was. */
export function cursorOf(rows: readonly Row[], {selected, index}: TableState, table: Table): number {
  if (selected === undefined || rows.length === 0) return 0
  const there = rows[index]
  if (there && table.key(there) === selected) return index
  const found = rows.findIndex(row => table.key(row) === selected)
  return found >= 0 ? found : Math.min(index, rows.length - 1)
}

/** The first row shown, so that the cursor is in sight. */
export function topOf(cursor: number, top: number, height: number, count: number): number {
  const least = cursor - height + 1
  const wanted = Math.max(least, Math.min(top, cursor))
  return Math.max(0, Math.min(wanted, count - height))
}

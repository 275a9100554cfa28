import {columns as columnsOf} from '../reporters/wrap.ts'
import type {Style} from './line.ts'
import {rememberEach} from './remember.ts'
import type {State} from './state.ts'

/** What cells are made of beside their row. When none of it changed, the same row makes the same line. */
export interface Beside extends Pick<State, 'look' | 'now' | 'frozen' | 'feed' | 'cluster' | 'typha' | 'ipam'> {
  readonly nodes: {readonly size: number}
}
export interface Cell {
  readonly text: string
  readonly style?: Style
}
export interface Column<R> {
  readonly title: string
  /** Columns of the terminal: less than `min` is of no use; `wanted` says what a row would like, 40 at most. */
  readonly min: number
  readonly wanted?: (row: R) => string
  readonly align?: 'right'
  readonly grow?: true
  /** Left out where the terminal is too narrow, the highest number first. */
  readonly drop?: number
  readonly cell: (row: R, beside: Beside) => Cell | string
  /** What the column is sorted by; numbers begin with the largest. undefined sorts last. */
  readonly sort?: (row: R) => string | number | undefined
}
export interface Table<R extends object = any> {
  readonly columns: readonly Column<R>[]
  /** All rows, problems first: the same array for the same state. */
  readonly rows: (state: State) => readonly R[]
  readonly key: (row: R) => string
  /** What a filter is matched against. */
  readonly text: (row: R) => string
  /** Said in place of the columns from this one on: of a row of which there is nothing else to say. */
  readonly across?: (row: R) => {readonly from: number; readonly text: string; readonly style?: Style} | undefined
  readonly stale?: (row: R, beside: Beside) => boolean
  /** Said in place of rows when there are none at all. */
  readonly none: (state: State) => string
  /** Beside the number of rows: what is left out, and why. */
  readonly note?: (state: State) => string | undefined
}

/** Blanks between columns: a narrow screen has none to spare. */
export const gapOf = (width: number): number => (width < 140 ? 1 : 2)
const mostWanted = 40
/** Rows that are measured for the widths: enough to see how long names are. */
const measured = 2_000

/** Widths of the columns that fit, 0 for those left out. The one that grows, else the last, gets all that is left. */
export function widthsOf<R extends object>(columns: readonly Column<R>[], rows: readonly R[], width: number): number[] {
  const kept = keptColumns(columns, width)
  const widths = columns.map((column, index) => (kept.has(index) ? column.min : 0))
  let room = width - sum(widths) - gapOf(width) * (kept.size - 1)
  const wanted = wantedOf(rows, columns)
  for (const index of kept) {
    const more = Math.max(0, Math.min(room, wanted[index]! - widths[index]!))
    widths[index]! += more
    room -= more
  }
  const growing = [...kept].find(index => columns[index]!.grow) ?? [...kept].at(-1)
  if (growing !== undefined) widths[growing]! += Math.max(0, room)
  return widths
}

function keptColumns<R>(columns: readonly Column<R>[], width: number): Set<number> {
  const kept = new Set(columns.keys())
  const droppable = [...kept].filter(index => columns[index]!.drop !== undefined).sort((a, b) => columns[b]!.drop! - columns[a]!.drop!)
  const needed = () => sum([...kept].map(index => columns[index]!.min)) + gapOf(width) * (kept.size - 1)
  for (const index of droppable) {
    if (needed() <= width) break
    kept.delete(index)
  }
  return kept
}

function wantedOf<R extends object>(rows: readonly R[], columns: readonly Column<R>[]): readonly number[] {
  const made = wantedOfRows(rows)
  const known = made.get(columns)
  if (known) return known
  const some = rows.slice(0, measured)
  const wanted = columns.map(({wanted, min}) =>
    wanted
      ? Math.min(
          mostWanted,
          some.reduce((most, row) => Math.max(most, columnsOf(wanted(row))), min),
        )
      : min,
  )
  made.set(columns, wanted)
  return wanted
}
const wantedOfRows = rememberEach<readonly object[], Map<readonly Column<any>[], readonly number[]>>(() => new Map())

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0)

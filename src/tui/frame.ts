import {statusLine, titleLine, viewsLine} from './chrome.ts'
import {keysLine} from './key-hints.ts'
import {bodyHeight, isTooSmall, least, tableHeight} from './layout.ts'
import {clipLine, empty, type Line, line, ours, padded, type Span, safe} from './line.ts'
import {scrollOf} from './moves.ts'
import {pageOf} from './pages/index.ts'
import {remember, rememberEach} from './remember.ts'
import {cursorOf, rowsOf, topOf} from './rows.ts'
import type {State, TableView} from './state.ts'
import {type Beside, type Column, gapOf, type Table, widthsOf} from './table.ts'
import {tables} from './tables/index.ts'

/** The whole screen: as many lines as it has rows, none wider than it. Only rows in sight are made. */
export function frameOf(state: State): Line[] {
  const {size, look} = state
  const lines = isTooSmall(state) ? tooSmall(state) : [titleLine(state), viewsLine(state), ...bodyOf(state), statusLine(state), keysLine(state)]
  return lines.map(one => clipLine(one, size.columns, look))
}

function tooSmall({size, look}: State): Line[] {
  const text = `top needs ${least.columns}×${least.rows}, and this is ${size.columns}×${size.rows}: enlarge it, or q.`
  return [line(ours(text, look)), ...Array.from({length: Math.max(0, size.rows - 1)}, () => empty)]
}

function bodyOf(state: State): Line[] {
  const height = bodyHeight(state)
  const page = pageOf(state)
  const lines = page ? page.slice(Math.min(scrollOf(state), Math.max(0, page.length - height))).slice(0, height) : tableLines(state, state.view as TableView)
  return [...lines, ...Array.from({length: Math.max(0, height - lines.length)}, () => empty)]
}

function tableLines(state: State, view: TableView): Line[] {
  const table = tables[view]
  const rows = rowsOf(state, view)
  const shown = state.tables[view]
  const widths = widthsOf(table.columns, table.rows(state), state.size.columns)
  const cursor = cursorOf(rows, shown, table)
  const top = topOf(cursor, shown.top, tableHeight(state), rows.length)
  const head = headLine(table.columns, widths, state, view)
  if (rows.length === 0)
    return [
      head,
      line({text: `  ${table.rows(state).length === 0 ? safe(table.none(state), state.look) : 'No row matches the filter. Esc drops it.'}`, style: 'strong'}),
    ]
  const lineOf = rowLines(table, widths.join(' '), besideOf(state), state.size.columns)
  const lines = rows.slice(top, top + tableHeight(state)).map((row, index) => (top + index === cursor ? {...lineOf(row), selected: true} : lineOf(row)))
  return [head, ...lines]
}

function headLine(columns: readonly Column<any>[], widths: readonly number[], state: State, view: TableView): Line {
  const {sort, reverse} = state.tables[view]
  const arrow = state.look.unicode ? (reverse ? '▲' : '▼') : reverse ? '^' : 'v'
  return cellsLine(columns, widths, state.size.columns, (column, index, width) => ({
    text: padded(index === sort ? `${column.title}${arrow}` : column.title, width, state.look, column.align),
    style: 'dim',
  }))
}

/** A row is the same line as long as it, the widths and the time are the same: most are, ten times a second. */
const rowLines = remember((table: Table, widths: string, beside: Beside, width: number) => {
  const parsed = widths.split(' ').map(Number)
  return rememberEach((row: object): Line => ({...rowLine(row, table, parsed, beside, width), ...(table.stale?.(row, beside) && {stale: true})}))
})

const besideOf = ({look, now, frozen, feed, cluster, typha, ipam, nodes}: State): Beside => beside(look, now, frozen, feed, nodes.size, cluster, typha, ipam)
const beside = remember(
  (
    look: State['look'],
    now: number,
    frozen: boolean,
    feed: State['feed'],
    size: number,
    cluster: State['cluster'],
    typha: State['typha'],
    ipam: State['ipam'],
  ): Beside => ({look, now, frozen, feed, nodes: {size}, ...(cluster && {cluster}), ...(typha && {typha}), ...(ipam && {ipam})}),
)

function rowLine(row: object, table: Table, widths: readonly number[], beside: Beside, width: number): Line {
  const across = table.across?.(row)
  const cells = across ? widths.map((width, index) => (index < across.from ? width : 0)) : widths
  const shown = cellsLine(table.columns, cells, width, (column, _, columns) => {
    const cell = column.cell(row, beside)
    const {text, style} = typeof cell === 'string' ? {text: cell} : cell
    return {text: padded(ours(safe(text, beside.look), beside.look), columns, beside.look, column.align), ...(style && {style})}
  })
  return across ? {spans: [...shown.spans, {text: ' '.repeat(gapOf(width))}, {text: safe(across.text, beside.look), style: across.style ?? 'plain'}]} : shown
}

function cellsLine(
  columns: readonly Column<any>[],
  widths: readonly number[],
  width: number,
  cellOf: (column: Column<any>, index: number, width: number) => Span,
): Line {
  const gap = ' '.repeat(gapOf(width))
  const shown = columns.flatMap((column, index) => (widths[index]! > 0 ? [cellOf(column, index, widths[index]!)] : []))
  return {spans: shown.flatMap((span, index) => (index === 0 ? [span] : [{text: gap}, span]))}
}

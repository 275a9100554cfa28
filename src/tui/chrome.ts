import {columns} from '../reporters/wrap.ts'
import {ageText} from './ages.ts'
import {compileFilter} from './filter.ts'
import {bodyHeight, tableHeight} from './layout.ts'
import {clip, type Line, line, ours, type Span, safe} from './line.ts'
import {scrollOf, tableOf} from './moves.ts'
import {pageOf} from './pages/index.ts'
import {sessionCounts} from './pages/overview.ts'
import {cursorOf, rowsOf, topOf} from './rows.ts'
import {type State, type View, views} from './state.ts'
import {tables} from './tables/index.ts'
import {markCell} from './tables/marks.ts'

/** `calico-doctor top  prod  v3.30.1  12 nodes        PAUSED  04:12:07 UTC`. */
export function titleLine(state: State): Line {
  const {look, size, cluster, nodes, now, api, paused, feed, position} = state
  const time = `${new Date(now)
    .toISOString()
    .slice(feed.mode === 'live' ? 11 : 0, 19)
    .replace('T', ' ')} UTC`
  const right: Span[] = [
    ...(api.connected ? [] : [{text: `${markCell('error', look).text} API LOST `, style: 'bad' as const}]),
    ...(paused ? [{text: 'PAUSED ', style: 'warn' as const}] : []),
    ...(feed.mode === 'replay' && position ? [{text: `round ${position.round} of ${position.rounds} `}] : []),
    {text: time},
  ]
  const version = cluster?.cluster.calicoVersion
  const left = ['calico-doctor', sourceText(state), version?.known ? version.value : '', nodes.size > 0 ? `${nodes.size} nodes` : '']
    .filter(part => part !== '')
    .join('  ')
  const room = size.columns - right.reduce((sum, {text}) => sum + columns(text), 0) - 2
  const shown = clip(safe(left, look), room, look)
  return line({text: shown, style: 'strong'}, ' '.repeat(Math.max(1, room - columns(shown) + 2)), ...right)
}

function sourceText({cluster, feed}: State): string {
  const {kind, context, server, file} = cluster?.source ?? {kind: feed.mode}
  return kind === 'bundle' ? `bundle ${file?.split('/').at(-1) ?? ''}` : `${context ?? server ?? ''}`
}

const names: Readonly<Record<View, string>> = {
  overview: 'Overview',
  peers: 'Peers',
  nodes: 'Nodes',
  felix: 'Felix',
  capacity: 'Typha & IPAM',
  findings: 'Findings',
}

/** The views; the one that is shown stands in brackets. Numbers: sessions that are down, nodes not seen, findings. */
export function viewsLine(state: State): Line {
  const wide = state.size.columns >= 110
  const spans = views.flatMap((view, index): Span[] => {
    const here = view === state.view
    const badge = badgeOf(view, state)
    const name = `${index + 1} ${wide || view !== 'capacity' ? names[view] : 'Typha/IPAM'}`
    return [
      {text: here ? '[' : ' '},
      {text: name, style: here ? 'accent' : 'dim'},
      ...(badge ? [{...badge, text: ` ${badge.text}`}] : []),
      {text: here ? ']' : ' '},
      ...(wide ? [{text: '  '}] : []),
    ]
  })
  return {spans}
}

function badgeOf(view: View, state: State): Span | undefined {
  const {down, unseen} = sessionCounts(state.nodes)
  const badge = (count: number, mark: 'error' | 'warning' | 'unknown'): Span | undefined =>
    count > 0 ? {text: `${count}${markCell(mark, state.look).text}`, style: markCell(mark, state.look).style!} : undefined
  if (view === 'peers') return badge(down, 'error')
  if (view === 'nodes') return badge(unseen, 'unknown')
  if (view !== 'findings' || !state.report) return undefined
  const {error, warning, unknown} = state.report.report.summary
  return badge(error, 'error') ?? badge(warning, 'warning') ?? badge(unknown, 'unknown')
}

/** What is typed; what was just done; that the API is lost; what part of the rows is shown. */
export function statusLine(state: State): Line {
  const {prompt, told, look} = state
  if (prompt) return promptLine(prompt.text, state)
  if (told) return line({text: safe(told.text, look), style: told.bad ? 'warn' : 'good'})
  return line(...lostText(state), {text: partText(state), style: 'dim'})
}

function promptLine(text: string, state: State): Line {
  const compiled = compileFilter(text)
  const wrong =
    'invalid' in compiled ? [{text: `   no filter yet: ${compiled.invalid}`, style: 'warn' as const}] : [{text: `   ${partText(state)}`, style: 'dim' as const}]
  return line({text: '/', style: 'accent'}, safe(text, state.look), state.look.unicode ? '▏' : '_', ...wrong)
}

function lostText({api, now, look}: State): Span[] {
  if (api.connected) return []
  const next = api.retryAt === undefined ? '' : `, next try in ${ageText(api.retryAt - now)}`
  return [
    {
      text: `${markCell('error', look).text} API lost ${ageText(now - api.since)} ago: ${safe(api.detail, look, 120)}${next}; last state shown.  `,
      style: 'bad',
    },
  ]
}

function partText(state: State): string {
  const view = tableOf(state)
  if (!view) return pageText(state)
  const rows = rowsOf(state, view)
  const shown = state.tables[view]
  const {columns, rows: all, note} = tables[view]
  const top = topOf(cursorOf(rows, shown, tables[view]), shown.top, tableHeight(state), rows.length)
  const part = rows.length === 0 ? 'no row' : `${top + 1}-${Math.min(rows.length, top + tableHeight(state))} of ${rows.length.toLocaleString('en')}`
  const of = all(state).length === rows.length ? '' : ` (${all(state).length.toLocaleString('en')} without filter)`
  const invalid = 'invalid' in compileFilter(shown.filter) ? ', which is no filter' : ''
  const order =
    shown.sort === undefined ? (shown.reverse ? 'problems last' : 'problems first') : `by ${columns[shown.sort]!.title}${shown.reverse ? ', reversed' : ''}`
  const words = note?.(state)
  return ours(
    [`${part}${of}`, ...(shown.filter === '' ? [] : [`/${safe(shown.filter, state.look)}${invalid}`]), order, ...(words === undefined ? [] : [words])].join(
      '  ·  ',
    ),
    state.look,
  )
}

/** Of a page longer than the screen: what part of it is shown. */
function pageText(state: State): string {
  const lines = pageOf(state)?.length ?? 0
  const height = bodyHeight(state)
  if (lines <= height) return ''
  const top = Math.min(scrollOf(state), lines - height)
  return `lines ${top + 1}-${top + height} of ${lines}`
}

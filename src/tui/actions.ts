import type {FeedCommand} from './feed.ts'
import {copiedTexts} from './pages/finding.ts'
import {rowOf} from './pages/index.ts'
import {cursorOf, rowsOf} from './rows.ts'
import type {Effect, State} from './state.ts'
import type {FindingRow} from './tables/findings.ts'
import {tables} from './tables/index.ts'

type Action = 'open' | 'copy' | 'again' | 'pause' | 'write' | 'on' | 'back'

/** What Enter and the letters do with the row under the cursor, or with the page that it opened. */
export function actOn(state: State, action: Action): State {
  switch (action) {
    case 'open':
      return opened(state)
    case 'copy':
      return copied(state)
    case 'again':
      return again(state)
    case 'pause':
      return paused(state)
    case 'write':
      return state.feed.mode === 'live'
        ? told(asking(state, {kind: 'write'}), 'Writing a bundle ...')
        : told(state, 'This is a saved cluster: there is nothing new to write.', true)
    case 'on':
      return stepped(state, 1)
    case 'back':
      return stepped(state, -1)
  }
}

const withEffect = (state: State, effect: Effect): State => ({...state, effects: [...state.effects, effect]})
const asking = (state: State, command: FeedCommand): State => withEffect(state, {kind: 'feed', command})
const told = (state: State, text: string, bad = false): State => ({...state, told: {text, bad, at: state.now}})

/** The row under the cursor, or whose page is open. */
function current(state: State): any {
  const {view, detail} = state
  if (detail) return rowOf(detail, state)
  if (view === 'overview') return undefined
  const rows = rowsOf(state, view)
  return rows[cursorOf(rows, state.tables[view], tables[view])]
}

function opened(state: State): State {
  const {view} = state
  if (state.help || state.detail) return state
  if (view === 'overview') return {...state, view: 'findings', scroll: 0}
  const row = current(state)
  if (!row) return state
  const key = tables[view].key(row)
  return {...state, detail: {view, key, scroll: 0}, tables: {...state.tables, [view]: {...state.tables[view], selected: key}}}
}

/** The first command of the fix; pressed again on the same finding, the next. */
function copied(state: State): State {
  const row = state.view === 'findings' ? (current(state) as FindingRow | undefined) : undefined
  if (!row?.finding) return told(state, 'c copies the fix of a finding: choose one in Findings (key 6).', true)
  const texts = copiedTexts(row.finding)
  const step = state.copied?.key === row.key ? (state.copied.step + 1) % texts.length : 0
  const text = texts[step]
  if (text === undefined) return told(state, 'This finding names no fix to copy.', true)
  const [first, ...more] = text.split('\n')
  const lines = more.length > 0 ? ` (and ${more.length} more lines)` : ''
  const which = texts.length > 1 ? ` step ${step + 1} of ${texts.length}, c again for the next` : ''
  const copying = withEffect({...state, copied: {key: row.key, step}}, {kind: 'copy', text})
  return told(copying, `Given to the terminal's clipboard${which}: ${first}${lines}`)
}

function again(state: State): State {
  if (state.feed.mode !== 'live') return told(state, 'This is a saved cluster: nobody can be asked again.', true)
  const {view} = state
  const row = current(state)
  if (view === 'findings' && row)
    return told(asking(state, {kind: 'again', check: (row as FindingRow).check.id}), `Looking again for ${(row as FindingRow).check.id} ...`)
  const node: string | undefined = row?.entry?.name
  if (node !== undefined) return told(asking(state, {kind: 'again', node}), `Looking again at ${node} ...`)
  return told(asking(state, {kind: 'again'}), 'Looking again at everything ...')
}

function paused(state: State): State {
  if (state.feed.mode === 'bundle') return told(state, 'Nothing moves here: this is a saved cluster.', true)
  const now = !state.paused
  return asking({...state, paused: now}, {kind: 'pause', paused: now})
}

/** Only of a replay. One that runs stops first. */
function stepped(state: State, by: 1 | -1): State {
  if (state.feed.mode !== 'replay') return state
  return asking(state.paused ? state : paused(state), {kind: 'step', by})
}

import type {Key} from './keys.ts'
import {withTable} from './moves.ts'
import type {State, TableView} from './state.ts'

const longest = 200

/** `/`: what is typed filters at once. */
export function openPrompt(state: State): State {
  const view = filteredView(state)
  if (!view)
    return {...state, told: {text: 'There is nothing to filter here: Peers, Nodes, Felix, Typha & IPAM and Findings have rows.', bad: true, at: state.now}}
  const {filter} = state.tables[view]
  return {...state, prompt: {text: filter, before: filter}}
}

const filteredView = ({view, help, detail}: State): TableView | undefined => (view === 'overview' || help || detail ? undefined : view)

export function promptKey(state: State, key: Key): State {
  const {prompt, ...closed} = state
  if (!prompt) return state
  if (typeof key !== 'string') return typed(state, `${prompt.text}${key.text}`.slice(0, longest))
  switch (key) {
    case 'enter':
      return closed
    case 'escape':
      return filteredBy(closed, prompt.before)
    case 'backspace':
      return prompt.text === '' ? filteredBy(closed, '') : typed(state, [...prompt.text].slice(0, -1).join(''))
    case 'ctrl-u':
      return typed(state, '')
    case 'ctrl-w':
      return typed(state, prompt.text.replace(/\S*\s*$/, ''))
    default:
      return state
  }
}

const typed = (state: State, text: string): State => filteredBy({...state, prompt: {text, before: state.prompt?.before ?? ''}}, text)

/** With other rows the cursor is on the first again. */
function filteredBy(state: State, filter: string): State {
  const view = filteredView(state)
  if (!view || state.tables[view].filter === filter) return state
  const reset = withTable(state, view, {index: 0, top: 0, selected: undefined})
  return {...reset, tables: {...reset.tables, [view]: {...reset.tables[view], filter}}}
}

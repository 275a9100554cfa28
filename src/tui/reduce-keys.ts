import {actOn} from './actions.ts'
import type {Key, Named} from './keys.ts'
import {isTooSmall} from './layout.ts'
import {move, moveTo, settled} from './moves.ts'
import {openPrompt, promptKey} from './prompt.ts'
import {nextSort, reversed} from './sorting.ts'
import {type State, views} from './state.ts'

/** A paste of a whole file is no keys. */
const mostKeys = 2_000

/** The state after keys, in their order: several come in one chunk, and all count. */
export function reduceKeys(before: State, keys: readonly Key[]): State {
  const {told: _, ...state} = before
  return settled(keys.slice(0, mostKeys).reduce<State>(reduceKey, state))
}

function reduceKey(state: State, key: Key): State {
  if (key === 'ctrl-c') return withEffect(state, {kind: 'quit', code: 130})
  if (key === 'ctrl-z') return withEffect(state, {kind: 'suspend'})
  if (key === 'ctrl-l') return withEffect(state, {kind: 'redraw'})
  if (state.prompt) return promptKey(state, key)
  if (isTooSmall(state)) return isText(key, 'q') ? withEffect(state, {kind: 'quit', code: 0}) : state
  return typeof key === 'string' ? namedKey(state, key) : characterKey(state, key.text)
}

const isText = (key: Key, text: string) => typeof key !== 'string' && key.text === text
const withEffect = (state: State, effect: State['effects'][number]): State => ({...state, effects: [...state.effects, effect]})

const moves: Readonly<Partial<Record<Named, (state: State) => State>>> = {
  up: state => move(state, -1, 'row'),
  down: state => move(state, 1, 'row'),
  pageup: state => move(state, -1, 'page'),
  'ctrl-b': state => move(state, -1, 'page'),
  pagedown: state => move(state, 1, 'page'),
  'ctrl-f': state => move(state, 1, 'page'),
  'ctrl-u': state => move(state, -1, 'half'),
  'ctrl-d': state => move(state, 1, 'half'),
  home: state => moveTo(state, 'first'),
  end: state => moveTo(state, 'last'),
  tab: state => nextView(state, 1),
  'shift-tab': state => nextView(state, -1),
  left: state => actOn(state, 'back'),
  right: state => actOn(state, 'on'),
  enter: state => actOn(state, 'open'),
  escape,
}
const namedKey = (state: State, key: Named): State => moves[key]?.(state) ?? state

function characterKey(state: State, text: string): State {
  const view = views[Number(text) - 1]
  if (view) return toView(state, view)
  switch (text) {
    case 'j':
      return move(state, 1, 'row')
    case 'k':
      return move(state, -1, 'row')
    case 'g':
      return moveTo(state, 'first')
    case 'G':
      return moveTo(state, 'last')
    case '/':
      return openPrompt(state)
    case 's':
      return nextSort(state)
    case 'S':
      return reversed(state)
    case '?':
      return {...state, help: !state.help, scroll: 0}
    case 'q':
      return state.help ? escape(state) : withEffect(state, {kind: 'quit', code: 0})
    case 'c':
      return actOn(state, 'copy')
    case 'r':
      return actOn(state, 'again')
    case 'p':
      return actOn(state, 'pause')
    case 'w':
      return actOn(state, 'write')
    default:
      return state
  }
}

function toView(state: State, view: State['view']): State {
  const {detail: _, ...rest} = state
  return {...rest, view, help: false, scroll: 0}
}

function nextView(state: State, by: 1 | -1): State {
  const index = views.indexOf(state.view)
  return toView(state, views[(index + by + views.length) % views.length]!)
}

/** Out of what was opened last; then out of the filter. */
function escape(state: State): State {
  if (state.help) return {...state, help: false, scroll: 0}
  if (state.detail) {
    const {detail: _, ...rest} = state
    return rest
  }
  if (state.view === 'overview' || state.tables[state.view].filter === '') return state
  const shown = state.tables[state.view]
  return {...state, tables: {...state.tables, [state.view]: {...shown, filter: ''}}}
}

import type {Event} from './events.ts'
import {reduceFeed} from './reduce-feed.ts'
import {reduceKeys} from './reduce-keys.ts'
import type {State} from './state.ts'

/**
 * The whole behaviour of the live view: the state after an event. Pure: the same events give the same screen. What the shell has to do beside is in
 * `effects`, those of this event alone.
 */
export function reduce(before: State, event: Event): State {
  const state = before.effects.length === 0 ? before : {...before, effects: []}
  switch (event.type) {
    case 'keys':
      return reduceKeys(state, event.keys)
    case 'resize':
      return {...state, size: {columns: event.columns, rows: event.rows}}
    case 'tick':
      return state.frozen || event.now === state.now ? state : withoutOldWords({...state, now: event.now})
    default:
      return reduceFeed(state, event)
  }
}

/** What was said stays for so long. */
const toldMs = 10_000
const withoutOldWords = (state: State): State => {
  if (!state.told || state.now - state.told.at < toldMs) return state
  const {told: _, ...rest} = state
  return rest
}

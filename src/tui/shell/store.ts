import type {Event} from '../events.ts'
import {frameOf} from '../frame.ts'
import {paint} from '../paint.ts'
import {reduce} from '../reduce.ts'
import type {Effect, State} from '../state.ts'

/** One drawn screen: what a terminal gets, row by row. */
export interface Drawn {
  readonly columns: number
  readonly lines: readonly string[]
}
/** The state, and the screen drawn from it: not by React, so that an error of ours in drawing is an error of ours and not a page of React's. */
export interface Store {
  /** Throws what drawing throws. */
  dispatch(event: Event): void
  drawn(): Drawn
  /** Told of a new screen: at most ten times a second, and at once after a pause. */
  subscribe(listener: () => void): () => void
}

/** Frames a second: ten are smooth for text, and leave the machine to the cluster's troubles. */
const frameMs = 100

export function createStore(initial: State, run: (effect: Effect) => void): Store {
  let state = initial
  let drawnAt = 0
  let timer: NodeJS.Timeout | undefined
  const listeners = new Set<() => void>()
  let drawn = draw(state)
  const tell = () => {
    timer = undefined
    drawnAt = performance.now()
    drawn = draw(state)
    for (const listener of listeners) listener()
  }
  const changed = () => {
    const wait = drawnAt + frameMs - performance.now()
    if (wait <= 0 && !timer) tell()
    else timer ??= setTimeout(tell, wait)
  }
  return {
    drawn: () => drawn,
    dispatch: event => {
      const before = state
      state = reduce(state, event)
      if (state !== before) changed()
      for (const effect of state.effects) run(effect)
    },
    subscribe: listener => {
      listeners.add(listener)
      return () => {
        listeners.delete(listener)
        if (listeners.size === 0) clearTimeout(timer)
      }
    },
  }
}

function draw(state: State): Drawn {
  const {columns} = state.size
  return {columns, lines: frameOf(state).map(line => paint(line, columns, state.look))}
}

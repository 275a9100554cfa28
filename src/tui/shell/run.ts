import type {Event} from '../events.ts'
import type {Feed} from '../feed.ts'
import {type Effect, initialState, type Look} from '../state.ts'
import {clipboardSequence} from './clipboard.ts'
import type {Input} from './input.ts'
import {onSignals, stopOurselves} from './signals.ts'
import {createStore} from './store.ts'
import {type Output, openTerminal, type Terminal} from './terminal.tsx'

export interface RunOptions {
  readonly feed: Feed
  readonly look: Look
  readonly input: Input
  readonly output: Output
  readonly inTmux: boolean
}

/**
 * The live view until q, Ctrl-C or a signal. Resolves with the exit code: 0, 130 after Ctrl-C, 129 and 143 after SIGHUP and SIGTERM. Rejects with what made the feed
 * fail at its start, and with any error of ours. Whatever happens, the terminal is as it was before.
 */
export async function runTop(options: RunOptions): Promise<number> {
  const {feed, look, input, output} = options
  const ended = Promise.withResolvers<number>()
  // Nobody waits for it while the feed starts.
  ended.promise.catch(() => {})
  const held: {terminal?: Terminal} = {}
  const store = createStore(initialState({look, now: Date.now(), size: sizeOf(output)}), effect => run(effect, options, {ended, held}))
  const dispatch = (event: Event) => {
    try {
      store.dispatch(event)
    } catch (error) {
      ended.reject(error)
    }
  }
  try {
    await feed.start(dispatch)
    const onBack = () => dispatch({type: 'resize', ...sizeOf(output)})
    const onGone = () => ended.resolve(hangUp)
    const end = shown(dispatch, options, {ended, held})
    held.terminal = openTerminal({input, output, store, onKeys: keys => dispatch({type: 'keys', keys}), onBack, onGone, onError: ended.reject})
    return await ended.promise.finally(end)
  } finally {
    await held.terminal?.close()
    await feed.stop()
  }
}

/** 128 + SIGHUP. */
const hangUp = 129

interface Running {
  readonly ended: PromiseWithResolvers<number>
  readonly held: {readonly terminal?: Terminal}
}

/** A window that is dragged smaller tells of each column. */
const shrunkMs = 200

/** Time, size and signals, until the function that it returns is called. */
function shown(dispatch: (event: Event) => void, {output}: RunOptions, {ended, held}: Running): () => void {
  let {columns} = sizeOf(output)
  let anew: NodeJS.Timeout | undefined
  const resize = () => {
    const size = sizeOf(output)
    dispatch({type: 'resize', ...size})
    // ink 8 writes its last rows once more before it hears of ours, and where they are wider than the terminal they wrap: what they leave behind is never drawn over.
    if (size.columns < columns) {
      clearTimeout(anew)
      anew = setTimeout(() => drawAnew(held), shrunkMs)
    }
    columns = size.columns
  }
  const ticks = setInterval(() => dispatch({type: 'tick', now: Date.now()}), 1_000)
  output.on('resize', resize)
  const silence = onSignals({
    end: ended.resolve,
    fail: ended.reject,
    suspend: () => held.terminal?.lend(stopOurselves),
    redraw: () => drawAnew(held),
  })
  return () => {
    clearTimeout(anew)
    clearInterval(ticks)
    output.off('resize', resize)
    silence()
  }
}

function run(effect: Effect, {feed, output, inTmux}: RunOptions, {ended, held}: Running): void {
  switch (effect.kind) {
    case 'quit':
      return ended.resolve(effect.code)
    case 'suspend':
      return held.terminal?.lend(stopOurselves)
    case 'redraw':
      return drawAnew(held)
    case 'copy':
      return void output.write(clipboardSequence(effect.text, inTmux))
    case 'feed':
      return feed.command(effect.command)
  }
}

/** Lent for no time at all: when it comes back all is drawn. */
const drawAnew = ({terminal}: Running['held']) => terminal?.lend(async () => {})

const sizeOf = ({columns = 80, rows = 24}: Output) => ({columns, rows})

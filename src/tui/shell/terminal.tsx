import {render} from 'ink'
import type {Key} from '../keys.ts'
import {type Input, openKeyboard} from './input.ts'
import {Screen, type Suspend} from './screen.tsx'
import type {Store} from './store.ts'

export type Output = NodeJS.WritableStream & {readonly columns?: number; readonly rows?: number}
export interface TerminalOptions {
  readonly input: Input
  readonly output: Output
  readonly store: Store
  readonly onKeys: (keys: readonly Key[]) => void
  /** It came back to us: perhaps with another size. */
  readonly onBack: () => void
  /** The terminal is closed, as after SIGHUP. */
  readonly onGone: () => void
  readonly onError: (error: unknown) => void
}
/** The terminal while it is ours: another screen, each key at once. */
export interface Terminal {
  /** Gives it back for as long as the work takes; all is drawn anew afterwards. */
  lend(work: () => Promise<void>): void
  /** As it was before, once all is written. */
  close(): Promise<void>
}

export function openTerminal({input, output, store, onKeys, onBack, onGone, onError}: TerminalOptions): Terminal {
  let suspendTerminal: Suspend | undefined
  let lent = false
  const onReady = (given: Suspend) => void (suspendTerminal = given)
  const keyboard = openKeyboard(input, onKeys, onGone)
  keyboard.raw()
  const app = draw({input, output, store, onReady})
  const exited = app.waitUntilExit().then(() => {}, onError)
  const back = async (work: () => Promise<void>) => {
    keyboard.cooked()
    await work()
    keyboard.raw()
    lent = false
    onBack()
  }
  return {
    lend: work => {
      if (!suspendTerminal || lent) return
      lent = true
      suspendTerminal(() => back(work)).catch(onError)
    },
    close: () => {
      app.unmount()
      keyboard.close()
      return exited
    },
  }
}

interface DrawOptions extends Pick<TerminalOptions, 'input' | 'output' | 'store'> {
  readonly onReady: (suspend: Suspend) => void
}
/** Ctrl-C and CI are looked after elsewhere, so ink must do nothing of its own about them. */
function draw({input, output, store, onReady}: DrawOptions) {
  return render(<Screen store={store} onReady={onReady} />, {
    stdout: output,
    stdin: input,
    alternateScreen: true,
    interactive: true,
    incrementalRendering: true,
    exitOnCtrlC: false,
    isScreenReaderEnabled: false,
    maxFps: 30,
  })
}

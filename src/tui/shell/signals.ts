import {constants} from 'node:os'

/** What is to be done when the system or the person tells this process something. */
export interface Told {
  /** SIGINT, SIGTERM, SIGHUP: end with this exit code. */
  readonly end: (code: number) => void
  /** An error that nobody caught. */
  readonly fail: (error: unknown) => void
  /** SIGTSTP from outside: Ctrl-Z comes as a key. */
  readonly suspend: () => void
  /** After SIGSTOP, which cannot be seen coming. */
  readonly redraw: () => void
}

const ending = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** Listens until the function that it returns is called. */
export function onSignals({end, fail, suspend, redraw}: Told): () => void {
  const onEnd = (signal: NodeJS.Signals) => end(128 + constants.signals[signal])
  for (const signal of ending) process.on(signal, onEnd)
  process.on('SIGTSTP', suspend).on('SIGCONT', redraw)
  process.on('uncaughtException', fail).on('unhandledRejection', fail)
  return () => {
    for (const signal of ending) process.off(signal, onEnd)
    process.off('SIGTSTP', suspend).off('SIGCONT', redraw)
    process.off('uncaughtException', fail).off('unhandledRejection', fail)
  }
}

/**
 * Stops this process and those started with it, as Ctrl-Z does, and comes back when it goes on. Where nobody could make it go on (no shell with job
 * control) the kernel ignores the signal: then it comes back at once.
 */
export async function stopOurselves(): Promise<void> {
  const listeners = process.listeners('SIGTSTP')
  process.removeAllListeners('SIGTSTP')
  process.kill(0, 'SIGTSTP')
  // Timers stand still meanwhile.
  await new Promise(resolve => setTimeout(resolve, 100))
  for (const listener of listeners) process.on('SIGTSTP', listener)
}

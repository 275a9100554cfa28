import {spawn} from 'node:child_process'
import {closeSync, existsSync, openSync, readFileSync} from 'node:fs'
import {join} from 'node:path'
import {noteProcess} from './leftovers.ts'

/** A server process of the control plane. */
export interface Daemon {
  readonly name: string
  /** How it ended; undefined while it runs. */
  ended(): string | undefined
  /** Last lines that it logged. */
  lastWords(): string
  /** Resolves when it has ended. */
  stop(): Promise<void>
}

const setpriv = ['/usr/bin/setpriv', '/bin/setpriv'].find(file => process.platform === 'linux' && existsSync(file))

/** Starts a program whose command line names the folder; it logs into the folder. On Linux the kernel ends it with its parent, however that ends. */
export function startDaemon(folder: string, program: string, args: readonly string[]): Daemon {
  const name = program.slice(program.lastIndexOf('/') + 1)
  const log = join(folder, `${name}.log`)
  const out = openSync(log, 'a')
  const [file, ...argv] = setpriv === undefined ? [program, ...args] : [setpriv, '--pdeathsig', 'KILL', program, ...args]
  const child = spawn(file!, argv, {stdio: ['ignore', out, out]})
  closeSync(out)
  let failure: string | undefined
  child.once('error', error => {
    failure = error.message
  })
  if (child.pid !== undefined) noteProcess(folder, child.pid)
  const over = new Promise<void>(resolve => child.once('close', () => resolve()))
  const ended = () => failure ?? (child.exitCode === null && child.signalCode === null ? undefined : `it ended with ${child.exitCode ?? child.signalCode}`)
  return {
    name,
    ended,
    lastWords: () => readFileSync(log, 'utf8').trim().split('\n').slice(-5).join('\n'),
    async stop() {
      if (ended() !== undefined) return
      child.kill('SIGKILL')
      await over
    },
  }
}

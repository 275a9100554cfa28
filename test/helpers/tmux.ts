import {execFile, spawnSync} from 'node:child_process'
import {mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {setTimeout as sleep} from 'node:timers/promises'
import {onTestFinished} from 'vitest'

export const hasTmux: boolean = spawnSync('tmux', ['-V']).status === 0

export interface Tmux {
  /** What a person sees. */
  screen(): string
  shows(text: string | RegExp, timeoutMs?: number): Promise<string>
  /** Keys by tmux' names: `C-c`, `Enter`, `jjj`. */
  keys(...keys: string[]): void
  resize(columns: number, rows: number): void
  /** Of the terminal: `alternate_on`, `cursor_flag`. */
  flag(name: string): string
}
export interface TmuxGiven {
  readonly columns?: number
  readonly rows?: number
  readonly env?: Readonly<Record<string, string>>
}

/** A terminal of its own that runs an interactive shell: a server and a socket of its own, gone with the test. */
export function openTmux({columns = 120, rows = 40, env = {}}: TmuxGiven = {}): Tmux {
  const folder = mkdtempSync(join(tmpdir(), 'calico-doctor-tmux-'))
  const {PATH = '', HOME = '/'} = process.env
  const all = (argv: readonly string[]) => ['-S', join(folder, 'socket'), '-f', '/dev/null', ...argv]
  const options = {encoding: 'utf8', env: {PATH, HOME, LANG: 'C.UTF-8', TERM: 'xterm-256color', ...env}} as const
  const tmux = (...argv: readonly string[]) => spawnSync('tmux', all(argv), options)
  onTestFinished(() => {
    tmux('kill-server')
    rmSync(folder, {recursive: true, force: true, maxRetries: 10, retryDelay: 100})
  })
  const {status, stderr} = tmux('new-session', '-d', '-x', String(columns), '-y', String(rows), 'PS1=READY: exec bash --norc --noprofile -i')
  if (status !== 0) throw new Error(`tmux: ${stderr}`)
  const screen = () => tmux('capture-pane', '-p').stdout
  // An API server in this process goes on answering meanwhile.
  const look = () => new Promise<string>(resolve => void execFile('tmux', all(['capture-pane', '-p']), options, (_error, stdout) => resolve(stdout)))
  return {
    screen,
    shows: (text, timeoutMs = 15_000) => until(look, text, timeoutMs),
    keys: (...keys) => void tmux('send-keys', ...keys),
    resize: (width, height) => void tmux('resize-window', '-x', String(width), '-y', String(height)),
    flag: name => tmux('display', '-p', `#{${name}}`).stdout.trim(),
  }
}

async function until(screen: () => Promise<string>, text: string | RegExp, timeoutMs: number): Promise<string> {
  const end = performance.now() + timeoutMs
  for (;;) {
    const now = await screen()
    if (typeof text === 'string' ? now.includes(text) : text.test(now)) return now
    if (performance.now() > end) throw new Error(`${text} is not to be seen on\n${now}`)
    await sleep(100)
  }
}

import {existsSync, readFileSync} from 'node:fs'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {tempFolder} from './temp-folder.ts'
import {openTmux, type Tmux, type TmuxGiven} from './tmux.ts'

const bin = fileURLToPath(new URL('../../bin/run.js', import.meta.url))

export interface LiveTop extends Tmux {
  /** Where it runs. */
  readonly folder: string
  /** Of the program itself. */
  pid(): number
  /** Once it ended: its exit code, and whether the terminal is as it was before. */
  ended(): Promise<{readonly code: number; readonly restored: boolean}>
  /** The row of a table that begins with this name, marks left out; '' for none. */
  row(name: string): string
}

/** `top` of the built program against an API server, in an interactive shell in a terminal of its own. */
export async function liveTop(kubeconfig: string, argv: readonly string[] = [], {env, ...given}: TmuxGiven = {}): Promise<LiveTop> {
  const folder = tempFolder()
  const tmux = openTmux({...given, env: {HOME: folder, HISTFILE: '/dev/null', KUBECONFIG: kubeconfig, XDG_CACHE_HOME: `${process.env.HOME}/.cache`, ...env}})
  await tmux.shows('READY:')
  const words = [process.execPath, bin, 'top', ...argv].map(word => `'${word}'`).join(' ')
  const script = `cd ${folder}; clear; stty -g > before; sh -c 'echo $$ > pid; exec "$0" "$@"' ${words}; echo $? > code; stty -g > after; echo over`
  tmux.keys(script, 'Enter')
  const read = (name: string) => readFileSync(join(folder, name), 'utf8').trim()
  return {
    ...tmux,
    folder,
    pid: () => Number(read('pid')),
    row: name =>
      tmux
        .screen()
        .split('\n')
        .find(line => line.slice(1).trimStart().startsWith(`${name} `)) ?? '',
    ended: async () => {
      await tmux.shows(/^over$/m)
      if (!existsSync(join(folder, 'after'))) throw new Error('the shell is gone')
      const restored = read('before') === read('after') && tmux.flag('alternate_on') === '0' && tmux.flag('cursor_flag') === '1'
      return {code: Number(read('code')), restored}
    },
  }
}

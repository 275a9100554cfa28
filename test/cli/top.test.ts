import {readFileSync} from 'node:fs'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {describe, expect, test} from 'vitest'
import {archive, snapshotEntry} from '../bundle/archives.ts'
import {tempFolder} from '../helpers/temp-folder.ts'
import {hasTmux, openTmux, type Tmux, type TmuxGiven} from '../helpers/tmux.ts'
import {runCli, tempFile} from './run-cli.ts'

const bin = fileURLToPath(new URL('../../bin/run.js', import.meta.url))

test('without a terminal it refuses, and names what to run instead', async () => {
  const {code, stdout, stderr} = await runCli(['top', '--bundle', await archive(snapshotEntry())])
  expect({code, stdout}).toEqual({code: 2, stdout: ''})
  expect(stderr).toBe(
    'Error: top needs a terminal for input and output\ncalico-doctor node status --watch follows the sessions without one; calico-doctor check judges the cluster once.\n',
  )
})

interface Shown extends Tmux {
  /** Of the program itself. */
  pid(): number
  /** The terminal's settings before and after, and the exit code. */
  after(): Promise<{readonly code: string; readonly settings: readonly [before: string, after: string]}>
}

/** The built program in an interactive shell, as a person starts it. */
async function shown({env, ...given}: TmuxGiven & {readonly hook?: string} = {}): Promise<Shown> {
  const folder = tempFolder()
  const bundle = await archive(snapshotEntry())
  const {hook} = given
  const tmux = openTmux({...given, env: {...env, HOME: folder, XDG_CACHE_HOME: `${process.env.HOME}/.cache`}})
  const node = `${process.execPath} ${hook === undefined ? '' : `--import ${hook}`} ${bin} top --bundle ${bundle}`
  await tmux.shows('READY:')
  tmux.keys(`cd ${folder}; echo unharmed; stty -g > before; sh -c 'echo $$ > pid; exec ${node}'; echo $? > code; stty -g > after; echo over`, 'Enter')
  const read = (name: string) => readFileSync(join(folder, name), 'utf8').trim()
  return {
    ...tmux,
    pid: () => Number(read('pid')),
    after: async () => {
      await tmux.shows(/^over$/m)
      return {code: read('code'), settings: [read('before'), read('after')]}
    },
  }
}

async function assertRestored(top: Shown, code: number): Promise<void> {
  const after = await top.after()
  expect(after.code).toBe(String(code))
  expect(after.settings[1]).toBe(after.settings[0])
  expect([top.flag('alternate_on'), top.flag('cursor_flag')]).toEqual(['0', '1'])
  expect(top.screen()).toContain('unharmed')
}

describe.skipIf(!hasTmux)('on a terminal', {timeout: 60_000}, () => {
  const ends: readonly [how: string, code: number, end: (top: Shown) => void][] = [
    ['q', 0, top => top.keys('q')],
    ['Ctrl-C', 130, top => top.keys('C-c')],
    ['SIGTERM', 143, top => process.kill(top.pid(), 'SIGTERM')],
    ['SIGHUP', 129, top => process.kill(top.pid(), 'SIGHUP')],
  ]
  // All at once: most of the time goes by waiting for processes to start.
  test('whatever ends it gives the terminal back as it was', async () => {
    const crash = tempFile('crash.mjs', "process.once('SIGUSR2', () => { throw new Error('made for the test') })")
    const crashed = shown({hook: crash}).then(async top => {
      await top.shows('[1 Overview]')
      process.kill(top.pid(), 'SIGUSR2')
      await assertRestored(top, 70)
      expect(top.screen()).toContain('made for the test')
    })
    const ended = ends.map(async ([, code, end]) => {
      const top = await shown()
      await top.shows('[1 Overview]')
      expect([top.flag('alternate_on'), top.flag('cursor_flag')]).toEqual(['1', '0'])
      end(top)
      await assertRestored(top, code)
    })
    await Promise.all([...ended, crashed])
  })

  test('Ctrl-Z goes to the shell and fg comes back', async () => {
    const top = await shown()
    await top.shows('[1 Overview]')
    top.keys('2')
    await top.shows('[2 Peers]')
    top.keys('C-z')
    await top.shows('Stopped')
    expect([top.flag('alternate_on'), top.flag('cursor_flag')]).toEqual(['0', '1'])
    top.keys('echo in the shell', 'Enter')
    await top.shows(/^in the shell$/m)
    top.keys('fg', 'Enter')
    await top.shows('[2 Peers]')
    top.keys('3')
    await top.shows('[3 Nodes')
    top.keys('q')
    await top.shows('unharmed')
    expect([top.flag('alternate_on'), top.flag('cursor_flag')]).toEqual(['0', '1'])
  })

  test('keys, a filter, a page, another size', async () => {
    const top = await shown()
    await top.shows('bundle bundle.tar.gz')
    top.keys('3jj/c')
    await top.shows('1-1 of 1 (3 without filter)')
    top.keys('Enter', 'Enter')
    await top.shows('this node was not asked')
    top.resize(80, 24)
    await top.shows('5 Typha/IPAM')
    top.resize(60, 20)
    await top.shows('top needs 80×24, and this is 60×20')
    top.resize(100, 30)
    await top.shows('[3 Nodes')
    top.keys('Escape')
    await top.shows('1-1 of 1 (3 without filter)')
    top.keys('q')
    await assertRestored(top, 0)
  })

  test('with CI set it refuses', async () => {
    const top = await shown({env: {CI: 'true'}})
    expect((await top.after()).code).toBe('2')
    expect(top.screen()).toContain('top is for people at a terminal, and CI is set')
  })
})

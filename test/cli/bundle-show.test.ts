import {spawnSync} from 'node:child_process'
import {readFileSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {expect, test} from 'vitest'
import {archive, file, snapshotEntry} from '../bundle/archives.ts'
import {runCli, tempFolder} from './run-cli.ts'

const bin = fileURLToPath(new URL('../../bin/run.js', import.meta.url))
const saved = fileURLToPath(new URL('../clusters/schema-1.tar.gz', import.meta.url))
const quoted = (words: readonly string[]) => words.map(word => `'${word}'`).join(' ')
const hasTerminal = spawnSync('script', ['--version']).status === 0

/** What a terminal of 80 columns would get. */
function onTerminal(argv: readonly string[], env: Record<string, string> = {}): string {
  const command = `stty cols 80; ${quoted([process.execPath, bin, ...argv])}`
  const {stdout} = spawnSync('script', ['-qec', command, '/dev/null'], {
    encoding: 'utf8',
    env: {PATH: process.env.PATH, TERM: 'xterm', LANG: 'C.UTF-8', ...env},
  })
  return stdout.replaceAll('\r\n', '\n')
}

const nasty = 'a\tb\u001b[2J\u001b]8;;http://x\u0007\u202egnp\u0000\nsecond line\r\n'

test('into a pipe: the bytes as they are', async () => {
  const bundle = await archive(snapshotEntry(), file('nodes/a/x.txt', nasty))
  const {stdout} = spawnSync(process.execPath, [bin, 'bundle', 'show', bundle, 'nodes/a/x.txt'])
  expect(stdout.equals(Buffer.from(nasty))).toBe(true)
})

test.skipIf(!hasTerminal)('onto a terminal: escaped, nothing left out', async () => {
  const bundle = await archive(snapshotEntry(), file('nodes/a/x.txt', nasty), file('nodes/a/long.txt', `${'w'.repeat(200_000)}\n`))
  expect(onTerminal(['bundle', 'show', bundle, 'nodes/a/x.txt'])).toBe(String.raw`a	b\x1b[2J\x1b]8;;http://x\x07\u202egnp\x00${'\n'}second line\r${'\n'}`)
  expect(onTerminal(['bundle', 'show', bundle, 'nodes/a/long.txt'])).toBe(`${'w'.repeat(200_000)}\n`)
})

test.skipIf(!hasTerminal)('a list fits 80 columns; NO_COLOR has no colour', () => {
  const list = onTerminal(['bundle', 'show', saved], {NO_COLOR: '1'})
  expect(list).not.toContain('\u001b')
  expect(list.split('\n').filter(line => line.length > 80 && !/^ *[\d.]+ k?B {2}\S+$/.test(line))).toEqual([])
  expect(onTerminal(['bundle', 'show', saved])).toContain('\u001b[2m')
})

test('a folder is listed, ./ is nothing, a wrong name has its likeness', async () => {
  const folder = await runCli(['bundle', 'show', saved, 'nodes/worker-01/'])
  expect(folder).toMatchObject({code: 0, stderr: ''})
  expect(
    folder.stdout
      .trim()
      .split('\n')
      .every(line => line.includes('  nodes/worker-01/')),
  ).toBe(true)
  expect(await runCli(['bundle', 'show', saved, './nodes/worker-01/mtu.txt'])).toMatchObject({code: 0, stdout: expect.stringMatching(/^\d+$/)})
  expect(await runCli(['bundle', 'show', saved, 'nodes/worker-01/mtu.tx'])).toMatchObject({
    code: 2,
    stdout: '',
    stderr: expect.stringContaining('Did you mean nodes/worker-01/mtu.txt'),
  })
})

test('a bundle that is cut off is listed as far as it goes, with the sentence', async () => {
  const path = join(tempFolder(), 'cut.tar.gz')
  const whole = readFileSync(saved)
  writeFileSync(path, whole.subarray(0, whole.length >> 1))
  const {code, stdout, stderr} = await runCli(['bundle', 'show', path])
  expect({code, stderr}).toEqual({code: 4, stderr: `Error: ${path} cannot be read: it is cut off.\nCollect it anew, or copy it again.\n`})
  expect(stdout).toMatch(/^! This is not all of it: it could not be read to its end\.\n\n(?: *[\d.]+ kB {2}\S+\n)* *[\d.]+ kB {2}snapshot\.json/)
  const hostile = await runCli(['bundle', 'show', await archive(snapshotEntry(), file('../x'))])
  expect(hostile).toMatchObject({code: 4, stdout: expect.stringContaining('snapshot.json'), stderr: expect.stringContaining('leads outside')})
})

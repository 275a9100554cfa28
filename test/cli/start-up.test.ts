import {execFileSync, spawnSync} from 'node:child_process'
import {closeSync, existsSync, openSync, readFileSync} from 'node:fs'
import {basename} from 'node:path'
import {fileURLToPath} from 'node:url'
import {expect, test} from 'vitest'
import {tempFile} from './run-cli.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const heavy = ['@kubernetes/client-node', 'ink', 'react', 'react-reconciler', 'yoga-layout', 'execa', 'undici', 'ws', '@peculiar/x509']

/** Packages in the chunks that a run of the program loaded. */
function packagesLoaded(argv: readonly string[]): Set<string> {
  const list = tempFile('loaded.txt', '')
  const hook = tempFile(
    'hook.mjs',
    `import {registerHooks} from 'node:module'; import {appendFileSync} from 'node:fs'; registerHooks({load(url, context, next) { appendFileSync(${JSON.stringify(list)}, url + '\\n'); return next(url, context) }})`,
  )
  execFileSync(process.execPath, ['--import', hook, `${root}/bin/run.js`, ...argv], {stdio: 'ignore'})
  const outputs = JSON.parse(readFileSync(`${root}/dist/meta.json`, 'utf8')) as Record<string, {inputs: Record<string, unknown>}>
  const inputsOf = new Map(Object.entries(outputs).map(([file, {inputs}]) => [basename(file), Object.keys(inputs)]))
  const loaded = readFileSync(list, 'utf8').trim().split('\n')
  const inputs = loaded.flatMap(url => (url.includes('/dist/') ? (inputsOf.get(basename(url)) ?? []) : [url]))
  return new Set(inputs.flatMap(input => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(input)?.[1] ?? []))
}

test.each([[['--version']], [['--help']], [['version']], [['explain']], [['explain', 'bgp/session-down']], [['check', '--help']], [['top', '--help']]])(
  '%j loads nothing heavy',
  argv => {
    const loaded = packagesLoaded(argv)
    expect(heavy.filter(name => loaded.has(name))).toEqual([])
    if (argv[0] !== '--version') expect(loaded, 'the listing itself works').toContain('@oclif/core')
  },
)

test.skipIf(!existsSync('/dev/full'))('a full disk is told from a finding', () => {
  const full = openSync('/dev/full', 'w')
  const {status, stderr} = spawnSync(process.execPath, [`${root}/bin/run.js`, 'explain'], {stdio: ['ignore', full, 'pipe'], encoding: 'utf8'})
  closeSync(full)
  expect({status, stderr}).toEqual({status: 70, stderr: 'Error: The output cannot be written: ENOSPC: no space left on device, write.\n'})
})

import {readFileSync, writeFileSync} from 'node:fs'
import {basename} from 'node:path'
import {fileURLToPath} from 'node:url'
import {expect, test} from 'vitest'
import {archive, snapshotEntry} from '../bundle/archives.ts'
import {runCli, tempFile} from './run-cli.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const heavy = ['@kubernetes/client-node', 'ink', 'react', 'react-reconciler', 'yoga-layout', 'execa', 'undici', 'ws', '@peculiar/x509', 'oauth4webapi']

test.each([
  ['check', '--bundle'],
  ['node', 'status', '--bundle'],
  ['bundle', 'show'],
  ['bundle', 'diff', fileURLToPath(new URL('../clusters/schema-1.tar.gz', import.meta.url))],
])('%s %s loads nothing that talks to clusters', async (...argv) => {
  const list = tempFile('loaded.txt', '')
  const hook = tempFile('hook.mjs', '')
  const append = `appendFileSync(${JSON.stringify(list)}, url + '\\n'); return next(url, context)`
  writeFileSync(
    hook,
    `import {registerHooks} from 'node:module'; import {appendFileSync} from 'node:fs'; registerHooks({load(url, context, next) { ${append} }})`,
  )
  const {stderr} = await runCli([...argv, await archive(snapshotEntry())], {NODE_OPTIONS: `--import=${hook}`})
  expect(stderr).toBe('')
  const outputs = JSON.parse(readFileSync(`${root}/dist/meta.json`, 'utf8')) as Record<string, {inputs: Record<string, unknown>}>
  const inputsOf = new Map(Object.entries(outputs).map(([file, {inputs}]) => [basename(file), Object.keys(inputs)]))
  const inputs = readFileSync(list, 'utf8')
    .trim()
    .split('\n')
    .flatMap(url => inputsOf.get(basename(url)) ?? [])
  const packages = new Set(inputs.flatMap(input => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(input)?.[1] ?? []))
  expect(heavy.filter(name => packages.has(name))).toEqual([])
  expect(packages, 'the listing itself works').toContain('modern-tar')
})

import {spawnSync} from 'node:child_process'
import {cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {dirname, join, relative} from 'node:path'
import {afterAll, describe, expect, test} from 'vitest'

const root = join(import.meta.dirname, '..')
const run = (tool: 'biome' | 'oxlint', args: readonly string[], cwd = root) =>
  spawnSync(join(root, 'node_modules/.bin', tool), args, {cwd, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024, env: {...process.env, NO_COLOR: '1'}})

describe('the tree', () => {
  test('is formatted and clean: npm run format mends most of it', () => {
    const {stdout, stderr, status} = run('biome', ['ci', '--colors=off', '--max-diagnostics=50', '.'])
    expect(status, stdout + stderr).toBe(0)
  })
  test('holds to docs/architecture.md and drops no promise', () => {
    const {stdout, stderr, status} = run('oxlint', ['--type-aware'])
    expect(status, stdout + stderr).toBe(0)
  })
})

/** Each prohibition: a file that breaks it, and a word of the reason that its author is told. */
const offences: readonly [file: string, code: string, reason: RegExp][] = [
  ['src/checks/bgp/reads-a-file.ts', `import {readFileSync} from 'node:fs'\nexport default readFileSync`, /A check is a pure function of its facts/],
  ['src/checks/bgp/asks-itself.ts', `import {CoreV1Api} from '@kubernetes/client-node'\nexport default CoreV1Api`, /A check is a pure function of its facts/],
  ['src/checks/bgp/asks-lazily.ts', `export const later = () => import('execa')`, /A check is a pure function of its facts/],
  ['src/checks/bgp/knows-cluster.ts', `import {connect} from '../../cluster/connect.ts'\nexport default connect`, /A check sees facts and nothing else/],
  ['src/checks/bgp/knows-collector.ts', `import {fields} from '../../collectors/fields.ts'\nexport default fields`, /A check sees facts and nothing else/],
  ['src/checks/bgp/clock.ts', 'export const now = () => Date.now()', /Time is a fact/],
  ['src/checks/bgp/date.ts', 'export const now = () => new Date()', /Time is a fact/],
  ['src/checks/bgp/async.ts', 'export const wait = async (x: number) => x', /Pure and synchronous/],
  ['src/checks/bgp/await.ts', 'export async function wait(): Promise<void> {\n  await Promise.resolve()\n}', /Pure and synchronous/],
  ['src/checks/bgp/logs.ts', "export const log = () => console.log('x')", /only a command prints/],
  ['src/checks/bgp/any.ts', 'export const f = (x: any): string => x.y', /any/],
  ['src/calico/reads-a-file.ts', `import {readFile} from 'node:fs/promises'\nexport default readFile`, /src\/calico is what Calico is/],
  ['src/calico/knows-reporter.ts', `import {table} from '../reporters/table.ts'\nexport default table`, /src\/calico is below everything else/],
  ['src/calico/clock.ts', 'export const now = () => Date.now()', /Time is a fact/],
  ['src/calico/env.ts', 'export const env = () => process.env.HOME', /knows no process/],
  ['src/calico/fetches.ts', "export const page = () => fetch('https://example.org')", /Only src\/cluster talks/],
  ['src/calico/waits.ts', 'export const later = (f: () => void) => setTimeout(f, 5)', /waits for nothing/],
  ['src/engine/knows-check.ts', `import check from '../checks/bgp/session-down.ts'\nexport default check`, /The engine knows no particular/],
  ['src/engine/asks.ts', `import {execa} from 'execa'\nexport default execa`, /Only src\/cluster talks/],
  ['src/collectors/node/reads-a-file.ts', `import {readFileSync} from 'node:fs'\nexport default readFileSync`, /A collector asks through the Cluster/],
  ['src/collectors/node/formats.ts', `import {render} from '../../reporters/index.ts'\nexport default render`, /does not judge, and does not format/],
  ['src/collectors/node/judges.ts', `import check from '../../checks/bgp/session-down.ts'\nexport default check`, /does not judge, and does not format/],
  ['src/reporters/reads-a-file.ts', `import {readFileSync} from 'node:fs'\nexport default readFileSync`, /pure function from Report to text/],
  ['src/reporters/boxes.ts', `import Table from 'cli-table3'\nexport default Table`, /cli-table3 only in table-/],
  ['src/reporters/table-asks.ts', `import {fetch} from 'undici'\nexport default fetch`, /pure function from Report to text/],
  ['src/reporters/looks.ts', `import {connect} from '../cluster/connect.ts'\nexport default connect`, /A reporter reads a Report and nothing else/],
  ['src/reporters/clock.ts', 'export const now = () => Date.now()', /Time is a fact/],
  ['src/commands/asks.ts', `import {KubeConfig} from '@kubernetes/client-node'\nexport default KubeConfig`, /Only src\/cluster talks/],
  ['src/commands/knows-calico.ts', `import {versionOf} from '../calico/version.ts'\nexport default versionOf`, /A command turns flags into one call/],
  ['src/commands/draws.ts', `import {render} from 'ink'\nexport default render`, /Only src\/tui draws/],
  ['src/commands/long.ts', `export const lines = [\n${'  1,\n'.repeat(70)}]`, /too many lines/],
  ['src/cli/websocket.ts', `import {WebSocket} from 'ws'\nexport default WebSocket`, /speak WebSocket/],
  ['src/cli/react.ts', `import {useState} from 'react'\nexport default useState`, /Only src\/tui draws/],
  ['src/cli/boxes.ts', `import Table from 'cli-table3'\nexport default Table`, /Only src\/reporters\/table-/],
  ['src/cluster/oclif.ts', `import {Command} from '@oclif/core'\nexport default Command`, /know oclif/],
  ['src/cluster/judges.ts', `import check from '../checks/bgp/session-down.ts'\nexport default check`, /is not its business/],
  ['src/cluster/certificates.ts', `import {X509Certificate} from '@peculiar/x509'\nexport default X509Certificate`, /Only src\/demo makes certificates/],
  ['src/demo/shortcut.ts', `import {connect} from '../cluster/connect.ts'\nexport default connect`, /reaches it over the network/],
  ['src/demo/asks.ts', `import {KubeConfig} from '@kubernetes/client-node'\nexport default KubeConfig`, /Only src\/cluster talks/],
  ['src/bundle/judges.ts', `import {loadChecks} from '../checks/index.ts'\nexport default loadChecks`, /src\/bundle turns a Snapshot into a file/],
  ['src/bundle/runs.ts', `import {execa} from 'execa'\nexport default execa`, /Only src\/cluster talks/],
  ['src/evidence/connects.ts', `import {connect} from '../cluster/connect.ts'\nexport default connect`, /Raw evidence is asked through the Cluster/],
  ['src/evidence/shows.ts', `import {render} from '../reporters/index.ts'\nexport default render`, /neither judged nor shown/],
  ['src/live/connects.ts', `import {connect} from '../cluster/connect.ts'\nexport default connect`, /A feed tells what is seen/],
  ['src/live/draws.ts', `import {frameOf} from '../tui/pages/felix.ts'\nexport default frameOf`, /how anything is shown is not its business/],
  ['src/tui/fetches.ts', `import {connect} from '../cluster/connect.ts'\nexport default connect`, /it fetches nothing/],
  ['src/tui/looks.ts', `import {LiveFeed} from '../live/feed.ts'\nexport default LiveFeed`, /it fetches nothing/],
  ['src/tui/draws.ts', `import {Box} from 'ink'\nexport default Box`, /ink and react are for src\/tui\/shell/],
  ['src/tui/pages/reads.ts', `import {readFileSync} from 'node:fs'\nexport default readFileSync`, /pure function of its state/],
  ['src/tui/tables/clock.ts', 'export const now = () => Date.now()', /Time is an event/],
  ['src/tui/date.ts', 'export const now = () => new Date()', /Time is a fact/],
  ['src/tui/waits.ts', 'export const later = (f: () => void) => setTimeout(f, 5)', /what happens is an event/],
  ['src/tui/async.ts', 'export async function wait(): Promise<void> {\n  await Promise.resolve()\n}', /async/i],
  ['src/engine/long-function.ts', `export function long(): number {\n  let sum = 0\n${'  sum += 1\n'.repeat(45)}  return sum\n}`, /too many lines/],
  ['src/engine/floats.ts', 'const work = async (): Promise<number> => 1\nexport const start = (): void => {\n  work()\n}', /Promises must be awaited/],
  ['test/mocks.test.ts', "import {vi} from 'vitest'\nvi.mock('../src/engine/check.ts')", /Nothing is mocked/],
  ['test/spies.test.ts', "import {vi} from 'vitest'\nvi.spyOn(console, 'log')", /Nothing is mocked/],
]
/** The same things where they belong. */
const allowed: readonly [file: string, code: string][] = [
  ['src/cluster/door.ts', `import {execa} from 'execa'\nimport {WebSocket} from 'ws'\nexport default [execa, WebSocket, Date.now()]`],
  [
    'src/demo/server.ts',
    `import {X509Certificate} from '@peculiar/x509'\nimport {WebSocketServer} from 'ws'\nexport default [X509Certificate, WebSocketServer]`,
  ],
  [
    'src/reporters/table-boxes.ts',
    `import Table from 'cli-table3'\nimport type {Report} from '../engine/report.ts'\nexport default (report: Report) => new Table([report])`,
  ],
  ['src/reporters/words.ts', `import {styleText} from 'node:util'\nimport {dump} from 'js-yaml'\nexport default [styleText, dump]`],
  ['src/calico/address.ts', `import {Address4} from 'ip-address'\nexport const at = (text: string) => [new Address4(text), new Date(text)]`],
  [
    'src/checks/bgp/fine.ts',
    `import {nodeList} from '../../calico/node-list.ts'\nimport {known} from '../../engine/collected.ts'\nexport default [nodeList, known]`,
  ],
  ['src/tui/shell/screen.ts', `import {Box} from 'ink'\nexport default [Box, Date.now()]`],
  ['src/tui/pages/fine.ts', `import {printable} from '../../reporters/printable.ts'\nexport const at = (now: number) => [printable(''), new Date(now)]`],
  ['src/commands/fine.ts', `import {Command} from '@oclif/core'\nexport default Command`],
]

const scene = realpathSync(mkdtempSync(join(tmpdir(), 'calico-doctor-lint-')))
afterAll(() => rmSync(scene, {recursive: true}))
for (const file of ['biome.json', '.oxlintrc.json', 'lint']) cpSync(join(root, file), join(scene, file), {recursive: true})
writeFileSync(join(scene, 'tsconfig.json'), JSON.stringify({compilerOptions: {strict: true, noEmit: true, module: 'nodenext', target: 'es2024', types: []}}))
for (const [file, code] of [...offences, ...allowed]) {
  mkdirSync(dirname(join(scene, file)), {recursive: true})
  writeFileSync(join(scene, file), `${code}\n`)
}
const told = toldByFile()

describe('a prohibition bites, with its reason', () => {
  test.each(offences)('%s', (file, _code, reason) => expect(told.get(file)?.join('\n') ?? 'nothing was said').toMatch(reason))
  test.each(allowed)('not in its place: %s', file => expect(told.get(file)).toBeUndefined())
})

/** What both linters say about each file of the scene. */
function toldByFile(): Map<string, string[]> {
  const said: {file: string; text: string}[] = []
  const oxlint = JSON.parse(run('oxlint', ['--type-aware', '-f', 'json'], scene).stdout) as {diagnostics: {filename: string; message: string; help?: string}[]}
  for (const {filename, message, help = ''} of oxlint.diagnostics) said.push({file: filename, text: `${message} ${help}`})
  const biome = run('biome', ['lint', '--only=plugin', '--reporter=github', '--max-diagnostics=200', '.'], scene).stdout
  for (const [, file, text] of biome.matchAll(/file=([^,]+),.*?::(.*)/g)) said.push({file: relative(scene, file!), text: text!})
  return new Map([...Map.groupBy(said, ({file}) => file)].map(([file, lines]) => [file, lines.map(({text}) => text)]))
}

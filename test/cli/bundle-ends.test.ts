import {execFileSync, spawn} from 'node:child_process'
import {existsSync, readdirSync, statSync} from 'node:fs'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {afterAll, beforeEach, expect, test} from 'vitest'
import {readBundle} from '../../src/bundle/read.ts'
import {startSimulatedCluster} from '../../src/demo/index.ts'
import {runCli, tempFile, tempFolder} from './run-cli.ts'
import {signalWhen} from './signal-when.ts'

/** How a bundle ends before its time: by a signal, a limit, a kill or a full disk. KILLS=15 kills more often. */
const cluster = await startSimulatedCluster({scenario: 'healthy', nodes: 8})
const nodes = Object.keys(cluster.state.nodes)
afterAll(() => cluster.close())
beforeEach(() => cluster.setFaults([]))
const logs = {path: /\/pods\/.*\/log/, answer: 'stall'} as const

const access = () => `--kubeconfig=${tempFile('kubeconfig', cluster.kubeconfig)}`
interface Manifest {
  partial: string | null
  nodes: {missed: object[]}
  evidence: {sick: object[]; sample: string[]; missed: {why: string; node?: string}[]; leftOut: {why: string; nodes: string[]; what: string[]}[]}
  files: {path: string; size: number; redacted?: boolean}[]
}
async function collect(argv: readonly string[] = [], onStart?: (pid: number) => void) {
  const folder = tempFolder()
  const file = join(folder, 'b.tar.gz')
  const ran = await runCli(['bundle', 'collect', access(), '-f', file, ...argv], {}, onStart)
  const show = (path: string) => execFileSync('tar', ['xzOf', file, path], {encoding: 'utf8', maxBuffer: 1e9})
  return {...ran, folder, file, show, manifest: () => JSON.parse(show('manifest.json')) as Manifest}
}

test('all of it: the snapshot first, then evidence of nodes and of the API, our log, the manifest last', async () => {
  const ran = await collect()
  expect(ran).toMatchObject({code: 0, stderr: expect.stringMatching(/^Raw evidence of 8 of 8 nodes \(0 with signs of trouble, 8 for comparison\): about /)})
  const manifest = ran.manifest()
  const paths = manifest.files.map(({path}) => path)
  expect(paths.slice(0, 3)).toEqual(['snapshot.json', 'report.json', 'report.html'])
  expect(paths.at(-1)).toBe('log.txt')
  expect(new Set(paths).size).toBe(paths.length)
  for (const start of ['nodes/', 'resources/', 'events/', 'pods/']) expect(paths.filter(path => path.startsWith(start))).not.toEqual([])
  for (const node of nodes) expect(paths.filter(path => path.startsWith(`nodes/${node}/logs/`))).not.toEqual([])
  expect(manifest).toMatchObject({partial: null, evidence: {sick: [], leftOut: []}})
  expect(ran.show('log.txt')).toMatch(/ms: raw evidence\n/)
})

test('the time is over while logs stall: what was had is kept, what was not is named', async () => {
  cluster.setFaults([logs])
  const ran = await collect(['--timeout=4s', '--node-timeout=30s'])
  expect(ran).toMatchObject({code: 3, stdout: expect.stringContaining('partial: the time (--timeout) was over')})
  expect(ran.ms).toBeLessThan(25_000)
  expect(ran.manifest().evidence.leftOut.map(({why}) => why)).toContain('time')
  expect(ran.manifest().nodes.missed).toEqual([])
  await readBundle(ran.file)
})

test.each(['SIGINT', 'SIGHUP'] as const)('%s while logs stall: a valid archive at once, 130', async signal => {
  cluster.setFaults([logs])
  const before = cluster.requests.length
  const areLogsAsked = () => cluster.requests.slice(before).some(({subresource}) => subresource === 'log')
  const ran = await collect(['--node-timeout=60s'], signalWhen(areLogsAsked, signal))
  expect(ran).toMatchObject({code: 130, stdout: expect.stringContaining('partial: interrupted')})
  expect(ran.ms).toBeLessThan(30_000)
  expect(ran.manifest().evidence.leftOut.map(({why}) => why)).toContain('interrupted')
  expect(readdirSync(ran.folder)).toEqual(['b.tar.gz'])
})

test('--max-size: never larger, whole, partial, and what had no room is named', async () => {
  const ran = await collect(['--max-size=60k'])
  expect(ran).toMatchObject({code: 3, stdout: expect.stringContaining('partial: the size (--max-size) was used up')})
  expect(statSync(ran.file).size).toBeLessThanOrEqual(60_000)
  expect(ran.manifest().evidence.leftOut).toContainEqual(expect.objectContaining({why: 'size'}))
  expect((await readBundle(ran.file)).nodesWanted).toMatchObject({known: true})
})

test('sick nodes first, a sample of the others, and the rest named', async () => {
  const sick = nodes[5]!
  cluster.setFaults([{node: sick, exec: 'silence'}])
  const ran = await collect(['--sample-nodes=2', '--node-timeout=1s'])
  const {evidence, files} = ran.manifest()
  expect(evidence.sick).toEqual([{node: sick, reason: 'gave no answer'}])
  expect(evidence.sample).toHaveLength(2)
  expect(evidence.leftOut.map(({why, nodes}) => [why, nodes.length])).toEqual([
    ['sample', 5],
    ['silent', 1],
  ])
  const withEvidence = (node: string) => files.some(({path}) => path === `nodes/${node}/ip-route.txt`)
  expect(nodes.filter(withEvidence).toSorted()).toEqual(evidence.sample.toSorted())
})

test('exec is forbidden or not wanted: all that the API gives is there, said once', async () => {
  const none = await collect(['--exec=none'])
  expect(none).toMatchObject({code: 3, stdout: expect.stringContaining('8 nodes: ')})
  expect(none.stdout.split('\n').length).toBeLessThan(12)
  const paths = none.manifest().files.map(({path}) => path)
  expect(paths.filter(path => path.endsWith('/calico-node.log'))).toHaveLength(8)
  expect(paths.filter(path => /^nodes\/[^/]+\/[^/]+$/.test(path))).toEqual([])
})

test('--estimate writes nothing', async () => {
  const ran = await collect(['--estimate'])
  expect(ran).toMatchObject({code: 0, stdout: expect.stringMatching(/^Raw evidence of 8 of 8 nodes .*: about \S+ \wB before compression, about \S+ \w+\.\n$/)})
  expect(readdirSync(ran.folder)).toEqual([])
})

const moments = Array.from({length: Number(process.env.KILLS ?? 3)}, () => Math.round(150 + Math.random() * 900))
test.each(moments)('kill -9 after %i ms: no file under the final name that is not whole', async ms => {
  const folder = tempFolder()
  const file = join(folder, 'b.tar.gz')
  const bin = fileURLToPath(new URL('../../bin/run.js', import.meta.url))
  const child = spawn(process.execPath, [bin, 'bundle', 'collect', access(), '-q', '-f', file], {
    stdio: 'ignore',
    env: {PATH: process.env.PATH, HOME: tempFolder()},
  })
  const ended = new Promise(resolve => child.on('close', resolve))
  setTimeout(() => child.kill('SIGKILL'), ms)
  await ended
  if (existsSync(file)) await readBundle(file)
  const rest = readdirSync(folder).filter(name => name !== 'b.tar.gz')
  expect(rest.every(name => /^\.calico-doctor-\d+-\d+\.part$/.test(name))).toBe(true)
})

test('a file may not grow: one sentence, exit 4, nothing left behind', async () => {
  const folder = tempFolder()
  const bin = fileURLToPath(new URL('../../bin/run.js', import.meta.url))
  const command = `trap '' XFSZ; ulimit -f 40; exec "$0" "$@"`
  const argv = [process.execPath, bin, 'bundle', 'collect', access(), '-q', '-f', join(folder, 'b.tar.gz')]
  const child = spawn('bash', ['-c', command, ...argv], {stdio: ['ignore', 'ignore', 'pipe'], env: {PATH: process.env.PATH, HOME: tempFolder()}})
  let stderr = ''
  child.stderr.setEncoding('utf8').on('data', chunk => (stderr += chunk))
  const code = await new Promise(resolve => child.on('close', resolve))
  expect({code, stderr}).toEqual({
    code: 4,
    stderr: expect.stringMatching(/^Error: No room to write to \S+: files may not grow that large here \(ulimit -f\)\.\nNothing was kept\./),
  })
  expect(readdirSync(folder)).toEqual([])
})

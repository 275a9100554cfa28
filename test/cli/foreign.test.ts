import {execFile} from 'node:child_process'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {afterAll, expect, test} from 'vitest'
import {startSimulatedCluster} from '../../src/demo/index.ts'
import {archive, file, snapshot, snapshotEntry} from '../bundle/archives.ts'
import {clusterDiags, folderOf, kubectlFolder, kubectlList, seenOf} from '../bundle/foreign-fixtures.ts'
import {runCli, tempFile, tempFolder} from './run-cli.ts'

/** The whole program on what other tools made. */
const cluster = await startSimulatedCluster({scenario: 'incident'})
afterAll(() => cluster.close())
const seen = await seenOf(cluster)

const bin = fileURLToPath(new URL('../../bin/run.js', import.meta.url))
const piped = (input: string, argv: readonly string[]) =>
  new Promise<{stdout: string; code: number}>(resolve => {
    const child = execFile(process.execPath, [bin, ...argv], (error, stdout) => resolve({stdout, code: Number(error?.code ?? 0)}))
    child.stdin!.end(input)
  })

test('an archive of calicoctl cluster diags: judged, named, and what it lacks is unknown', async () => {
  const link = {header: {name: 'calico-diagnostics-20261121_040000/links/a.log', size: 0, type: 'symlink' as const, linkname: '../nodes/a.log'}}
  const path = await archive(...Object.entries(clusterDiags(seen)).map(([name, text]) => file(name, text)), link)
  const {stdout, code} = await runCli(['check', '--bundle', path, '-o', 'json'])
  expect(code).toBe(1)
  const report = JSON.parse(stdout)
  expect(report).toMatchObject({source: {kind: 'bundle', file: path, tool: 'calicoctl cluster diags archive'}, summary: {crashed: 0}})
  expect(report.checks.find(({id}: {id: string}) => id === 'bgp/session-down')).toMatchObject({status: 'unknown'})
  expect((await runCli(['check', '--bundle', path])).stdout).toMatch(/^bundle .*calicoctl/)
  const status = await runCli(['node', 'status', '--bundle', path])
  expect(status).toMatchObject({code: 3, stdout: expect.stringContaining('a calicoctl cluster diags archive does not hold what the node says')})
})

test('kubectl get -o yaml: as a folder, as a file, on stdin', async () => {
  const folder = await runCli(['check', '--bundle', folderOf(kubectlFolder(seen)), '-o', 'json'])
  expect(JSON.parse(folder.stdout).summary.error).toBeGreaterThan(0)
  const all = JSON.stringify(kubectlList(...seen.lists))
  const one = await runCli(['check', '--bundle', tempFile('all.json', all), '-o', 'json'])
  const stdin = await piped(all, ['check', '--bundle', '-', '-o', 'json'])
  const [a, b] = [JSON.parse(one.stdout), JSON.parse(stdin.stdout)]
  expect(b.summary).toEqual(a.summary)
  expect(stdin.code).toBe(one.code)
  const node = await runCli(['check', '--bundle', folderOf(kubectlFolder(seen)), '--node', 'worker-01x'])
  expect(node).toMatchObject({code: 2, stderr: expect.stringContaining('Did you mean')})
})

test('a bundle that somebody unpacked is the bundle', async () => {
  const folder = folderOf({'snapshot.json': JSON.stringify(snapshot)})
  const packed = await runCli(['check', '--bundle', await archive(snapshotEntry()), '-o', 'json'])
  const unpacked = await runCli(['check', '--bundle', folder, '-o', 'json'])
  expect(JSON.parse(unpacked.stdout)).toEqual({...JSON.parse(packed.stdout), source: expect.objectContaining({file: folder})})
})

test.each<[string, () => string, RegExp]>([
  ['nothing that we know', () => folderOf({'a.txt': 'hello', 'b.yaml': 'a: 1\n'}), /holds nothing that calico-doctor can judge/],
  ['a .zip', () => tempFile('x.zip', 'PK\x03\x04rest'), /is a \.zip, which is not read\.\nUnpack it/],
  ['an empty folder', () => tempFolder(), /holds nothing that calico-doctor can judge/],
  ['a file that is not there', () => join(tempFolder(), 'x'), /no such file/],
])('%s: 4, one sentence and what is read instead', async (_, make, reason) => {
  const ran = await runCli(['check', '--bundle', make()])
  expect(ran).toMatchObject({code: 4, stdout: '', stderr: expect.stringMatching(reason)})
})

test('evidence of another shape is unknown, and breaks nothing', async () => {
  const take = {at: snapshot.takenAt, ms: 1, data: {known: true, value: [{name: 7}, 'x', null]}}
  const evidence = Object.fromEntries(
    ['nodes', 'calico-daemon-sets', 'ip-pools', 'calico-pods', 'api-group', 'felix-configurations'].map(source => [source, [take]]),
  )
  const ran = await runCli(['check', '--bundle', await archive(snapshotEntry({...snapshot, evidence})), '-o', 'json'])
  expect(ran.code).toBe(3)
  expect(JSON.parse(ran.stdout)).toMatchObject({summary: {crashed: 0, pass: 0}})
})

import {execFileSync} from 'node:child_process'
import {randomBytes} from 'node:crypto'
import {readdirSync, readFileSync, statSync} from 'node:fs'
import {join} from 'node:path'
import {afterAll, beforeEach, expect, test} from 'vitest'
import type {Manifest} from '../../src/bundle/manifest.ts'
import {redactBundle, redactedName} from '../../src/cli/bundle-redact.ts'
import {startSimulatedCluster} from '../../src/demo/index.ts'
import type {Snapshot} from '../../src/engine/snapshot.ts'
import {archive, file, snapshotEntry, snapshot as tiny, written} from '../bundle/archives.ts'
import {runCli, tempFile, tempFolder} from './run-cli.ts'

const cluster = await startSimulatedCluster({scenario: 'incident'})
const nodes = Object.keys(cluster.state.nodes)
afterAll(() => cluster.close())
beforeEach(() => cluster.setFaults([]))

interface Document {
  checks: {id: string; status: string; findings: {messageId: string; subjects: {kind: string}[]}[]}[]
  summary: object
}
const show = (bundle: string, path: string) => execFileSync('tar', ['xzOf', bundle, path], {encoding: 'utf8', maxBuffer: 1e9})
const list = (bundle: string) => execFileSync('tar', ['tzf', bundle], {encoding: 'utf8'}).split('\n').filter(Boolean)
const shapeOf = ({checks, summary}: Document) => ({
  summary,
  checks: checks.map(({id, status, findings}) => [
    id,
    status,
    ...findings.map(({messageId, subjects}) => [messageId, ...subjects.map(({kind}) => kind)].join(' ')),
  ]),
})
const judged = async (bundle: string) => shapeOf(JSON.parse((await runCli(['check', '--bundle', bundle, '-o', 'json'])).stdout) as Document)
const addresses = Object.values(cluster.state.nodes).flatMap(({bird}) => (bird ? [bird.sourceAddress] : []))

function expectHidden(bundle: string) {
  const all = [list(bundle).join('\n'), execFileSync('tar', ['xzOf', bundle], {encoding: 'utf8', maxBuffer: 1e9})].join('\n')
  for (const original of [...nodes, ...addresses, ...addresses.map(address => address.replaceAll('.', '_')), 'shop-production', 'calico-doctor-demo'])
    expect(all, original).not.toMatch(new RegExp(`(?<![\\w.])${original.replaceAll('.', '\\.')}(?![\\w.])`))
}

test('a bundle and its redacted copy say the same, names apart', async () => {
  const folder = tempFolder()
  const bundle = join(folder, 'b.tar.gz')
  await runCli(['bundle', 'collect', `--kubeconfig=${tempFile('kubeconfig', cluster.kubeconfig)}`, '-q', '--sample-nodes=0', '-f', bundle])
  const ran = await runCli(['bundle', 'redact', bundle])
  const copy = join(folder, 'b.anonymous.tar.gz')
  expect(ran).toMatchObject({code: 0, stdout: expect.stringContaining(`Next  calico-doctor check --bundle ${copy}`), stderr: ''})
  expect(readdirSync(folder).sort()).toEqual(['b.anonymous.tar.gz', 'b.anonymous.tar.gz.names.json', 'b.tar.gz'])
  expectHidden(copy)
  const own = (path: string) => shapeOf(JSON.parse(show(path, 'report.json')) as Document)
  expect(own(copy)).toEqual(own(bundle))
  expect(await judged(copy)).toEqual(own(copy))

  const [before, after] = [bundle, copy].map(path => JSON.parse(show(path, 'manifest.json')) as Manifest)
  expect(after!.files.length).toBe(before!.files.length)
  expect(after).toMatchObject({anonymized: true, partial: null, start: before!.start})
  expect(after!.nodes.wanted!.length).toBe(nodes.length)
  const names = `${copy}.names.json`
  expect(statSync(names).mode & 0o777).toBe(0o600)
  const back = (JSON.parse(readFileSync(names, 'utf8')) as {names: {node: Record<string, string>}}).names.node
  expect(Object.values(back).sort()).toEqual(nodes.toSorted())

  await expect(redactBundle(bundle, {output: copy})).rejects.toThrow(/exists already/)
  await redactBundle(copy, {output: redactedName(copy)})
  expect(own(redactedName(copy))).toEqual(own(bundle))
})

test('collect --anonymize writes such a copy and nothing else', async () => {
  const folder = tempFolder()
  const bundle = join(folder, 'b.tar.gz')
  const ran = await runCli([
    'bundle',
    'collect',
    '--anonymize',
    `--kubeconfig=${tempFile('kubeconfig', cluster.kubeconfig)}`,
    `--node=${nodes[4]},${nodes[5]}`,
    '-q',
    '-f',
    bundle,
  ])
  expect(ran.stdout).toContain('searched, and nothing of them is left')
  expect(readdirSync(folder).sort()).toEqual(['b.tar.gz', 'b.tar.gz.names.json'])
  expectHidden(bundle)
  const {arguments: argv} = JSON.parse(show(bundle, 'manifest.json')) as Manifest
  expect(argv.join(' ')).toContain('--kubeconfig=(left-out)')
})

const withNode = (node: string): Snapshot => ({...tiny, nodesWanted: {known: true, value: [node]}, evidence: {}})

test('what is left fails the copy: said where, and nothing is kept', async () => {
  const bundle = await archive(
    snapshotEntry(withNode('paris-7')),
    file('nodes/paris-7/x.txt', `key: ${Buffer.from('the host that we mean is paris-7 in this rack').toString('base64')}\n`),
  )
  const output = join(tempFolder(), 'out.tar.gz')
  await expect(redactBundle(bundle, {output})).rejects.toThrow(/A node of the cluster would have been left in nodes\/node-01\/x\.txt, so nothing was written\./)
  expect(readdirSync(join(output, '..'))).toEqual([])
})

test('credentials are struck out of what was not collected by us', async () => {
  const bundle = await archive(snapshotEntry(withNode('paris-7')), file('nodes/paris-7/x.txt', 'node paris-7 password=s3cret-word\n'))
  const output = join(tempFolder(), 'out.tar.gz')
  const {manifest} = await redactBundle(bundle, {output})
  expect(show(output, 'nodes/node-01/x.txt')).toBe('node node-01 password=(struck-out)\n')
  expect(manifest.struckOut).toBe(1)
})

test.each([
  ['no bundle', async () => written(Buffer.from('nothing')), /is no \.tar\.gz/],
  ['cut off', async () => written(readFileSync(await archive(snapshotEntry(), file('x', randomBytes(300_000)))).subarray(0, 200_000)), /cut off/],
  ['leads outside', () => archive(snapshotEntry(), file('../x', 'x')), /leads outside/],
  ['no snapshot', () => archive(file('x', 'x')), /no snapshot\.json/],
])('refused with one sentence and nothing written: %s', async (_, make, reason) => {
  const output = join(tempFolder(), 'out.tar.gz')
  await expect(redactBundle(await make(), {output})).rejects.toThrow(reason)
  expect(readdirSync(join(output, '..'))).toEqual([])
})

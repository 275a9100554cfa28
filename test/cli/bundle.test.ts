import {execFileSync} from 'node:child_process'
import {readdirSync, readFileSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {gunzipSync} from 'node:zlib'
import {afterAll, beforeEach, expect, onTestFinished, test} from 'vitest'
import type {Manifest} from '../../src/bundle/manifest.ts'
import {change} from '../../src/demo/change.ts'
import {startSimulatedCluster} from '../../src/demo/index.ts'
import type {Snapshot} from '../../src/engine/snapshot.ts'
import {archive, snapshotEntry} from '../bundle/archives.ts'
import {runCli, tempFile, tempFolder} from './run-cli.ts'
import {signalWhen} from './signal-when.ts'

/** The whole program against a simulated cluster: what was collected is judged as the cluster itself. */
const cluster = await startSimulatedCluster({scenario: 'incident'})
const nodes = Object.keys(cluster.state.nodes)
afterAll(() => cluster.close())
beforeEach(() => cluster.setFaults([]))

const access = () => `--kubeconfig=${tempFile('kubeconfig', cluster.kubeconfig)}`
async function collect(argv: readonly string[] = [], onStart?: (pid: number) => void) {
  const folder = tempFolder()
  const file = join(folder, 'b.tar.gz')
  const ran = await runCli(['bundle', 'collect', access(), '-f', file, ...argv], {}, onStart)
  const show = (path: string) => execFileSync('tar', ['xzOf', file, path], {encoding: 'utf8', maxBuffer: 1e9})
  return {...ran, folder, file, show, manifest: () => JSON.parse(show('manifest.json')) as Manifest}
}
interface Document {
  source: {kind: string; file?: string}
  takenAt: string
  durationMs: number
  checks: {id: string; status: string; findings: object[]; missing: object[]}[]
}

test('check and node status say of the bundle what they say of the cluster', async () => {
  const {file, code, stdout, manifest, show} = await collect(['--wide'])
  expect({code, stdout}).toEqual({code: 0, stdout: expect.stringContaining(`Next  calico-doctor check --bundle ${file}\n`)})
  expect(manifest()).toMatchObject({partial: null, nodes: {wanted: nodes, missed: [], partly: []}, api: {missed: []}})

  const live = await runCli(['check', access(), '-o', 'json'])
  const saved = await runCli(['check', '--bundle', file, '-o', 'json'])
  const [one, other] = [live, saved].map(({stdout}) => JSON.parse(stdout) as Document) as [Document, Document]
  expect(other.source).toMatchObject({kind: 'bundle', file, context: expect.any(String), server: expect.any(String)})
  expect({...other, source: 0, takenAt: 0, durationMs: 0}).toEqual({...one, source: 0, takenAt: 0, durationMs: 0})
  expect(saved.code).toBe(live.code)
  const own = JSON.parse(show('report.json')) as Document
  expect({...own, source: other.source}).toEqual(other)
  expect(show('report.html')).toMatch(/^<!doctype html>/i)

  for (const output of ['table', 'wide', 'json']) {
    const [a, b] = await Promise.all([runCli(['node', 'status', access(), '-o', output]), runCli(['node', 'status', '--bundle', file, '-o', output])])
    expect(b).toMatchObject({stdout: a.stdout, code: a.code})
  }
})

test('--only, --skip and --node choose among what was seen', async () => {
  const {file} = await collect()
  const ran = await runCli(['check', '--bundle', file, '--only', 'mtu', '--node', nodes[0]!, '-o', 'json'])
  const report = JSON.parse(ran.stdout) as Document & {coverage: {nodes: {wanted: number; seen: number}}}
  expect(report.checks.every(({id}) => id.startsWith('mtu/'))).toBe(true)
  expect(report.coverage.nodes).toMatchObject({wanted: 1, seen: 1})
  expect(await runCli(['check', '--bundle', file, '--node', `${nodes[0]}x`])).toMatchObject({code: 2, stderr: expect.stringContaining('Did you mean')})
  expect(await runCli(['check', '--bundle', file, access()])).toMatchObject({code: 2, stdout: ''})
})

test('what people read: one file a probe, as the node said it', async () => {
  const {file, show} = await collect()
  const node = nodes[0]!
  expect(show(`nodes/${node}/birdcl-protocols.txt`)).toMatch(/Established/)
  expect(JSON.parse(show(`nodes/${node}/ip-addr.json`))).toContainEqual(expect.objectContaining({ifname: 'lo'}))
  const shown = await runCli(['bundle', 'show', file, `nodes/${node}/birdcl-protocols.txt`])
  expect(shown).toMatchObject({code: 0, stdout: show(`nodes/${node}/birdcl-protocols.txt`)})
  const list = await runCli(['bundle', 'show', file])
  expect(list.stdout).toContain(`nodes/${node}/birdcl-protocols.txt`)
  expect(list.stdout).toContain(`${nodes.length} of ${nodes.length} nodes`)
  const wrong = await runCli(['bundle', 'show', file, `nodes/${node}/birdcl-protocol.txt`])
  expect(wrong).toMatchObject({code: 2, stderr: expect.stringContaining(`Did you mean nodes/${node}/birdcl-protocols.txt`)})
})

test('a node that is silent and a list that is forbidden: named, 3, and unknown offline as live', async () => {
  const node = nodes[1]!
  const pools = /^\/apis\/(crd\.)?projectcalico\.org\/v[13]\/ippools/
  cluster.setFaults([
    {node, exec: 'silence'},
    {path: pools, answer: {status: 403}},
  ])
  const {file, code, stdout, manifest} = await collect(['--node-timeout=2s'])
  expect(code).toBe(3)
  expect(stdout).toContain(`node ${node}: timeout, no complete answer in 2 s`)
  expect(manifest().nodes).toMatchObject({got: nodes.filter(name => name !== node).toSorted(), missed: [{node, why: 'timeout'}]})
  expect(manifest().api.missed).toEqual([expect.objectContaining({why: 'forbidden'})])
  const report = JSON.parse((await runCli(['check', '--bundle', file, '-o', 'json'])).stdout) as Document
  expect(report.checks.find(({id}) => id === 'cidr/pools-overlap')).toMatchObject({status: 'unknown'})
})

test.each<[string, string[], NodeJS.Signals | undefined, number, string]>([
  ['the time is over', ['--timeout=3s'], undefined, 3, 'the time (--timeout) was over'],
  ['Ctrl-C', [], 'SIGINT', 130, 'interrupted'],
])('%s: a valid archive, marked partial, and at once', async (_, argv, signal, code, reason) => {
  const silent = nodes.slice(2)
  cluster.setFaults(silent.map(node => ({node, exec: 'silence'})))
  const before = cluster.requests.length
  const areNodesAsked = () => cluster.requests.slice(before).filter(({subresource}) => subresource === 'exec').length >= nodes.length
  const ran = await collect([...argv, '--node-timeout=60s'], signal && signalWhen(areNodesAsked, signal))
  expect(ran).toMatchObject({code, stdout: expect.stringContaining(`partial: ${reason}`)})
  expect(ran.ms).toBeLessThan(40_000)
  expect(ran.manifest()).toMatchObject({partial: expect.stringContaining(reason)})
  expect(
    ran
      .manifest()
      .nodes.missed.map(({node}) => node)
      .toSorted(),
  ).toEqual(silent.toSorted())
  expect(readdirSync(ran.folder)).toEqual(['b.tar.gz'])
  expect(JSON.parse((await runCli(['check', '--bundle', ran.file, '-o', 'json'])).stdout)).toMatchObject({coverage: {nodes: {seen: 2}}})
})

test('interrupted before the cluster answered: nothing is kept, and nothing stays behind', async () => {
  cluster.setFaults([{path: /./, answer: 'stall'}])
  const before = cluster.requests.length
  const ran = await collect(
    [],
    signalWhen(() => cluster.requests.length > before, 'SIGINT'),
  )
  expect(ran.code).toBe(130)
  expect(ran.ms).toBeLessThan(40_000)
  expect(readdirSync(ran.folder)).toEqual([])
})

test('no credential leaves the cluster: env values, arguments, annotations, ConfigMaps', async () => {
  const own = await startSimulatedCluster({nodes: 3})
  onTestFinished(() => own.close())
  const secret = 'Hunter2Hunter2'
  change(own.state, {resource: 'daemonsets.apps', name: 'calico-node'}, ({metadata, spec}) => {
    metadata.annotations = {'kubectl.kubernetes.io/last-applied-configuration': `{"a":"${secret}"}`}
    const [container] = spec.template.spec.containers
    container.env.push({name: 'ETCD_PASSWORD', value: secret}, {name: 'PROXY', value: `http://me:${secret}@proxy:3128`})
    container.args = ['--bearer-token', secret, `--client-key=${secret}`]
  })
  change(own.state, {resource: 'configmaps', name: 'calico-config'}, ({data}) => (data.cni_network_config = `{"k8s_auth_token": "${secret}"}`))
  const file = join(tempFolder(), 'b.tar.gz')
  const ran = await runCli(['bundle', 'collect', `--kubeconfig=${tempFile('kubeconfig', own.kubeconfig)}`, '-f', file])
  expect(ran).toMatchObject({code: 0, stdout: expect.stringContaining('texts lost what looks like a credential')})
  const tar = gunzipSync(readFileSync(file)).toString('latin1')
  expect(tar).toContain('"ETCD_PASSWORD","value":"(struck-out)"')
  expect(tar).not.toContain(secret)
  expect(tar).not.toContain('last-applied-configuration')
  expect(tar).not.toMatch(/PRIVATE KEY|LS0tLS1CRUdJTi(?!BD)/)
})

test('a place that cannot be: before the cluster is asked', async () => {
  const folder = tempFolder()
  writeFileSync(join(folder, 'mine.tar.gz'), 'mine')
  const there = await runCli(['bundle', 'collect', access(), '-f', join(folder, 'mine.tar.gz')])
  expect(there).toMatchObject({code: 4, stdout: '', stderr: expect.stringContaining('mine.tar.gz exists already.')})
  expect(readFileSync(join(folder, 'mine.tar.gz'), 'utf8')).toBe('mine')
  expect(await runCli(['bundle', 'collect', access(), '-f', join(folder, 'no/x.tar.gz')])).toMatchObject({
    code: 4,
    stderr: expect.stringContaining('no such folder'),
  })
})

test('answers that no collector gives: judged as far as they go (a check that crashed is that check alone), or 4 and a sentence', async () => {
  const odd = [5, null, 'x', [], {}, [null], [{name: 5}], {title: 5, spec: null, containers: 'x'}, [{metadata: null, name: 'a', env: 5, containers: [null]}]]
  const seen = await collect()
  const whole = JSON.parse(seen.show('snapshot.json')) as Snapshot
  const sources = Object.keys(whole.evidence).filter(source => !source.startsWith('node/'))
  const ran = odd.map(async value => {
    const takes = sources.map(source => [source, [{at: whole.takenAt, ms: 1, data: {known: true, value}}]])
    const file = await archive(snapshotEntry({...whole, evidence: {...whole.evidence, ...Object.fromEntries(takes)}}))
    return [await runCli(['check', '--bundle', file]), await runCli(['node', 'status', '--bundle', file])]
  })
  for (const {code, stderr} of (await Promise.all(ran)).flat()) {
    expect([0, 1, 3, 4, 70], stderr).toContain(code)
    expect(stderr).not.toMatch(/itself failed|^ {4}at /m)
  }
})

test('what is no bundle: 4 and a sentence', async () => {
  for (const argv of [
    ['check', '--bundle'],
    ['node', 'status', '--bundle'],
    ['bundle', 'show'],
  ]) {
    const {code, stderr, stdout} = await runCli([...argv, tempFile('x.tar.gz', 'hello')])
    expect({code, stdout}).toEqual({code: 4, stdout: ''})
    expect(stderr).toMatch(
      argv.includes('--bundle') ? /x\.tar\.gz holds nothing that calico-doctor can judge/ : /x\.tar\.gz cannot be read: it is no \.tar\.gz\.\n/,
    )
  }
})

import {readFileSync} from 'node:fs'
import {join} from 'node:path'
import {Ajv2020} from 'ajv/dist/2020.js'
import {afterAll, expect, test} from 'vitest'
import {change} from '../../src/demo/change.ts'
import {startSimulatedCluster} from '../../src/demo/index.ts'
import {archive, snapshot, snapshotEntry} from '../bundle/archives.ts'
import {runCli, tempFile, tempFolder} from './run-cli.ts'

/** The whole program: two looks at one simulated cluster, before and after. */
const cluster = await startSimulatedCluster({scenario: 'healthy', nodes: 4})
afterAll(() => cluster.close())
const nodes = Object.keys(cluster.state.nodes)

async function collect(argv: readonly string[] = []): Promise<string> {
  const file = join(tempFolder(), 'b.tar.gz')
  const {stderr} = await runCli([
    'bundle',
    'collect',
    `--kubeconfig=${tempFile('kubeconfig', cluster.kubeconfig)}`,
    '-q',
    '--sample-nodes=0',
    '-f',
    file,
    ...argv,
  ])
  expect(stderr).toBe('')
  return file
}
const schema = JSON.parse(readFileSync(new URL('../../docs/bundle-diff.schema.json', import.meta.url), 'utf8')) as object
const validate = new Ajv2020({allErrors: true, strict: false, formats: {'date-time': /^\d{4}-\d\d-\d\dT[\d:.]+Z$/}}).compile(schema)

test('a pool that changed its mode, a node that fell silent, and its mending', async () => {
  const before = await collect()
  const same = await runCli(['bundle', 'diff', before, before])
  expect(same).toMatchObject({code: 0, stderr: '', stdout: '✓ No difference: both are the same look.\n'})

  change(cluster.state, {resource: 'ippools.crd.projectcalico.org', name: 'default-ipv4-ippool'}, ({spec}) => (spec.ipipMode = 'Never'))
  change(cluster.state, {resource: 'nodes', name: nodes[1]!}, ({status}) => (status.nodeInfo.kernelVersion = '9.9.9'))
  cluster.setFaults([{node: nodes[2]!, exec: 'silence'}])
  const after = await collect(['--node-timeout=2s'])
  cluster.setFaults([])
  const {stdout} = await runCli(['bundle', 'diff', before, after])
  expect(stdout).toMatch(/ippool default-ipv4-ippool: ipipMode: \w+ → Never/)
  expect(stdout).toMatch(/encapsulation: .* → none/)
  expect(stdout).toContain(`kernel (node ${nodes[1]}): `)
  expect(stdout).toMatch(new RegExp(`not comparable: IPv4 BGP sessions of node ${nodes[2]} not seen in B: timeout`))
  expect(stdout).toMatch(/passed in A and could not be judged in B/)

  const json = await runCli(['bundle', 'diff', before, after, '-o', 'json'])
  const document = JSON.parse(json.stdout) as {findings: {fixed: object[]}}
  expect(validate(document), JSON.stringify(validate.errors)).toBe(true)
  expect(document.findings.fixed).toEqual([])
  const pages = ['table', 'short', 'yaml', 'markdown'].map(output => runCli(['bundle', 'diff', before, after, '-o', output]))
  for (const page of await Promise.all(pages)) expect(page).toMatchObject({code: json.code, stderr: ''})
  expect((await runCli(['bundle', 'diff', after, before])).stdout).toContain('A was taken after B')
})

test('another cluster altogether, in trouble: 1, and nothing but what is new', async () => {
  const before = await collect()
  const other = await startSimulatedCluster({scenario: 'incident', nodes: 4})
  const file = join(tempFolder(), 'b.tar.gz')
  await runCli(['bundle', 'collect', `--kubeconfig=${tempFile('kubeconfig', other.kubeconfig)}`, '-q', '--sample-nodes=0', '-f', file])
  await other.close()
  const diff = await runCli(['bundle', 'diff', before, file, '-o', 'json'])
  const {findings} = JSON.parse(diff.stdout) as {findings: Record<string, object[]>}
  expect(diff.code).toBe(1)
  expect(findings.new!.length).toBeGreaterThan(5)
  const back = await runCli(['bundle', 'diff', file, before, '-o', 'json'])
  expect((JSON.parse(back.stdout) as {findings: Record<string, object[]>}).findings.fixed).toHaveLength(findings.new!.length)
  expect((await runCli(['bundle', 'diff', before, file, '--only', 'cidr', '-o', 'short'])).stdout).not.toContain('bgp/')
})

test('what is no bundle: 4; a look that saw next to nothing: 3', async () => {
  const blind = await archive(snapshotEntry())
  expect(await runCli(['bundle', 'diff', blind, `${blind}.no`])).toMatchObject({code: 4, stdout: '', stderr: expect.stringContaining('no such file')})
  expect(await runCli(['bundle', 'diff', blind, await archive(snapshotEntry({...snapshot, takenAt: '2026-11-22T05:00:00.000Z'}))])).toMatchObject({
    code: 3,
    stdout: expect.stringContaining('No difference in what could be compared'),
  })
})

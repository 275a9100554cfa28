import {readFileSync} from 'node:fs'
import {Ajv2020} from 'ajv/dist/2020.js'
import {expect, test} from 'vitest'
import {loadChecks} from '../../src/checks/index.ts'
import {startSimulatedCluster} from '../../src/demo/index.ts'
import {report} from '../../src/engine/report.ts'
import {lookAt} from '../demo/look.ts'
import {runCli} from './run-cli.ts'

const allChecks = await loadChecks()

interface Document {
  source: {kind: string}
  coverage: {percent: number}
  summary: {error: number; unknown: number; crashed: number}
  checks: {id: string; category: string; status: string; findings: {severity: string; evidence: string[]; fix: unknown[]}[]}[]
}
const schema = JSON.parse(readFileSync(new URL('../../docs/report.schema.json', import.meta.url), 'utf8')) as object

test('the incident has a fault in each category that users ask for, each with evidence and a fix', async () => {
  const {stdout, code, stderr} = await runCli(['demo', '-o', 'json'])
  const report = JSON.parse(stdout) as Document
  expect({code, stderr}).toEqual({code: 1, stderr: ''})
  expect(report).toMatchObject({source: {kind: 'demo'}, summary: {crashed: 0}})
  const failing = report.checks.filter(({status}) => status === 'fail')
  expect(failing.map(({category}) => category)).toEqual(expect.arrayContaining(['datastore', 'typha', 'bgp', 'mtu', 'ebpf', 'cidr', 'encapsulation']))
  expect(failing.map(({id}) => id)).toContain('encapsulation/ipip-on-azure')
  for (const finding of failing.flatMap(({findings}) => findings)) {
    expect(finding.evidence.length).toBeGreaterThan(0)
    expect(finding.fix.length).toBeGreaterThan(0)
  }
  const validate = new Ajv2020({strict: false}).compile(schema)
  expect(validate(report), JSON.stringify(validate.errors)).toBe(true)
})

test('the healthy cluster has no finding and was seen whole', async () => {
  const {stdout, code} = await runCli(['demo', '--scenario', 'healthy', '-o', 'json'])
  const report = JSON.parse(stdout) as Document
  expect(report.checks.filter(({status}) => status !== 'pass' && status !== 'not-applicable')).toEqual([])
  expect(report.coverage.percent).toBe(100)
  expect(code).toBe(0)
})

test.each(['operator', 'canal', 'kubespray', 'pmk', 'tkg', 'native-v3', 'aggregated'])('the healthy %s cluster has no finding', async scenario => {
  const cluster = await startSimulatedCluster({scenario})
  const {snapshot, table} = await lookAt(cluster, allChecks).finally(() => void cluster.close())
  const {checks} = report(snapshot, table, allChecks, {version: 'test'})
  expect(checks.filter(({status}) => status !== 'pass' && status !== 'not-applicable')).toEqual([])
})

test('an etcd cluster: what Calico keeps there is seen, and etcd is all there is to say', async () => {
  const {stdout} = await runCli(['demo', '--scenario', 'etcd', '-o', 'json'])
  const report = JSON.parse(stdout) as Document
  expect(report.checks.filter(({status}) => status !== 'pass' && status !== 'not-applicable').map(({id}) => id)).toEqual(['datastore/mode'])
  expect(report.coverage.percent).toBe(100)
})

test('two runs over the same cluster print the same bytes, apart from time', async () => {
  const run = async () => (await runCli(['demo'])).stdout.replaceAll(/\d+(\.\d+)? m?s\b|127\.0\.0\.1:\d+|\d\d:\d\d UTC/g, '…')
  const [first, second] = [await run(), await run()]
  expect(second).toBe(first)
})

test.each(['table', 'short'])('%s for people: no colour in a pipe, no trailing blanks, lines that fit', async output => {
  const {stdout} = await runCli(['demo', '-o', output])
  expect(stdout).not.toContain('\x1b')
  expect(stdout.split('\n').filter(line => /\s$/.test(line))).toEqual([])
})

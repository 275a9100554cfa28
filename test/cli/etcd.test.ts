import {describe, expect, onTestFinished, test} from 'vitest'
import {startSimulatedCluster} from '../../src/demo/index.ts'
import {runCli, tempFile} from './run-cli.ts'

interface Document {
  readonly cluster: {readonly datastore: string; readonly apiGroup: string; readonly notSeen: readonly {readonly field: string; readonly detail: string}[]}
  readonly coverage: {readonly facts: {readonly missing: readonly {readonly fact: string; readonly why: string; readonly detail: string}[]}}
  readonly checks: readonly {readonly id: string; readonly status: string}[]
}
const nobody = 'http://127.0.0.1:1'
/** A cluster with its etcd, and what `check` says of it. */
async function simulated() {
  const sim = await startSimulatedCluster({scenario: 'etcd', nodes: 3})
  onTestFinished(() => sim.close())
  const kubeconfig = tempFile('kubeconfig', sim.kubeconfig)
  const check = async (argv: readonly string[] = [], env: NodeJS.ProcessEnv = {}) => {
    const ran = await runCli(['check', '--kubeconfig', kubeconfig, '-o', 'json', ...argv], env)
    return {...ran, report: (ran.stdout === '' ? undefined : JSON.parse(ran.stdout)) as Document}
  }
  return {check}
}
const statusOf = ({checks}: Document, id: string) => checks.find(check => check.id === id)?.status

describe('an etcd datastore', () => {
  test('is read where calico-node is told it is', async () => {
    const {check} = await simulated()
    const {report, code} = await check()
    expect(report.cluster).toMatchObject({datastore: 'etcdv3', apiGroup: expect.stringMatching(/^none, etcd at http:\/\/127\.0\.0\.1:\d+$/), notSeen: []})
    expect(report.checks.filter(({status}) => status !== 'pass' && status !== 'not-applicable').map(({id}) => id)).toEqual(['datastore/mode'])
    expect(code).toBe(0)
  })

  test.each([
    ['flag', ['--etcd-endpoints', nobody], {}],
    ['environment', [], {ETCD_ENDPOINTS: nobody}],
  ])('elsewhere, by %s, and nobody is there: unknown, with the way out', async (_, argv, env) => {
    const {check} = await simulated()
    const {report, code} = await check(argv, env)
    expect(statusOf(report, 'cidr/pools-overlap')).toBe('unknown')
    expect(statusOf(report, 'node/address-duplicate')).toBe('unknown')
    expect(report.coverage.facts.missing).toContainEqual({
      fact: 'ipPools',
      why: 'unreachable',
      detail: expect.stringMatching(/^etcd at http:\/\/127\.0\.0\.1:1: connection refused\. Run this where etcd can be reached, or give endpoints/),
    })
    expect(report.cluster.apiGroup).toBe('none, etcd')
    expect(report.cluster.notSeen.map(({field}) => field)).toContain('apiGroup')
    expect(code).toBe(3)
  })

  test('files that are not there end it before anything is asked', async () => {
    const {check} = await simulated()
    const {stdout, stderr, code} = await check(['--etcd-ca-cert-file', '/no/ca.crt'])
    expect({stdout, code}).toEqual({stdout: '', code: 4})
    expect(stderr).toContain('Error: The CA for etcd /no/ca.crt cannot be read: no such file.\nCheck --etcd-ca-cert-file')
  })

  test('endpoints that are none, and a datastore that is none, are wrong usage', async () => {
    const {check} = await simulated()
    expect(await check(['--etcd-endpoints', '10.0.0.1:2379'])).toMatchObject({code: 2, stderr: expect.stringContaining('https://10.0.0.1:2379,')})
    expect(await check(['--datastore', 'etcdv3'])).toMatchObject({code: 2})
  })
})

test("calicoctl's environment means nothing to a cluster without etcd", async () => {
  const sim = await startSimulatedCluster({nodes: 3})
  onTestFinished(() => sim.close())
  const env = {ETCD_ENDPOINTS: nobody, ETCD_CA_CERT_FILE: '/no/ca.crt'}
  expect(await runCli(['check', '--kubeconfig', tempFile('kubeconfig', sim.kubeconfig)], env)).toMatchObject({code: 0})
})

test("nor to the demo's own etcd", async () => {
  const {stdout} = await runCli(['demo', '--scenario', 'etcd', '--nodes', '3'], {ETCD_ENDPOINTS: nobody})
  expect(stdout).toMatch(/API group +none, etcd at http:\/\/127\.0\.0\.1:\d+\n/)
})

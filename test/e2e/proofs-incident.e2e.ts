import {afterAll, beforeAll, describe, expect, test} from 'vitest'
import {type SimulatedCluster, scenario, startSimulatedCluster} from '../../src/demo/index.ts'
import {type RealCluster, startReal, whyNone} from './cluster.ts'
import {mendsOf} from './proof-mends.ts'
import {checkAs, findingsOf, runAs} from './proof-run.ts'

/** What was planted (src/demo/scenarios/incident.ts), by what must be found of it. */
const planted = {
  'one Deployment was forgotten on etcd': ['datastore/disagreement differ Component/kube-controllers'],
  "Typha's Service was cleaned away": ['typha/incomplete noService Service/kube-system/calico-typha'],
  'BIRD of a node does not run, and its pod is not ready': [
    'bgp/bird-not-running v4 Node/worker-05',
    expect.stringMatching(/^bgp\/session-down peerDown Node\/worker-05( Node\/\S+){11}$/),
    'install/node-pods killed Node/worker-05',
  ],
  'a router of another AS': ['bgp/session-down badPeerAs Node/worker-01 Node/worker-02'],
  'a machine with a smaller NIC': ['mtu/inconsistent doesNotFit Node/worker-09', 'mtu/too-large tunnel Node/worker-09'],
  'eBPF was left on': [expect.stringMatching(/^mtu\/too-large nodePorts( Node\/worker-0[1-8]){8}$/)],
  'and one kernel is too old for it': ['ebpf/kernel fallsBack Node/worker-04'],
  'a pool inside the service range': ['cidr/services-overlap range IPPool/batch-pool'],
  'IPIP on Azure': [expect.stringMatching(/^encapsulation\/ipip-on-azure unsupported IPPool\/batch-pool IPPool\/default-ipv4-ippool( Node\/\S+){12}$/)],
}

describe.skipIf(whyNone !== undefined)('the incident behind a real API server', () => {
  const state = scenario('incident')
  let real: RealCluster
  let simulated: SimulatedCluster
  beforeAll(async () => {
    real = await startReal(state)
    simulated = await startSimulatedCluster({scenario: {...scenario('incident'), kubernetesVersion: real.version}})
  })
  afterAll(async () => {
    await simulated?.close()
    await real?.close()
  })
  const clusters = () => [real.admin.identity, simulated]

  test('each fault is found, and nothing else', async () => {
    const {code, report, stderr} = await checkAs(real.admin.identity)
    expect({code, stderr}).toEqual({code: 1, stderr: ''})
    const found = findingsOf(report)
    for (const [fault, findings] of Object.entries(planted)) expect(found, fault).toEqual(expect.arrayContaining(findings))
    expect(found).toHaveLength(Object.values(planted).flat().length)
    expect(report).toMatchObject({coverage: {percent: 100, facts: {missing: []}}, summary: {unknown: 0, crashed: 0}})
  })

  test('the report is that of the simulated cluster, apart from where and when', async () => {
    const [fromReal, fromSimulated] = await Promise.all(clusters().map(who => checkAs(who)))
    const withoutPlace = (text: string) => ({...JSON.parse(text), takenAt: '', durationMs: 0, source: {}})
    expect(withoutPlace(fromReal!.stdout)).toEqual(withoutPlace(fromSimulated!.stdout))
    expect(fromReal!.code).toBe(fromSimulated!.code)
  })

  test.each([[[]], [['-o=wide']], [['-o=json']]])('so is node status %j', async argv => {
    const [fromReal, fromSimulated] = await Promise.all(clusters().map(who => runAs(who, ['node', 'status', ...argv])))
    expect(fromReal?.stdout).toBe(fromSimulated?.stdout)
    expect([fromReal?.code, fromSimulated?.code]).toEqual([1, 1])
  })

  test('mended one after the other, through the API and on the machines, each goes and no other comes', async () => {
    let left = await messagesOn(real)
    for (const {what, goes, mend} of mendsOf(real.admin, state)) {
      await mend()
      const now = await messagesOn(real)
      expect(now, what).toEqual(left.filter(message => !goes.includes(message)))
      expect(left.length - now.length, what).toBe(goes.length)
      left = now
    }
    const {code, report} = await checkAs(real.admin.identity)
    expect({code, left, percent: report.coverage.percent}).toEqual({code: 0, left: [], percent: 100})
  })
})

/** `datastore/disagreement differ`: subjects may change with what is mended beside them. */
async function messagesOn({admin}: RealCluster): Promise<string[]> {
  const {report} = await checkAs(admin.identity)
  return report.checks.flatMap(({id, findings}) => findings.map(({messageId}) => `${id} ${messageId}`))
}

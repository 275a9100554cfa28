import {afterAll, beforeAll, describe, expect, test} from 'vitest'
import {scenario} from '../../src/demo/index.ts'
import {rightsIn, rolesIn} from '../cli/printed-rights.ts'
import {startAggregatedApi} from './aggregated-api.ts'
import type {Identity} from './api.ts'
import {type RealCluster, startReal, whyNone} from './cluster.ts'
import {accountWith, rolesOf, settled} from './proof-roles.ts'
import {checkAs, type Document, findingsOf, runAs} from './proof-run.ts'

/** Nothing wrong, everything seen, and the line on the API group. */
async function healthyBy(who: Identity, apiGroup: string): Promise<Document> {
  const {code, report, stderr} = await checkAs(who)
  expect({code, stderr, findings: findingsOf(report), percent: report.coverage.percent, missing: report.coverage.facts.missing}).toEqual({
    code: 0,
    stderr: '',
    findings: [],
    percent: 100,
    missing: [],
  })
  expect(report.cluster).toMatchObject({apiGroup, notSeen: []})
  expect(report.summary).toMatchObject({unknown: 0, crashed: 0})
  return report
}

describe.skipIf(whyNone !== undefined)('projectcalico.org/v3 in front of the CRDs', () => {
  const state = scenario('operator', {nodes: 4})
  let cluster: RealCluster
  let aggregated: {close(): Promise<void>}
  let v3Only: Identity
  beforeAll(async () => {
    cluster = await startReal(state)
  })
  afterAll(async () => {
    await aggregated?.close()
    await cluster?.close()
  })

  test('before its API server comes, Calico is read from the CRDs, of an operator’s install', async () => {
    const {cluster: described} = await healthyBy(cluster.admin.identity, 'crd.projectcalico.org/v1')
    expect(described.install).toBe('operator (Installation default), namespace calico-system')
  })

  test('with it, the same', async () => {
    aggregated = await startAggregatedApi(cluster, state)
    await healthyBy(cluster.admin.identity, 'crd.projectcalico.org/v1 + API server')
  })

  test('who has rights there only is shown it there', async () => {
    const {stdout} = await runAs(cluster.admin.identity, ['check', '--print-rbac'])
    const rights = rightsIn(rolesIn(stdout)).map(right => ({...right, group: right.group.replace(/^crd\./, '')}))
    v3Only = await accountWith(cluster, 'v3-only', rolesOf(rights))
    await settled()
    await healthyBy(v3Only, 'crd.projectcalico.org/v1 + API server')
  })

  test('when it is down, that is said, and what the CRDs show is judged', async () => {
    await aggregated.close()
    await aggregatorLooksAgain(cluster)
    await healthyBy(cluster.admin.identity, 'crd.projectcalico.org/v1 + API server (not available)')
    const {code, report} = await checkAs(v3Only)
    expect({code, crashed: report.summary.crashed, error: report.summary.error}).toEqual({code: 3, crashed: 0, error: 0})
    expect(report.coverage.facts.missing).toContainEqual({
      fact: 'ipPools',
      why: 'forbidden',
      detail: expect.stringMatching(/ippools.crd.projectcalico.org is forbidden: .*; GET \/apis\/projectcalico.org\/v3\/ippools: 503 /),
    })
  })
})

/** It asks each aggregated API every 30 s, and as soon as its APIService changes (kube-aggregator: remote_available_controller.go). */
async function aggregatorLooksAgain({admin}: RealCluster): Promise<void> {
  const path = '/apis/apiregistration.k8s.io/v1/apiservices/v3.projectcalico.org'
  await admin.must('PATCH', path, {type: 'application/merge-patch+json', body: {metadata: {annotations: {look: 'again'}}}})
  await expect.poll(async () => (await admin.must('GET', path)).status.conditions[0].status, {timeout: 40_000}).toBe('False')
}

describe.skipIf(whyNone !== undefined)('native projectcalico.org/v3', () => {
  let cluster: RealCluster
  beforeAll(async () => {
    cluster = await startReal(scenario('native-v3', {nodes: 4}))
  })
  afterAll(() => cluster?.close())

  test('is read as such', async () => {
    await healthyBy(cluster.admin.identity, 'projectcalico.org/v3')
  })
})

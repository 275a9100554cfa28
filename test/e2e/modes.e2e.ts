import {mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterAll, beforeAll, describe, expect, test} from 'vitest'
import {buildCluster} from '../../src/demo/scenarios/build.ts'
import {planHealthy} from '../../src/demo/scenarios/healthy.ts'
import {type AggregatedCondition, startAggregatedApi} from './aggregated-api.ts'
import {apiFor} from './api.ts'
import {calicoCrds, installCrds} from './calico-crds.ts'
import {type RealCluster, startEmpty, startReal, whyNone} from './cluster.ts'
import type {ControlPlane} from './control-plane.ts'

const pools = '/apis/projectcalico.org/v3/ippools'

describe.skipIf(whyNone !== undefined)('native projectcalico.org/v3', () => {
  let cluster: RealCluster
  beforeAll(async () => {
    cluster = await startReal(buildCluster(planHealthy({nodes: 1}, {api: 'native-v3', flavour: 'operator', namespace: 'calico-system'})))
  })
  afterAll(() => cluster?.close())

  test('all of it is one group, with the short names of v3', async () => {
    const {resources} = await cluster.admin.must('GET', '/apis/projectcalico.org/v3')
    const served = resources.filter(({name}: {name: string}) => !name.includes('/'))
    expect(served).toHaveLength(22)
    expect(served).toContainEqual(
      expect.objectContaining({name: 'ipamconfigurations', kind: 'IPAMConfiguration', namespaced: false, shortNames: ['ipamconfig', 'ipamconfigs']}),
    )
    expect(served).toContainEqual(expect.objectContaining({name: 'networkpolicies', namespaced: true, shortNames: ['cnp', 'caliconetworkpolicy']}))
    expect(resources.map(({name}: {name: string}) => name)).toContain('ippools/status')
    expect((await cluster.admin.ask('GET', '/apis/crd.projectcalico.org/v1')).status).toBe(404)
    expect((await cluster.admin.must('GET', pools)).items).not.toHaveLength(0)
    expect((await cluster.admin.must('GET', '/apis/operator.tigera.io/v1/installations')).items).not.toHaveLength(0)
  })

  test('its APIService names no Service', async () => {
    const {spec, status} = await cluster.admin.must('GET', '/apis/apiregistration.k8s.io/v1/apiservices/v3.projectcalico.org')
    expect(spec.service).toBeUndefined()
    expect(status.conditions).toMatchObject([{type: 'Available', status: 'True', reason: 'Local'}])
  })
})

describe.skipIf(whyNone !== undefined)('aggregated projectcalico.org/v3', () => {
  const state = buildCluster(planHealthy({nodes: 1}, {api: 'aggregated'}))
  let cluster: RealCluster
  let aggregated: {close(): Promise<void>}
  beforeAll(async () => {
    cluster = await startReal(state)
    aggregated = await startAggregatedApi(cluster, state)
  })
  afterAll(async () => {
    await aggregated?.close()
    await cluster?.close()
  })

  test('shows what v1 stores, to those who may', async () => {
    const [v3, v1] = await Promise.all([pools, '/apis/crd.projectcalico.org/v1/ippools'].map(path => cluster.admin.must('GET', path)))
    expect(v3.items).toMatchObject(v1.items.map(({metadata, spec}: any) => ({metadata: {name: metadata.name}, spec})))
    const nobody = apiFor(await cluster.addUser('nobody'))
    const {status, json} = await nobody.ask('GET', pools)
    expect(status).toBe(403)
    expect(json().message).toBe(
      'ippools.projectcalico.org is forbidden: User "nobody" cannot list resource "ippools" in API group "projectcalico.org" at the cluster scope',
    )
    nobody.close()
  })

  test('blocks are not shown', async () => {
    expect((await cluster.admin.ask('GET', '/apis/projectcalico.org/v3/ipamblocks')).status).toBe(404)
  })

  test('a Service too many: the API is gone with its server', async () => {
    await aggregated.close()
    const {status, text} = await cluster.admin.ask('GET', pools)
    expect([status, text]).toEqual([503, expect.stringContaining('error trying to reach service: dial tcp')])
  })
})

describe.skipIf(whyNone !== undefined)('an aggregated API that does not work', () => {
  let plane: ControlPlane
  beforeAll(async () => {
    plane = await startEmpty()
  })
  afterAll(() => plane?.close())

  const conditions: readonly AggregatedCondition[] = ['FailedDiscoveryCheck', 'EndpointsNotFound', 'MissingEndpoints', 'ServiceNotFound']
  test.each(conditions)('%s', async condition => {
    const namespace = `calico-${condition.toLowerCase()}`
    await startAggregatedApi(plane, buildCluster(planHealthy({nodes: 1}, {api: 'aggregated'})), {condition, namespace})
    const {status, text} = await plane.admin.ask('GET', pools)
    expect([status, text]).toEqual([503, expect.any(String)])
    await plane.admin.must('DELETE', '/apis/apiregistration.k8s.io/v1/apiservices/v3.projectcalico.org')
  })
})

describe.skipIf(whyNone !== undefined)('definitions that are given', () => {
  let plane: ControlPlane
  let folder: string
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'cdcrds-'))
    plane = await startEmpty()
  })
  afterAll(async () => {
    await plane?.close()
    if (folder) rmSync(folder, {recursive: true, force: true, maxRetries: 10, retryDelay: 100})
  })

  test('take the place of ours, all others stay', async () => {
    const [ours] = calicoCrds({mode: 'crd-v1'}, undefined).filter(({metadata}) => metadata.name === 'ippools.crd.projectcalico.org')
    const theirs = {...ours, metadata: {...ours!.metadata, labels: {from: 'file'}}}
    writeFileSync(
      join(folder, 'crds.yaml'),
      `# first document is empty\n---\n${JSON.stringify(theirs)}\n---\n${JSON.stringify({kind: 'Namespace', metadata: {name: 'x'}})}\n`,
    )
    const crds = calicoCrds({mode: 'crd-v1', operator: true, migration: true}, folder)
    expect(crds.filter(({metadata}) => 'labels' in metadata)).toEqual([theirs])
    await installCrds(plane.admin, crds)
    const {groups} = await plane.admin.must('GET', '/apis')
    expect(groups.map(({name}: {name: string}) => name)).toEqual(
      expect.arrayContaining(['crd.projectcalico.org', 'operator.tigera.io', 'migration.projectcalico.org']),
    )
  })
})

import {describe, expect, test} from 'vitest'
import {unknown} from '../../src/engine/collected.ts'
import {factsOf} from './facts-of.ts'
import {fakeCluster, forbidden, type Paths} from './fake-cluster.ts'
import * as shapes from './shapes.ts'

const {paths, upstream, daemonSet, configMap, groups} = shapes
const pool = (name: string, spec: object = {cidr: '10.0.0.0/16'}, annotations: object = {}) => ({metadata: {name, annotations}, spec})
const factIn = async <N extends 'apiGroup' | 'ipPools' | 'clusterInformation' | 'datastoreMigrations' | 'bgpPeers'>(name: N, given: Paths) =>
  (await factsOf(fakeCluster(given), [name]))[name]

describe('API group', () => {
  const apiService = (available: string, service?: object) => ({
    [paths.apiService]: {spec: {...(service && {service})}, status: {conditions: [{type: 'Available', status: available}]}},
  })
  const server = {name: 'calico-api', namespace: 'calico-apiserver'}
  test('v1 CRDs alone', async () =>
    expect(await factIn('apiGroup', upstream)).toEqual({known: true, value: {mode: 'crd-v1', group: 'crd.projectcalico.org', version: 'v1'}}))
  test('with the aggregated API server in front, read from the CRDs all the same', async () => {
    const given = {...upstream, [paths.apis]: groups('crd.projectcalico.org', 'projectcalico.org'), ...apiService('False', server)}
    expect(await factIn('apiGroup', given)).toEqual({
      known: true,
      value: {mode: 'aggregated', group: 'crd.projectcalico.org', version: 'v1', apiServerAvailable: false},
    })
  })
  test('native v3 CRDs', async () => {
    const given = {...upstream, [paths.apis]: groups('projectcalico.org'), ...apiService('True')}
    expect(await factIn('apiGroup', given)).toEqual({known: true, value: {mode: 'native-v3', group: 'projectcalico.org', version: 'v3'}})
  })
  test('both CRD sets: v1, as Calico decides, unless CALICO_API_GROUP says otherwise', async () => {
    const given = {...upstream, [paths.apis]: groups('crd.projectcalico.org', 'projectcalico.org'), ...apiService('True')}
    expect(await factIn('apiGroup', given)).toMatchObject({value: {mode: 'crd-v1', version: 'v1'}})
    const told = daemonSet({env: {...shapes.upstreamEnv, CALICO_API_GROUP: 'ProjectCalico.org/v3'}})
    expect(await factIn('apiGroup', {...given, [paths.daemonSets]: [told]})).toMatchObject({value: {mode: 'native-v3', version: 'v3'}})
  })
  test('CALICO_API_GROUP names v1, and only v3 is there: Calico finds nothing, and so do we', async () => {
    const told = daemonSet({env: {...shapes.upstreamEnv, CALICO_API_GROUP: 'crd.projectcalico.org/v1'}})
    const given = {...upstream, [paths.daemonSets]: [told], [paths.apis]: groups('projectcalico.org'), ...apiService('True')}
    expect(await factIn('apiGroup', given)).toMatchObject({value: {mode: 'crd-v1', group: 'crd.projectcalico.org'}})
  })
  test('an API server before etcd', async () => {
    const given = {...upstream, [paths.apis]: groups('projectcalico.org'), ...apiService('True', server)}
    expect(await factIn('apiGroup', given)).toMatchObject({value: {mode: 'aggregated', group: 'projectcalico.org', version: 'v3'}})
  })
  test('neither group', async () => expect(await factIn('apiGroup', {...upstream, [paths.apis]: groups('apps')})).toMatchObject({known: false, why: 'absent'}))
  test('discovery forbidden', async () => expect(await factIn('apiGroup', {...upstream, [paths.apis]: forbidden('/apis')})).toMatchObject({why: 'forbidden'}))
  test('APIService forbidden: whether a server stands in front is not known', async () => {
    expect(await factIn('apiGroup', {...upstream, [paths.apiService]: forbidden('apiservices')})).toMatchObject({
      value: {mode: 'crd-v1'},
      partial: expect.any(String),
    })
  })
})

describe('where resources are read', () => {
  test('from the group in force', async () => {
    const given = {...upstream, [paths.apis]: groups('projectcalico.org'), [paths.v3('ippools')]: [pool('three')]}
    expect(await factIn('ipPools', given)).toEqual({known: true, value: [{name: 'three', spec: {cidr: '10.0.0.0/16'}}]})
  })
  test('an empty list is empty, a missing CRD is absent, a closed one is forbidden', async () => {
    expect(await factIn('ipPools', upstream)).toEqual({known: true, value: []})
    const {[paths.v1('ippools')]: _, ...without} = upstream
    expect(await factIn('ipPools', without)).toMatchObject({known: false, why: 'absent'})
    expect(await factIn('ipPools', {...upstream, [paths.v1('ippools')]: forbidden('ippools')})).toMatchObject({known: false, why: 'forbidden'})
  })
  test('rights on the API server alone serve too', async () => {
    const given = {
      ...upstream,
      [paths.apis]: groups('crd.projectcalico.org', 'projectcalico.org'),
      [paths.apiService]: {spec: {service: {name: 'calico-api'}}},
      [paths.v1('ippools')]: forbidden('crd.projectcalico.org'),
      [paths.v3('ippools')]: [pool('served')],
    }
    expect(await factIn('ipPools', given)).toMatchObject({value: [{name: 'served'}]})
    const down = {...given, [paths.v3('ippools')]: unknown('failed', '503 no endpoints')}
    expect(await factIn('ipPools', down)).toEqual(unknown('forbidden', '403 crd.projectcalico.org; 503 no endpoints'))
    expect(await factIn('ipPools', {...given, [paths.v3('ippools')]: forbidden('both')})).toEqual(forbidden('crd.projectcalico.org'))
  })
  test('on etcd leftover CRDs are not read', async () => {
    const cluster = fakeCluster({
      ...upstream,
      [paths.daemonSets]: [daemonSet({env: shapes.etcdEnv})],
      [paths.config]: configMap({etcd_endpoints: 'http://10.0.0.9:2379'}),
      [paths.v1('ippools')]: [pool('leftover')],
    })
    expect((await factsOf(cluster, ['ipPools'])).ipPools).toMatchObject({known: false, why: 'not-collected', detail: expect.stringContaining('etcd')})
    expect(cluster.asked).not.toContain(paths.v1('ippools'))
  })
  test('where the datastore was not seen, what the CRDs hold may not be it', async () => {
    const closed = Object.fromEntries(
      [paths.daemonSets, ...['kube-system', 'calico-system'].map(paths.daemonSetsOf)].map(path => [path, forbidden('daemonsets')]),
    )
    expect(await factIn('ipPools', {...upstream, ...closed, [paths.v1('ippools')]: [pool('one')]})).toMatchObject({
      value: [{name: 'one'}],
      partial: expect.stringContaining('datastore'),
    })
  })
})

describe('what is hidden and what is broken', () => {
  test('hidden metadata names the object, broken JSON loses nothing', async () => {
    const hidden = (json: string) => ({'projectcalico.org/metadata': json})
    const given = {
      ...upstream,
      [paths.v1('ippools')]: [pool('a', undefined, hidden('{"name":"real"}')), pool('b', undefined, hidden('{oops')), pool('c', undefined, hidden('[]'))],
    }
    expect(await factIn('ipPools', given)).toMatchObject({known: true, value: [{name: 'real'}, {name: 'b'}, {name: 'c'}]})
  })
  test('a pool without its CIDR, a peer with a number for a name: kept, and partial', async () => {
    expect(await factIn('ipPools', {...upstream, [paths.v1('ippools')]: [pool('a', {}), pool('b')]})).toEqual({
      known: true,
      value: [
        {name: 'a', spec: {cidr: ''}},
        {name: 'b', spec: {cidr: '10.0.0.0/16'}},
      ],
      partial: 'could not be read: IPPool a: cidr',
    })
    expect(await factIn('bgpPeers', {...upstream, [paths.v1('bgppeers')]: [{metadata: {name: 'p'}, spec: {node: 7, peerIP: '10.0.0.1'}}]})).toMatchObject({
      value: [{spec: {peerIP: '10.0.0.1'}}],
      partial: 'could not be read: BGPPeer p: node',
    })
  })
  test('ClusterInformation', async () => {
    const information = (spec: object) => ({...upstream, [paths.v1('clusterinformations/default')]: {metadata: {name: 'default'}, spec}})
    expect(await factIn('clusterInformation', information({datastoreReady: false}))).toEqual({
      known: true,
      value: {name: 'default', spec: {datastoreReady: false}},
    })
    expect(await factIn('clusterInformation', information({datastoreReady: 'no'}))).toMatchObject({partial: expect.stringContaining('datastoreReady')})
    expect(await factIn('clusterInformation', upstream)).toMatchObject({known: false, why: 'absent'})
  })
  test('DatastoreMigration in either version', async () => {
    const path = (version: string) => `/apis/migration.projectcalico.org/${version}/datastoremigrations`
    const migration = {metadata: {name: 'v1-to-v3'}, status: {phase: 'Migrating'}}
    expect(await factIn('datastoreMigrations', {...upstream, [path('v1beta1')]: [migration]})).toEqual({
      known: true,
      value: [{name: 'v1-to-v3', phase: 'Migrating'}],
    })
    expect(await factIn('datastoreMigrations', upstream)).toMatchObject({known: false, why: 'absent'})
  })
})

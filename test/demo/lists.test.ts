import {afterAll, beforeAll, describe, expect, test} from 'vitest'
import {type SimulatedCluster, startSimulatedCluster} from '../../src/demo/index.ts'
import {ask} from './ask.ts'

let cluster: SimulatedCluster
beforeAll(async () => (cluster = await startSimulatedCluster()))
afterAll(() => cluster.close())
const get = async (path: string, accept?: string) => (await ask(cluster, path, accept === undefined ? {} : {accept})).json
const names = (list: {items: {metadata: {name: string}}[]}) => list.items.map(({metadata}) => metadata.name)

describe('lists', () => {
  test('carry the kind of the list, and core items no kind of their own', async () => {
    const nodes = await get('/api/v1/nodes')
    expect(nodes).toMatchObject({kind: 'NodeList', apiVersion: 'v1', metadata: {resourceVersion: expect.stringMatching(/^\d+$/)}})
    expect(nodes.items).toHaveLength(12)
    expect(nodes.items[0]).not.toHaveProperty('kind')
    const pools = await get('/apis/crd.projectcalico.org/v1/ippools')
    expect(pools).toMatchObject({kind: 'IPPoolList', items: [{kind: 'IPPool', apiVersion: 'crd.projectcalico.org/v1'}]})
    expect(pools.items[0].metadata.annotations['projectcalico.org/metadata']).toContain('creationTimestamp')
  })
  test('an empty list is a list, an unknown resource is 404', async () => {
    expect(await get('/apis/crd.projectcalico.org/v1/bgppeers')).toMatchObject({kind: 'BGPPeerList', items: []})
    const {status, json} = await ask(cluster, '/api/v1/nothings')
    expect([status, json.reason, json.message]).toEqual([404, 'NotFound', 'the server could not find the requested resource'])
  })
  test.each([['/apis/projectcalico.org/v3/ippools'], ['/apis/crd.projectcalico.org/v1/nothings'], ['/apis/crd.projectcalico.org/v1/namespaces/shop/ippools']])(
    'what could be a custom resource and is none is 404 in plain words: %s',
    async path => {
      expect(await ask(cluster, path)).toMatchObject({status: 404, headers: {'content-type': 'text/plain; charset=utf-8'}, text: '404 page not found\n'})
    },
  )
  test('nodes are in no namespace, and a pod is in one', async () => {
    for (const path of ['/api/v1/namespaces/shop/nodes', '/api/v1/pods/x'])
      expect(await get(path)).toMatchObject({code: 404, message: 'the server could not find the requested resource'})
    expect(await get('/api/v1/namespaces/shop')).toMatchObject({kind: 'Namespace'})
  })
  test('of one namespace hold only its objects', async () => {
    const list = await get('/api/v1/namespaces/shop/pods')
    expect(list.items.length).toBeGreaterThan(0)
    expect(new Set(list.items.map((pod: any) => pod.metadata.namespace))).toEqual(new Set(['shop']))
  })
  test('one object comes with its kind, or 404 with its name', async () => {
    expect(await get('/api/v1/nodes/worker-01')).toMatchObject({kind: 'Node', apiVersion: 'v1', metadata: {name: 'worker-01'}})
    expect(await get('/apis/crd.projectcalico.org/v1/ippools/nope')).toMatchObject({code: 404, message: 'ippools.crd.projectcalico.org "nope" not found'})
    expect(await get('/apis/apps/v1/namespaces/default/daemonsets/calico-node')).toMatchObject({code: 404})
  })
  test('large ones are gzipped when asked', async () => {
    const plain = await ask(cluster, '/api/v1/pods')
    const zipped = await ask(cluster, '/api/v1/pods', {gzip: true})
    expect(zipped.headers['content-encoding']).toBe('gzip')
    expect(zipped.text).toBe(plain.text)
    expect((await ask(cluster, '/version', {gzip: true})).headers).not.toHaveProperty('content-encoding')
  })
})

describe('pages', () => {
  test('lead through the whole list, each object once', async () => {
    const whole = names(await get('/api/v1/pods'))
    const paged: string[] = []
    let token = ''
    let remaining: number[] = []
    do {
      const page = await get(`/api/v1/pods?limit=20&continue=${encodeURIComponent(token)}`)
      paged.push(...names(page))
      remaining = [...remaining, page.metadata.remainingItemCount ?? 0]
      token = page.metadata.continue ?? ''
    } while (token !== '')
    expect(paged).toEqual(whole)
    expect(remaining).toEqual([...remaining].sort((a, b) => b - a))
    expect(remaining.at(-1)).toBe(0)
  })
  test('a limit with resourceVersion=0 is ignored, as the watch cache does', async () => {
    const page = await get('/api/v1/nodes?limit=5&resourceVersion=0')
    expect(page.items).toHaveLength(12)
    expect(page.metadata).not.toHaveProperty('continue')
  })
  test('do not count what a selector leaves out', async () => {
    const page = await get('/api/v1/pods?limit=2&labelSelector=k8s-app%3Dcalico-node')
    expect(page.metadata.continue).toBeTypeOf('string')
    expect(page.metadata).not.toHaveProperty('remainingItemCount')
  })
  test('a limit below zero is none; what is no number, or yet to come, is refused', async () => {
    expect((await get('/api/v1/nodes?limit=-1')).items).toHaveLength(12)
    expect(await get('/api/v1/nodes?limit=1.5')).toMatchObject({code: 400, message: 'strconv.ParseInt: parsing "1.5": invalid syntax'})
    expect(await get('/api/v1/nodes?resourceVersion=abc')).toMatchObject({code: 400, message: expect.stringContaining('invalid resource version')})
    expect(await ask(cluster, '/api/v1/nodes?resourceVersion=99999999')).toMatchObject({status: 504, headers: {'retry-after': '1'}, json: {reason: 'Timeout'}})
  })
  test('a broken token is a bad request', async () => {
    expect(await get('/api/v1/pods?limit=2&continue=nonsense')).toMatchObject({code: 400, reason: 'BadRequest'})
  })
})

describe('selectors', () => {
  const count = async (query: string) => (await get(`/api/v1/pods?${query}`)).items.length
  const labels = (selector: string) => count(`labelSelector=${encodeURIComponent(selector)}`)
  const fields = (selector: string) => count(`fieldSelector=${encodeURIComponent(selector)}`)
  test('by label, in every form', async () => {
    const all = await count('')
    expect(await labels('k8s-app=calico-node')).toBe(12)
    expect(await labels('k8s-app==calico-node')).toBe(12)
    expect(await labels('k8s-app in (calico-node, calico-typha)')).toBe(15)
    expect(await labels('k8s-app!=calico-node')).toBe(all - 12)
    expect(await labels('k8s-app notin (calico-node,calico-typha)')).toBe(all - 15)
    const having = await labels('k8s-app')
    expect(await labels('!k8s-app')).toBe(all - having)
    expect(await labels('k8s-app,k8s-app!=kube-proxy,!tier')).toBe(having - 12)
    expect(await get(`/api/v1/pods?labelSelector=${encodeURIComponent('a=(')}`)).toMatchObject({code: 400})
  })
  test('by field', async () => {
    expect(await fields('spec.nodeName=worker-01,status.phase=Running')).toBeGreaterThan(2)
    expect(await fields('status.phase!=Running')).toBe(0)
    expect(await fields('metadata.namespace=shop')).toBe((await get('/api/v1/namespaces/shop/pods')).items.length)
    expect(names(await get('/api/v1/nodes?fieldSelector=metadata.name%3Dworker-02'))).toEqual(['worker-02'])
    expect(await get('/api/v1/pods?fieldSelector=spec.colour%3Dred')).toMatchObject({code: 400, message: 'field label not supported: spec.colour'})
  })
})

describe('other forms', () => {
  const table = 'application/json;as=Table;g=meta.k8s.io;v=v1'
  test('tables, with metadata, with nothing, or with the object', async () => {
    const pods = await get('/api/v1/pods', table)
    expect(pods.kind).toBe('Table')
    expect(pods.columnDefinitions.map((column: any) => column.name)).toEqual([
      'Name',
      'Ready',
      'Status',
      'Restarts',
      'Age',
      'IP',
      'Node',
      'Nominated Node',
      'Readiness Gates',
    ])
    expect(pods.rows[0].object).toMatchObject({kind: 'PartialObjectMetadata', metadata: {namespace: expect.any(String)}})
    const bare = await get('/api/v1/nodes?includeObject=None', table)
    expect(bare.rows[0]).toEqual({
      cells: ['control-1', 'Ready', 'control-plane', '77d', 'v1.33.5', '10.20.0.11', '<none>', 'Ubuntu 24.04.3 LTS', '6.8.0-85-generic', 'containerd://1.7.27'],
      object: null,
    })
    expect((await get('/api/v1/nodes?includeObject=Object', table)).rows[0].object).toMatchObject({kind: 'Node'})
    expect((await get('/apis/crd.projectcalico.org/v1/ippools', table)).columnDefinitions.map((column: any) => column.name)).toEqual(['Name', 'Age'])
    expect((await get('/api/v1/nodes/worker-01', table)).rows).toHaveLength(1)
  })
  test('metadata lists and single metadata', async () => {
    const list = await get('/api/v1/nodes', 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1')
    expect(list).toMatchObject({kind: 'PartialObjectMetadataList', apiVersion: 'meta.k8s.io/v1'})
    expect(Object.keys(list.items[0])).toEqual(['kind', 'apiVersion', 'metadata'])
    expect(await get('/api/v1/nodes/worker-01', 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1')).toMatchObject({kind: 'PartialObjectMetadata'})
  })
  test('the first form that can be served wins; none is 406', async () => {
    expect(await get('/api/v1/nodes', 'application/json;as=Table;g=meta.k8s.io;v=v1beta1,application/json')).toMatchObject({kind: 'NodeList'})
    expect((await ask(cluster, '/api/v1/nodes', {accept: 'application/vnd.kubernetes.protobuf'})).status).toBe(406)
  })
  test('a form of lists for one object, or the other way round, is 406', async () => {
    const form = (as: string) => `application/json;as=${as};g=meta.k8s.io;v=v1`
    expect(await get('/api/v1/nodes', form('PartialObjectMetadata'))).toMatchObject({code: 406, reason: 'NotAcceptable'})
    expect(await get('/api/v1/nodes/worker-01', form('PartialObjectMetadataList'))).toMatchObject({code: 406, reason: 'NotAcceptable'})
  })
})

import {expect} from 'vitest'
import {type Contract, failure, pools} from './contract.ts'

/** Differs: the one has stood for months, the other for seconds. */
const age = expect.stringMatching(/^\d+[smhd](\d+[smh])?$/)
const table = 'application/json;as=Table;v=v1;g=meta.k8s.io'
const metadataList = 'application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io'
const metadata = 'application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io'

export function formContract({test, api, state}: Contract): void {
  test('rows of pods: columns with their types, no objects', async () => {
    const {kind, columnDefinitions, rows} = await api().must('GET', '/api/v1/pods?includeObject=None&resourceVersion=0', {accept: table})
    expect(kind).toBe('Table')
    const columns = ['Name', 'Ready', 'Status', 'Restarts', 'Age', 'IP', 'Node', 'Nominated Node', 'Readiness Gates']
    expect(columnDefinitions.map(({name, type}: Column) => `${name} ${type}`)).toEqual(columns.map(name => `${name} string`))
    expect(rows).toHaveLength(state.objects.pods!.length)
    const {metadata: meta, spec, status} = state.objects.pods![0] as any
    expect(rows[0].cells.with(4, 'age')).toEqual([meta.name, '1/1', 'Running', '0', 'age', status.podIP, spec.nodeName, '<none>', '<none>'])
    expect(rows[0].object).toBeNull()
  })

  test('rows of nodes and DaemonSets', async () => {
    const nodes = await api().must('GET', '/api/v1/nodes?includeObject=None', {accept: table})
    expect(nodes.rows[0].cells.slice(0, 3)).toEqual(['control-1', 'Ready', 'control-plane'])
    const sets = await api().must('GET', '/apis/apps/v1/daemonsets?includeObject=None', {accept: table})
    expect(sets.rows[0].cells.slice(0, 6)).toEqual(['calico-node', 4, 4, 4, 4, 4])
  })

  test('the same columns of all kinds, as the server calls them', async () => {
    const columns = async (path: string) => {
      const {columnDefinitions} = await api().must('GET', `${path}?includeObject=None&limit=1`, {accept: table})
      return columnDefinitions.map(({name, type}: Column) => `${name} ${type}`)
    }
    expect(await columns('/apis/apps/v1/deployments')).toEqual(
      ['Name', 'Ready', 'Up-to-date', 'Available', 'Age', 'Containers', 'Images', 'Selector'].map(name => `${name} string`),
    )
    expect(await columns('/api/v1/services')).toEqual(['Name', 'Type', 'Cluster-IP', 'External-IP', 'Port(s)', 'Age', 'Selector'].map(name => `${name} string`))
    expect(await columns(pools)).toEqual(['Name string', 'Age date'])
    expect(await columns('/apis/apiextensions.k8s.io/v1/customresourcedefinitions')).toEqual(['Name string', 'Created At date'])
  })

  test.each([
    ['/api/v1/services', ['calico-typha', 'ClusterIP', expect.any(String), '<none>', '5473/TCP', age, 'k8s-app=calico-typha']],
    [
      '/apis/apps/v1/daemonsets',
      ['calico-node', 4, 4, 4, 4, 4, 'kubernetes.io/os=linux', age, 'calico-node', 'quay.io/calico/node:v3.31.2', 'k8s-app=calico-node'],
    ],
    ['/apis/apps/v1/deployments', ['calico-typha', '1/1', 1, 1, age, 'calico-typha', 'quay.io/calico/typha:v3.31.2', 'k8s-app=calico-typha']],
    ['/apis/discovery.k8s.io/v1/endpointslices', ['kubernetes', 'IPv4', '6443', '10.20.0.11,10.20.0.12,10.20.1.11', age]],
    ['/apis/policy/v1/poddisruptionbudgets', ['calico-typha', 'N/A', '1', 1, age]],
    ['/apis/networking.k8s.io/v1/servicecidrs', ['kubernetes', '10.96.0.0/12', age]],
    ['/api/v1/configmaps', ['calico-config', 4, age]],
    [pools, ['default-ipv4-ippool', age]],
  ])('a row of %s', async (path, cells) => {
    const {rows} = await api().must('GET', `${path}?includeObject=None`, {accept: table})
    expect(rows.find((row: {cells: unknown[]}) => row.cells[0] === cells[0])?.cells).toEqual(cells)
  })

  test('rows carry metadata, unless another share of the object is asked for', async () => {
    const object = async (query: string) => (await api().must('GET', `${pools}?${query}`, {accept: table})).rows[0].object
    expect(await object('')).toMatchObject({kind: 'PartialObjectMetadata', metadata: {name: 'default-ipv4-ippool'}})
    expect(await object('')).not.toHaveProperty('spec')
    expect(await object('includeObject=Object')).toMatchObject({kind: 'IPPool', spec: {cidr: expect.any(String)}})
    expect((await failure(api(), `${pools}?includeObject=Some`, table)).status).toBe(400)
  })

  test('metadata alone, of lists and of one', async () => {
    const list = await api().must('GET', '/api/v1/pods?limit=2', {accept: metadataList})
    expect(list).toMatchObject({kind: 'PartialObjectMetadataList', apiVersion: 'meta.k8s.io/v1', metadata: {continue: expect.any(String)}})
    expect(Object.keys(list.items[0]).filter(key => key !== 'kind' && key !== 'apiVersion')).toEqual(['metadata'])
    const one = await api().must('GET', '/api/v1/nodes/control-1', {accept: metadata})
    expect(one).toMatchObject({kind: 'PartialObjectMetadata', metadata: {name: 'control-1', labels: {'kubernetes.io/hostname': 'control-1'}}})
    expect(one).not.toHaveProperty('spec')
  })

  test('a form that is not there', async () => {
    expect(await failure(api(), '/api/v1/pods', 'application/xml')).toMatchObject({status: 406, reason: 'NotAcceptable'})
  })
  test('a form of lists for one object, and the other way round', async () => {
    const refused = async (path: string, accept: string) => {
      const {status, reason, message} = await failure(api(), path, accept)
      return [status, reason, message]
    }
    const [list, one] = ['you requested PartialObjectMetadata, but the requested object is a list', 'you requested PartialObjectMetadataList, but']
    expect(await refused('/api/v1/pods', metadata)).toEqual([406, 'NotAcceptable', `${list} (*core.PodList)`])
    expect(await refused('/api/v1/pods', `${metadata},application/json`)).toEqual([406, 'NotAcceptable', `${list} (*core.PodList)`])
    expect(await refused(pools, metadata)).toEqual([406, 'NotAcceptable', `${list} (*unstructured.UnstructuredList)`])
    expect(await refused('/api/v1/nodes/control-1', metadataList)).toEqual([406, 'NotAcceptable', `${one} the requested object is not a list (*core.Node)`])
  })
}
interface Column {
  readonly name: string
  readonly type: string
}

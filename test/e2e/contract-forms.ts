import {expect} from 'vitest'
import {type Contract, failure, pools} from './contract.ts'

const table = 'application/json;as=Table;v=v1;g=meta.k8s.io'
const metadataList = 'application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io'
const metadata = 'application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io'

export function formContract({test, differs, api, state}: Contract): void {
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

  differs('the same columns of all kinds, as the server calls them', async () => {
    const columns = async (path: string) => {
      const {columnDefinitions} = await api().must('GET', `${path}?includeObject=None&limit=1`, {accept: table})
      return columnDefinitions.map(({name, type}: Column) => `${name} ${type}`)
    }
    expect(await columns('/apis/apps/v1/deployments')).toEqual(
      ['Name', 'Ready', 'Up-to-date', 'Available', 'Age', 'Containers', 'Images', 'Selector'].map(name => `${name} string`),
    )
    expect(await columns('/api/v1/services')).toEqual(['Name', 'Type', 'Cluster-IP', 'External-IP', 'Port(s)', 'Age', 'Selector'].map(name => `${name} string`))
    expect(await columns(pools)).toEqual(['Name string', 'Age date'])
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
  differs('a form of lists for one object, and the other way round', async () => {
    expect(await failure(api(), '/api/v1/pods', metadata)).toMatchObject({status: 406, reason: 'NotAcceptable'})
    expect(await failure(api(), '/api/v1/nodes/control-1', metadataList)).toMatchObject({status: 406, reason: 'NotAcceptable'})
  })
}
interface Column {
  readonly name: string
  readonly type: string
}

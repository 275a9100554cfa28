import {afterAll, beforeAll, expect, test} from 'vitest'
import {ageOf} from '../../src/demo/human-duration.ts'
import {type SimulatedCluster, startSimulatedCluster} from '../../src/demo/index.ts'
import {endpointsOf, externalIpOf, portsOf} from '../../src/demo/table-cells.ts'
import {ask} from './ask.ts'

let cluster: SimulatedCluster
beforeAll(async () => (cluster = await startSimulatedCluster()))
afterAll(() => cluster.close())
const rowOf = async (path: string, name: string) => {
  const {columnDefinitions, rows} = (await ask(cluster, path, {accept: 'application/json;as=Table;g=meta.k8s.io;v=v1'})).json
  const {cells} = rows.find((row: {cells: unknown[]}) => row.cells[0] === name)
  return Object.fromEntries(columnDefinitions.map((column: {name: string; type: string}, index: number) => [`${column.name} ${column.type}`, cells[index]]))
}

test('a Deployment calls its counts strings, and they are numbers all the same', async () => {
  expect(await rowOf('/apis/apps/v1/deployments', 'calico-typha')).toEqual({
    'Name string': 'calico-typha',
    'Ready string': '3/3',
    'Up-to-date string': 3,
    'Available string': 3,
    'Age string': '77d',
    'Containers string': 'calico-typha',
    'Images string': 'quay.io/calico/typha:v3.31.2',
    'Selector string': 'k8s-app=calico-typha',
  })
})
test('the age of a custom resource is a date by type, and a CRD shows when it was made', async () => {
  expect(await rowOf('/apis/crd.projectcalico.org/v1/ippools', 'default-ipv4-ippool')).toEqual({'Name string': 'default-ipv4-ippool', 'Age date': '77d'})
  const name = 'ippools.crd.projectcalico.org'
  expect(await rowOf('/apis/apiextensions.k8s.io/v1/customresourcedefinitions', name)).toEqual({
    'Name string': name,
    'Created At date': '2025-09-02T07:41:13Z',
  })
})

test.each([
  [-5, '<invalid>'],
  [-1, '0s'],
  [119, '119s'],
  [120, '2m'],
  [312, '5m12s'],
  [10 * 60 + 5, '10m'],
  [179 * 60, '179m'],
  [3 * 3_600, '3h'],
  [7 * 3_600 + 62, '7h1m'],
  [47 * 3_600, '47h'],
  [48 * 3_600, '2d'],
  [76 * 3_600, '3d4h'],
  [77 * 86_400, '77d'],
  [730 * 86_400, '2y'],
  [761 * 86_400, '2y31d'],
  [9 * 365 * 86_400 + 86_400, '9y'],
])('%i seconds are %s', (seconds, words) => {
  const now = '2025-11-18T09:30:00Z'
  expect(ageOf(new Date(Date.parse(now) - seconds * 1000).toISOString(), now)).toBe(words)
})
test('what has no age says so', () => expect(ageOf(undefined, '2025-11-18T09:30:00Z')).toBe('<unknown>'))

const service = (spec: object, status = {}) => ({metadata: {name: 'a'}, spec, status})
test.each([
  [{type: 'ClusterIP', ports: [{port: 443, protocol: 'TCP'}]}, {}, '443/TCP', '<none>'],
  [{type: 'NodePort', ports: [{port: 80, nodePort: 30_080, protocol: 'TCP'}], externalIPs: ['192.0.2.9']}, {}, '80:30080/TCP', '192.0.2.9'],
  [{type: 'LoadBalancer'}, {}, '<none>', '<pending>'],
  [{type: 'LoadBalancer'}, {loadBalancer: {ingress: [{ip: '192.0.2.1'}, {hostname: 'lb.example.com'}]}}, '<none>', '192.0.2.1,lb.example.com'],
  [{type: 'ExternalName', externalName: 'elsewhere.example.com'}, {}, '<none>', 'elsewhere.example.com'],
])('ports and external addresses of a Service: %j %j', (spec, status, ports, external) => {
  expect([portsOf(service(spec, status)), externalIpOf(service(spec, status))]).toEqual([ports, external])
})
test('of many endpoints three are shown', () => {
  expect([[], ['a'], ['a', 'b', 'c'], ['a', 'b', 'c', 'd', 'e']].map(endpointsOf)).toEqual(['<unset>', 'a', 'a,b,c', 'a,b,c + 2 more...'])
})

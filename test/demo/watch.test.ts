import {request} from 'node:https'
import {afterAll, beforeAll, expect, test} from 'vitest'
import {change, remove} from '../../src/demo/change.ts'
import {type SimulatedCluster, startSimulatedCluster} from '../../src/demo/index.ts'
import {ask} from './ask.ts'

let cluster: SimulatedCluster
beforeAll(async () => (cluster = await startSimulatedCluster()))
afterAll(() => cluster.close())

/** Events until the server ends the stream, or `count` of them. */
const watch = (path: string, count: number, of: SimulatedCluster = cluster): Promise<{events: any[]; ended: boolean}> =>
  new Promise((resolve, reject) => {
    const sent = request(`${of.url}${path}`, {ca: of.ca, headers: {authorization: `Bearer ${of.token}`}, agent: false}, response => {
      let text = ''
      const events = () =>
        text
          .split('\n')
          .filter(Boolean)
          .map(line => JSON.parse(line))
      response.on('data', chunk => {
        text += chunk
        if (text.endsWith('\n') && events().length >= count) {
          resolve({events: events(), ended: false})
          sent.destroy()
        }
      })
      response.on('end', () => resolve({events: events(), ended: true}))
      response.on('error', () => {})
    })
    sent.on('error', reject)
    sent.end()
  })

test('tells what exists, then stays open', async () => {
  const {events, ended} = await watch('/api/v1/nodes?watch=true&allowWatchBookmarks=true', 13)
  expect(ended).toBe(false)
  expect(events.slice(0, 12).map(({type, object}) => [type, object.kind])).toEqual(Array.from({length: 12}, () => ['ADDED', 'Node']))
  expect(events[12]).toMatchObject({type: 'BOOKMARK', object: {kind: 'Node', metadata: {resourceVersion: cluster.state.resourceVersion}}})
})
test('ends when its time is over', async () => {
  const {events, ended} = await watch('/api/v1/nodes?watch=1&resourceVersion=48120377&timeoutSeconds=1', 1)
  expect({events, ended}).toEqual({events: [], ended: true})
})
test('tells what came after a version, in its order', async () => {
  const versions = cluster.state.objects.nodes!.map(({metadata}) => Number(metadata.resourceVersion)).toSorted((a, b) => a - b)
  const {events} = await watch(`/api/v1/nodes?watch=1&resourceVersion=${versions[8]}&timeoutSeconds=1`, 4)
  expect(events.map(({type, object}) => [type, Number(object.metadata.resourceVersion)])).toEqual(versions.slice(9).map(version => ['ADDED', version]))
})
test('says what is wrong before it begins', async () => {
  expect(await ask(cluster, '/api/v1/nodes?watch=1&labelSelector=a%20in%20(b')).toMatchObject({status: 400})
  expect(await ask(cluster, '/api/v1/nodes?watch=1&resourceVersion=abc')).toMatchObject({status: 500, json: {kind: 'Status', code: 500}})
})
test('selects as a list does', async () => {
  const {events} = await watch('/api/v1/pods?watch=true&labelSelector=k8s-app%3Dcalico-typha', 3)
  expect(events.map(({object}) => object.metadata.labels['k8s-app'])).toEqual(['calico-typha', 'calico-typha', 'calico-typha'])
})
test('tells what changes meanwhile', async () => {
  const own = await startSimulatedCluster()
  const which = {resource: 'nodes', name: 'worker-01'}
  const seen = watch('/api/v1/nodes?watch=1&resourceVersion=48120377', 2, own)
  setTimeout(() => change(own.state, which, node => (node.metadata.labels.rack = 'r7')), 150)
  setTimeout(() => remove(own.state, which), 400)
  const {events} = await seen
  expect(events.map(({type, object}) => [type, object.metadata.name, object.metadata.labels.rack])).toEqual([
    ['MODIFIED', 'worker-01', 'r7'],
    ['DELETED', 'worker-01', 'r7'],
  ])
  const late = await watch('/api/v1/nodes?watch=1&resourceVersion=48120377', 1, own)
  expect(late.events).toMatchObject([{type: 'ERROR', object: {kind: 'Status', code: 410}}])
  await own.close()
})

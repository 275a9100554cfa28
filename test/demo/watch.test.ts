import {request} from 'node:https'
import {afterAll, beforeAll, expect, test} from 'vitest'
import {type SimulatedCluster, startSimulatedCluster} from '../../src/demo/index.ts'

let cluster: SimulatedCluster
beforeAll(async () => (cluster = await startSimulatedCluster()))
afterAll(() => cluster.close())

/** Events until the server ends the stream, or `count` of them. */
const watch = (path: string, count: number): Promise<{events: any[]; ended: boolean}> =>
  new Promise((resolve, reject) => {
    const sent = request(`${cluster.url}${path}`, {ca: cluster.ca, headers: {authorization: `Bearer ${cluster.token}`}, agent: false}, response => {
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
test('selects as a list does', async () => {
  const {events} = await watch('/api/v1/pods?watch=true&labelSelector=k8s-app%3Dcalico-typha', 3)
  expect(events.map(({object}) => object.metadata.labels['k8s-app'])).toEqual(['calico-typha', 'calico-typha', 'calico-typha'])
})

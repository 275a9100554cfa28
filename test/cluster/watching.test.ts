import type {RequestListener} from 'node:http'
import {setTimeout as sleep} from 'node:timers/promises'
import {expect, onTestFinished, test, vi} from 'vitest'
import {change, remove} from '../../src/demo/change.ts'
import {apiServer, startHttp} from '../helpers/api-server.ts'
import {connected} from '../helpers/connections.ts'
import {kubeconfigFile} from '../helpers/kubeconfig.ts'
import {simulated} from '../helpers/simulated.ts'

const nodes = {group: '', version: 'v1', resource: 'nodes'}
const racks = {project: ({metadata}: any): string => `${metadata.name} ${metadata.labels.rack ?? '-'}`}
const soon = {timeout: 3_000, interval: 20}

async function watched(options = {nodes: 3}) {
  const {sim, watching} = await simulated(options)
  const live = watching()
  const door = live.of('nodes')
  const lists = () => sim.requests.filter(({resource, verb}) => resource === 'nodes' && verb === 'list').length
  const watches = () => sim.requests.filter(({resource, verb}) => resource === 'nodes' && verb === 'watch').length
  return {sim, live, lists, watches, list: () => door.list(nodes, racks)}
}
const names = (...values: string[]) => ({known: true, value: values})

test('a list is read once, and kept as it is by a watch', async () => {
  const {sim, list, lists, watches} = await watched()
  expect(await list()).toEqual(names('control-1 -', 'control-2 -', 'control-3 -'))
  change(sim.state, {resource: 'nodes', name: 'control-2'}, node => (node.metadata.labels.rack = 'r7'))
  await vi.waitFor(async () => expect(await list()).toEqual(names('control-1 -', 'control-2 r7', 'control-3 -')), soon)
  remove(sim.state, {resource: 'nodes', name: 'control-1'})
  await vi.waitFor(async () => expect(await list()).toEqual(names('control-2 r7', 'control-3 -')), soon)
  expect([lists(), watches()]).toEqual([1, 1])
})

test('what a watch missed is read anew', async () => {
  const {sim, list, live, lists} = await watched()
  await list()
  live.doubt()
  remove(sim.state, {resource: 'nodes', name: 'control-1'})
  expect(await list()).toEqual(names('control-2 -', 'control-3 -'))
  expect(lists()).toBe(2)
})

test('without the right to watch, a list is read again after a while and not each time', async () => {
  const {sim, list, lists, watches} = await watched()
  sim.setFaults([{path: /watch=true/, answer: {status: 403}}])
  await list()
  await vi.waitFor(() => expect(watches()).toBe(1), soon)
  await sleep(50)
  expect(await list()).toEqual(names('control-1 -', 'control-2 -', 'control-3 -'))
  expect(lists()).toBe(1)
})

test('what is forbidden or absent is so each time', async () => {
  const {sim, live} = await watched()
  sim.setFaults([{path: '/api/v1/nodes', answer: {status: 403}}])
  const door = live.of('nodes')
  for (let look = 0; look < 2; look++) expect(await door.list(nodes, racks)).toMatchObject({known: false, why: 'forbidden'})
  expect(await door.list({...nodes, resource: 'nodeless'}, racks)).toMatchObject({known: false, why: 'absent'})
})

test('an API server that goes is unreachable, and followed again when it is back', async () => {
  let isUp = true
  const answer: RequestListener = ({url = ''}, response) => {
    if (!isUp) return void response.destroy()
    if (!url.includes('watch=')) return void response.end(JSON.stringify({metadata: {resourceVersion: '7'}, items: [{metadata: {name: 'a', labels: {}}}]}))
    open.add(response)
    response.write('')
    response.flushHeaders()
  }
  const open = new Set<any>()
  const {url} = await startHttp(apiServer(answer))
  const {watching} = await connected({kubeconfig: kubeconfigFile({server: url}), requestTimeoutMs: 500})
  const door = watching().of('nodes')
  expect(await door.list(nodes, racks)).toEqual(names('a -'))
  await vi.waitFor(() => expect(open.size).toBe(1), soon)
  isUp = false
  for (const response of open) response.destroy()
  await vi.waitFor(async () => expect(await door.list(nodes, racks)).toMatchObject({known: false, why: 'unreachable'}), soon)
  isUp = true
  expect(await door.list(nodes, racks)).toEqual(names('a -'))
})

test.each([
  ['an event that cannot be read', '{"type":"MODIFIED","object":null}\n'],
  ['no JSON', '{"type"\n'],
  ['a version that is too old', '{"type":"ERROR","object":{"code":410}}\n'],
])('%s: the list is read anew, and not round and round', async (_name, line) => {
  let [lists, watches] = [0, 0]
  const answer: RequestListener = ({url = ''}, response) => {
    if (url.includes('watch=')) {
      watches++
      return void response.end(line)
    }
    lists++
    response.end(JSON.stringify({metadata: {resourceVersion: '7'}, items: [{metadata: {name: 'a', labels: {}}}]}))
  }
  const {url} = await startHttp(apiServer(answer))
  const {watching} = await connected({kubeconfig: kubeconfigFile({server: url})})
  const door = watching().of('nodes')
  expect(await door.list(nodes, racks)).toEqual(names('a -'))
  await vi.waitFor(() => expect(watches).toBe(1), soon)
  await sleep(100)
  expect([lists, watches]).toEqual([1, 1])
  expect(await door.list(nodes, racks)).toEqual(names('a -'))
  expect(lists).toBe(2)
})

test('who is refused after a while has lost the right, or the credentials: what was seen counts no more', async () => {
  let isWelcome = true
  const answer: RequestListener = ({url = ''}, response) => {
    if (!isWelcome) return void response.writeHead(403).end(JSON.stringify({kind: 'Status', message: 'forbidden', code: 403}))
    if (url.includes('watch=')) return void response.write('{"type":"BOOKMARK","object":{"metadata":{"resourceVersion":"8"}}}\n', () => open.push(response))
    response.end(JSON.stringify({metadata: {resourceVersion: '7'}, items: [{metadata: {name: 'a', labels: {}}}]}))
  }
  const open: {end(): void}[] = []
  const {url} = await startHttp(apiServer(answer))
  const {watching} = await connected({kubeconfig: kubeconfigFile({server: url})})
  const door = watching().of('nodes')
  vi.useFakeTimers({toFake: ['Date', 'performance']})
  onTestFinished(() => void vi.useRealTimers())
  expect(await door.list(nodes, racks)).toEqual(names('a -'))
  await vi.waitFor(() => expect(open).toHaveLength(1), soon)
  vi.advanceTimersByTime(60_000)
  isWelcome = false
  open[0]!.end()
  await vi.waitFor(async () => expect(await door.list(nodes, racks)).toMatchObject({known: false, why: 'forbidden'}), soon)
})

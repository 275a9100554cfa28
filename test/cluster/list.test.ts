import type {RequestListener, ServerResponse} from 'node:http'
import {expect, test} from 'vitest'
import {apiServer, startHttp} from '../helpers/api-server.ts'
import {connected} from '../helpers/connections.ts'
import {kubeconfigFile} from '../helpers/kubeconfig.ts'

const nodes = {group: '', version: 'v1', resource: 'nodes'}
const names = {project: ({metadata}: any): string | undefined => metadata.name}
const items = (from: number, until: number) => Array.from({length: until - from}, (_, index) => ({metadata: {name: `n${from + index}`}}))
const expected = (until: number) => items(0, until).map(({metadata}) => metadata.name)
const say = (response: ServerResponse, code: number, message: string) => void response.writeHead(code).end(JSON.stringify({kind: 'Status', code, message}))

/** 1,200 nodes by pages; `spoil` may answer in the place of a page. */
async function paged(spoil: (page: number, response: ServerResponse) => boolean = () => false) {
  const seen: string[] = []
  const answer: RequestListener = ({url = ''}, response) => {
    seen.push(url)
    const query = new URLSearchParams(url.split('?')[1])
    const from = Number(query.get('continue') ?? 0)
    if (spoil(from / 500, response)) return
    const until = Math.min(1_200, from + Number(query.get('limit')))
    response.end(JSON.stringify({kind: 'NodeList', metadata: until < 1_200 ? {continue: String(until)} : {}, items: items(from, until)}))
  }
  const server = await startHttp(apiServer(answer))
  const {cluster} = await connected({kubeconfig: kubeconfigFile({server: server.url}), requestTimeoutMs: 500})
  return {seen, cluster}
}

test('a list comes by pages of 500, none lost and none doubled', async () => {
  const {cluster, seen} = await paged()
  expect(await cluster.list(nodes, names)).toEqual({known: true, value: expected(1_200)})
  expect(seen).toEqual(['/api/v1/nodes?limit=500', '/api/v1/nodes?limit=500&continue=500', '/api/v1/nodes?limit=500&continue=1000'])
})

test('each page is projected before the next is asked for, and undefined leaves an item out', async () => {
  const {cluster, seen} = await paged()
  const pagesSeen: number[] = []
  const project = ({metadata}: any) => (pagesSeen.push(seen.length), metadata.name === 'n7' ? metadata.name : undefined)
  expect(await cluster.list(nodes, {project})).toEqual({known: true, value: ['n7']})
  expect([...new Set(pagesSeen)]).toEqual([1, 2, 3])
})

test('group, namespace and selectors are in the path', async () => {
  const {cluster, seen} = await paged()
  await cluster.list(
    {group: 'apps', version: 'v1', resource: 'daemonsets', namespace: 'kube-system'},
    {...names, labelSelector: 'k8s-app in (a,b)', fieldSelector: 'metadata.name=x'},
  )
  expect(decodeURIComponent(seen[0]!.replaceAll('+', ' '))).toBe(
    '/apis/apps/v1/namespaces/kube-system/daemonsets?limit=500&labelSelector=k8s-app in (a,b)&fieldSelector=metadata.name=x',
  )
})

test('an expired continue token starts the list again, once', async () => {
  let expired = 1
  const {cluster, seen} = await paged((page, response) => page === 2 && expired-- > 0 && (say(response, 410, 'the token is too old'), true))
  expect(await cluster.list(nodes, names)).toEqual({known: true, value: expected(1_200)})
  expect(seen).toHaveLength(6)
})

test('a token that expires twice leaves what was seen, as partial', async () => {
  const {cluster, seen} = await paged((page, response) => page === 2 && (say(response, 410, 'the token is too old'), true))
  expect(await cluster.list(nodes, names)).toEqual({
    known: true,
    value: expected(1_000),
    partial: 'only the first 1000: GET /api/v1/nodes: 410 the token is too old',
  })
  expect(seen).toHaveLength(6)
})

test.each<[string, (response: ServerResponse) => void, RegExp]>([
  ['403', response => say(response, 403, 'no more'), /^only the first 500: GET \/api\/v1\/nodes: 403 no more$/],
  ['bad JSON', response => void response.end('{'), /no JSON/],
  ['a cut', response => (response.writeHead(200, {'content-length': '99'}).write('{'), setTimeout(() => response.destroy(), 10)), /was cut after 1 bytes/],
  ['a stall', () => {}, /no complete answer in 500 ms/],
  ['no list', response => void response.end('{}'), /the answer is no list/],
])('%s on a later page leaves what came before it, as partial', async (_name, spoil, partial) => {
  const {cluster} = await paged((page, response) => page === 1 && (spoil(response), true))
  const list = await cluster.list(nodes, names)
  expect(list).toMatchObject({known: true, value: expected(500)})
  expect(list.known && list.partial).toMatch(partial)
})

test.each<[string, (response: ServerResponse) => void, object]>([
  ['404', response => say(response, 404, 'the server could not find the requested resource'), {why: 'absent'}],
  ['403', response => say(response, 403, 'nodes is forbidden'), {why: 'forbidden', detail: 'GET /api/v1/nodes: 403 nodes is forbidden'}],
  ['410', response => say(response, 410, 'gone'), {why: 'failed'}],
  ['no list', response => void response.end('{"kind":"Status"}'), {why: 'failed', detail: 'GET /api/v1/nodes: the answer is no list'}],
  ['null', response => void response.end('null'), {why: 'failed'}],
  ['an item that cannot be read', response => void response.end('{"items":[null]}'), {why: 'failed'}],
])('%s on the first page is no list', async (_name, spoil, unknown) => {
  const {cluster} = await paged((_page, response) => (spoil(response), true))
  expect(await cluster.list(nodes, names)).toMatchObject({known: false, ...unknown})
})

test('an empty list is empty, in both of the ways that Go writes it', async () => {
  for (const body of ['{"items":[]}', '{"items":null}']) {
    const {cluster} = await paged((_page, response) => (response.end(body), true))
    expect(await cluster.list(nodes, names)).toEqual({known: true, value: []})
  }
})

test('a server that gives the same page for ever is stopped', async () => {
  const {cluster} = await paged((_page, response) => (response.end('{"metadata":{"continue":"again"},"items":[{"metadata":{"name":"a"}}]}'), true))
  expect(await cluster.list(nodes, names)).toMatchObject({known: true, value: ['a', 'a'], partial: expect.stringContaining('same page')})
})

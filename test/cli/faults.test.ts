import {afterAll, beforeEach, describe, expect, test} from 'vitest'
import {type ExecAnswer, type PathFault, startSimulatedCluster} from '../../src/demo/index.ts'
import {type Ran, runCli, tempFile} from './run-cli.ts'

/** Every way an API or a node can fail, through the whole program: it ends in its time, what needed the part is unknown with the right cause, the rest stands. */
const cluster = await startSimulatedCluster({scenario: 'healthy', nodes: 6})
const node = Object.keys(cluster.state.nodes)[0]!
afterAll(() => cluster.close())
beforeEach(() => cluster.setFaults([]))

const check = (...argv: string[]): Promise<Ran> =>
  runCli(['check', '-o=json', '--node-timeout=2s', '--timeout=12s', `--kubeconfig=${tempFile('kubeconfig', cluster.kubeconfig)}`, ...argv])
const crd = (plural: string) => new RegExp(`^/apis/(crd\\.)?projectcalico\\.org/v[13]/${plural}`)
interface Document {
  summary: Record<string, number>
  coverage: {percent: number; nodes: {wanted: number; seen: number; missing: {node: string; why: string; detail: string}[]}}
  checks: {id: string; status: string; missing: {fact: string; node?: string; why: string; detail: string}[]; findings: unknown[]}[]
}
const read = ({stdout}: Ran) => JSON.parse(stdout) as Document
const statusOf = (document: Document, id: string) => document.checks.find(one => one.id === id)!

test('without faults all is seen and well', async () => {
  const ran = await check()
  const document = read(ran)
  expect(document.checks.filter(({status}) => status !== 'pass' && status !== 'not-applicable')).toEqual([])
  expect(document.coverage.percent).toBe(100)
  expect(ran).toMatchObject({code: 0, stderr: ''})
})

describe.each<[string, Pick<PathFault, 'answer'>, string]>([
  ['401', {answer: {status: 401}}, 'forbidden'],
  ['403', {answer: {status: 403}}, 'forbidden'],
  ['404', {answer: {status: 404}}, 'absent'],
  ['410 again and again', {answer: {status: 410}}, 'failed'],
  ['429 for ever', {answer: {status: 429, retryAfterSeconds: 1}}, 'failed|timeout'],
  ['500', {answer: {status: 500}}, 'failed'],
  ['503', {answer: {status: 503}}, 'failed|timeout'],
  ['a cut body', {answer: 'cut'}, 'failed'],
  ['bad JSON', {answer: 'bad-json'}, 'failed'],
  ['a stall', {answer: 'stall'}, 'timeout'],
])('pools answered with %s', (_name, fault, why) => {
  test('the checks that need pools are unknown, the others stand', async () => {
    cluster.setFaults([{path: crd('ippools'), ...fault}])
    const ran = await check()
    const document = read(ran)
    const overlap = statusOf(document, 'cidr/pools-overlap')
    expect(overlap.status).toBe('unknown')
    expect(overlap.missing.find(({fact}) => fact === 'ipPools')?.why).toMatch(new RegExp(`^(${why})$`))
    expect(statusOf(document, 'bgp/session-down').status).toBe('pass')
    expect(statusOf(document, 'install/node-pods').status).toBe('pass')
    expect(document.checks.flatMap(({findings}) => findings)).toEqual([])
    expect(document.coverage.percent).toBeLessThan(100)
    expect([0, 3]).toContain(ran.code)
    expect(ran.code).toBe(document.coverage.percent < 90 ? 3 : 0)
    expect(ran.ms).toBeLessThan(16_000)
  })
})

test('429 with Retry-After that passes is no fault at all', async () => {
  cluster.setFaults([{path: crd('ippools'), answer: {status: 429, retryAfterSeconds: 1}, times: 2}])
  const ran = await check()
  expect(read(ran).coverage.percent).toBe(100)
  expect(ran.code).toBe(0)
})

test('a continue token that expired once is no fault at all', async () => {
  cluster.setFaults([{path: /^\/api\/v1\/nodes\?.*continue=/, answer: {status: 410}, times: 1}])
  expect(read(await check()).coverage.percent).toBe(100)
})

test('nodes that trickle in too slowly: timeout, and no check that needs them passes', async () => {
  cluster.setFaults([{path: '/api/v1/nodes', answer: 'trickle'}])
  const ran = await check()
  const document = read(ran)
  expect(statusOf(document, 'node/address-duplicate')).toMatchObject({status: 'unknown', missing: [{fact: 'nodes', why: 'timeout'}]})
  expect(statusOf(document, 'cidr/pools-overlap').status).toBe('pass')
  expect(ran.code).toBe(3)
  expect(ran.ms).toBeLessThan(16_000)
})

test('nodes forbidden: no check that needs them passes', async () => {
  cluster.setFaults([{path: '/api/v1/nodes', answer: {status: 403}}])
  const document = read(await check())
  expect(statusOf(document, 'node/address-duplicate')).toMatchObject({status: 'unknown', missing: [{fact: 'nodes', why: 'forbidden'}]})
  expect(statusOf(document, 'bgp/session-down').status, 'nodes are known from their pods only').not.toBe('pass')
})

describe.each<[string, ExecAnswer, string]>([
  ['refused with 403', {status: 403}, 'forbidden'],
  ['refused with 500', {status: 500}, 'failed|unreachable'],
  ['broken off before the upgrade', 'reset', 'unreachable|failed'],
  ['silent', 'silence', 'timeout'],
  ['half an answer, then closed', 'half', 'failed'],
  ['dropped halfway', 'drop', 'failed|unreachable'],
  ['cut inside a frame', 'truncated', 'failed'],
])('one exec is %s', (_name, exec, why) => {
  test('that node is missing, the others are seen, and nothing passes that needed it', async () => {
    cluster.setFaults([{node, exec}])
    const ran = await check()
    const document = read(ran)
    expect(document.coverage.nodes).toMatchObject({wanted: 6, seen: 5})
    expect(document.coverage.nodes.missing[0]?.node).toBe(node)
    expect(document.coverage.nodes.missing[0]?.why).toMatch(new RegExp(`^(${why})$`))
    expect(['unknown', 'fail']).toContain(statusOf(document, 'mtu/too-large').status)
    expect(statusOf(document, 'cidr/pools-overlap').status).toBe('pass')
    expect(ran.ms).toBeLessThan(10_000)
  })
})

test('a probe that floods 50 MB costs that probe only', async () => {
  cluster.setFaults([{node, exec: 'flood'}])
  const document = read(await check())
  expect(statusOf(document, 'bgp/session-down').missing.filter(missing => missing.node === node && missing.fact === 'birdV4')).toEqual([])
  expect(statusOf(document, 'mtu/too-large').missing).toContainEqual(expect.objectContaining({node, fact: 'links', why: 'failed'}))
})

test('every node silent: the run costs the node timeout, not the sum', async () => {
  cluster.setFaults([{node: /./, exec: 'silence'}])
  const ran = await check()
  expect(read(ran).coverage.nodes).toMatchObject({wanted: 6, seen: 0})
  expect(ran.code).toBe(3)
  expect(ran.ms).toBeLessThan(7_000)
})

test('--exec none: nodes are not-collected, and that lowers coverage', async () => {
  const ran = await check('--exec=none')
  expect(read(ran).coverage.nodes.missing.every(({why}) => why === 'not-collected')).toBe(true)
  expect(ran.code).toBe(3)
})

import {afterAll, afterEach, beforeAll, describe, expect, test} from 'vitest'
import {type ExecAnswer, type Fault, type SimulatedCluster, startSimulatedCluster} from '../../src/demo/index.ts'
import type {Probe} from '../../src/engine/collector.ts'
import {probeScript, readProbes} from '../../src/engine/probe-script.ts'
import {ask} from './ask.ts'
import {exec} from './exec-client.ts'

let cluster: SimulatedCluster
beforeAll(async () => (cluster = await startSimulatedCluster()))
afterEach(() => cluster.setFaults([]))
afterAll(() => cluster.close())
const nodesPath = '/api/v1/nodes'
const spoil = (answer: Extract<Fault, {path: unknown}>['answer'], more: object = {}) => cluster.setFaults([{path: nodesPath, answer, ...more}])
const within = <T>(ms: number, promise: Promise<T>) => Promise.race([promise, new Promise<'nothing'>(resolve => setTimeout(() => resolve('nothing'), ms))])

describe('a path can be told to answer', () => {
  test.each([[401], [403], [404], [410], [500], [503]])('%i with a Status', async status => {
    spoil({status})
    expect(await ask(cluster, nodesPath)).toMatchObject({status, json: {kind: 'Status', code: status}})
    expect(await ask(cluster, '/version')).toMatchObject({status: 200})
  })
  test('429 with Retry-After so many times, then as always', async () => {
    spoil({status: 429, retryAfterSeconds: 1}, {times: 2})
    expect(await ask(cluster, nodesPath)).toMatchObject({status: 429, headers: {'retry-after': '1'}})
    expect(await ask(cluster, nodesPath)).toMatchObject({status: 429})
    expect(await ask(cluster, nodesPath)).toMatchObject({status: 200})
  })
  test('410 on the second page', async () => {
    spoil({status: 410}, {after: 1, times: 1})
    const first = await ask(cluster, `${nodesPath}?limit=5`)
    expect(await ask(cluster, `${nodesPath}?limit=5&continue=${first.json.metadata.continue}`)).toMatchObject({status: 410, json: {reason: 'Expired'}})
  })
  test('half a body, and then the connection breaks', async () => {
    spoil('cut')
    await expect(ask(cluster, nodesPath)).rejects.toThrow(/aborted|socket hang up|ECONNRESET/)
  })
  test('JSON that is none', async () => {
    spoil('bad-json')
    expect(await ask(cluster, nodesPath)).toMatchObject({status: 200, json: undefined})
  })
  test('nothing', async () => {
    spoil('stall')
    expect(await within(300, ask(cluster, nodesPath))).toBe('nothing')
  })
  test('a few bytes at a time', async () => {
    cluster.setFaults([{path: /^\/version/, answer: 'trickle'}])
    expect(await within(500, ask(cluster, '/version'))).toBe('nothing')
    expect(await ask(cluster, '/api')).toMatchObject({status: 200})
  })
})

describe('a node can be told to', () => {
  const pod = () =>
    cluster.state.objects.pods!.find(({spec, metadata}) => (spec as any).nodeName === 'worker-03' && metadata.labels?.['k8s-app'] === 'calico-node')!.metadata
      .name
  const probes = new Map<string, Probe>(
    Object.entries({
      osrelease: {tries: [['cat', '/proc/sys/kernel/osrelease']]},
      links: {tries: [['ip', '-j', '-d', 'addr']]},
      mtu: {tries: [['cat', '/var/lib/calico/mtu']]},
    }),
  )
  const spoilt = (answer: ExecAnswer, giveUpAfterMs?: number) => {
    cluster.setFaults([{node: 'worker-03', exec: answer}])
    return exec(cluster, pod(), ['sh', '-c', probeScript(probes, 'n0nce', 5)], giveUpAfterMs === undefined ? {} : {giveUpAfterMs})
  }
  const answered = ({stdout, stderr}: {stdout: string; stderr: string}) => [...readProbes(stdout, stderr, probes, 'n0nce').keys()]

  test('refuse', async () => {
    expect((await spoilt({status: 403})).refused).toMatchObject({status: 403, body: expect.stringContaining('"kind":"Status"')})
    const {refused} = await spoilt({status: 500})
    expect(JSON.parse(refused!.body)).toEqual({
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message: 'error dialing backend: dial tcp worker-03:10250: connect: connection refused',
      code: 500,
    })
  })
  test('break the connection before the upgrade', async () => expect(spoilt('reset')).rejects.toThrow())
  test('be silent', async () => {
    expect(await spoilt('silence', 300)).toMatchObject({stdout: '', status: undefined, closeCode: 1006})
  })
  test('give half an answer and close without a status', async () => {
    const reply = await spoilt('half')
    expect(reply).toMatchObject({status: undefined, closeCode: 1000})
    expect(answered(reply)).toEqual(['osrelease'])
  })
  test('drop the connection in the middle', async () => {
    const reply = await spoilt('drop')
    expect(reply).toMatchObject({status: undefined, closeCode: 1006})
    expect(answered(reply)).toEqual(['osrelease'])
  })
  test('end a script early and still say success', async () => {
    const reply = await spoilt('truncated')
    expect(reply).toMatchObject({status: {status: 'Success'}, closeCode: 1000})
    expect(answered(reply)).toEqual(['osrelease'])
  })
  test('flood', async () => {
    const reply = await spoilt('flood')
    expect(reply.bytes).toBeGreaterThan(50 * 1024 * 1024)
    expect(answered(reply)).toEqual(['osrelease', 'links', 'mtu'])
  })
  test('while its neighbours answer as always', async () => {
    cluster.setFaults([{node: /^worker-0[^3]$/, exec: 'silence'}])
    expect(answered(await exec(cluster, pod(), ['sh', '-c', probeScript(probes, 'n0nce', 5)]))).toEqual(['osrelease', 'links', 'mtu'])
  })
})

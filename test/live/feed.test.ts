import {expect, onTestFinished, test, vi} from 'vitest'
import {openLive} from '../../src/cli/top-live.ts'
import {remove} from '../../src/demo/change.ts'
import {type SimulatedClusterOptions, startSimulatedCluster} from '../../src/demo/index.ts'
import type {FeedEvent} from '../../src/tui/events.ts'
import {writeConfig} from '../helpers/kubeconfig.ts'

const soon = {timeout: 8_000, interval: 25}

async function live(options: SimulatedClusterOptions = {}, interval = 200, write = async () => 'nowhere', more: {node?: string[]} = {}) {
  const sim = await startSimulatedCluster(options)
  const flags = {kubeconfig: writeConfig(sim.kubeconfig), exec: 'pod', concurrency: 20, 'node-timeout': 1_000, timeout: 60_000, interval, ...more} as const
  const feed = await openLive(flags, write, 'demo')
  const events: FeedEvent[] = []
  await feed.start(event => void events.push(event))
  onTestFinished(async () => {
    await feed.stop()
    await sim.close()
  })
  const last = <T extends FeedEvent['type']>(type: T) => events.findLast(event => event.type === type) as Extract<FeedEvent, {type: T}> | undefined
  const looks = (node: string) => events.flatMap(event => (event.type === 'looks' ? event.looks.filter(look => look.node === node) : []))
  return {sim, feed, events, last, looks}
}

test('the first round tells the cluster, its nodes, Felix, Typha, IPAM and the report', async () => {
  const {events, last, looks} = await live({scenario: 'incident'})
  await vi.waitFor(() => expect(last('report')).toBeDefined(), soon)
  expect(events[0]).toEqual({type: 'feed', mode: 'live', intervalMs: 200})
  expect(last('cluster')?.seen.nodes).toMatchObject({known: true})
  await vi.waitFor(() => expect(looks('worker-01')[0]).toMatchObject({bgp: {known: true}, mtus: {known: true}}), soon)
  expect(last('felix')!.samples).not.toHaveLength(0)
  expect(last('typha')?.seen.typhas.known).toBe(true)
  expect(last('ipam')?.seen.pools.known).toBe(true)
  await vi.waitFor(() => expect(last('report')?.seen.report.summary.error).toBeGreaterThan(5), soon)
})
test('what changes in the API is told in the next round, without reading the lists again', async () => {
  const {sim, last} = await live()
  await vi.waitFor(() => expect(last('report')).toBeDefined(), soon)
  const lists = sim.requests.filter(({verb, resource}) => verb === 'list' && resource === 'nodes').length
  remove(sim.state, {resource: 'nodes', name: 'worker-03'})
  const names = () => {
    const nodes = last('cluster')!.seen.nodes
    return nodes.known ? nodes.value.map(({name}) => name) : []
  }
  await vi.waitFor(() => expect(names()).not.toContain('worker-03'), soon)
  expect(sim.requests.filter(({verb, resource}) => verb === 'list' && resource === 'nodes')).toHaveLength(lists)
})
test('a node that stops answering is told with the cause, and again when it answers', async () => {
  const {sim, looks, last} = await live()
  await vi.waitFor(() => expect(last('report')).toBeDefined(), soon)
  sim.setFaults([{node: 'worker-02', exec: {status: 500, message: 'error dialing backend: dial tcp 10.20.0.12:10250: i/o timeout'}}])
  await vi.waitFor(() => expect(looks('worker-02').at(-1)?.bgp.known).toBe(false), soon)
  sim.setFaults([])
  await vi.waitFor(() => expect(looks('worker-02').at(-1)?.bgp.known).toBe(true), soon)
})
test('a lost API server is told once a round, nothing else is, and it recovers by itself', async () => {
  const {sim, events, last} = await live()
  await vi.waitFor(() => expect(last('report')).toBeDefined(), soon)
  sim.setFaults([{path: '/', answer: 'cut'}])
  await vi.waitFor(() => expect(last('api')).toMatchObject({connected: false, detail: expect.any(String)}), soon)
  const told = events.length
  await new Promise(resolve => setTimeout(resolve, 600))
  expect(new Set(events.slice(told).map(({type}) => type))).not.toContain('cluster')
  sim.setFaults([])
  await vi.waitFor(() => expect(last('api')).toMatchObject({connected: true}), soon)
  const clusters = events.filter(({type}) => type === 'cluster').length
  await vi.waitFor(() => expect(events.filter(({type}) => type === 'cluster').length).toBeGreaterThan(clusters), soon)
})
test('a stalled node holds up nobody, and is not asked again meanwhile', async () => {
  const {sim, events, looks, last} = await live()
  await vi.waitFor(() => expect(last('report')).toBeDefined(), soon)
  sim.setFaults([{node: 'worker-02', exec: 'silence'}])
  const [rounds, asked] = [events.length, sim.requests.filter(({subresource}) => subresource === 'exec').length]
  await vi.waitFor(() => expect(looks('worker-02').at(-1)?.bgp).toMatchObject({known: false, why: 'timeout'}), soon)
  expect(events.slice(rounds).filter(({type}) => type === 'cluster').length).toBeGreaterThanOrEqual(2)
  expect(asked).toBeGreaterThan(0)
})
test('paused it asks nothing; a step is one round', async () => {
  const {sim, feed, events, last} = await live()
  await vi.waitFor(() => expect(last('report')).toBeDefined(), soon)
  feed.command({kind: 'pause', paused: true})
  await new Promise(resolve => setTimeout(resolve, 500))
  const [requests, told] = [sim.requests.length, events.length]
  await new Promise(resolve => setTimeout(resolve, 500))
  expect([sim.requests.length, events.length]).toEqual([requests, told])
  feed.command({kind: 'step', by: 1})
  await vi.waitFor(() => expect(events.slice(told).filter(({type}) => type === 'report')).toHaveLength(1), soon)
  await new Promise(resolve => setTimeout(resolve, 400))
  expect(events.slice(told).filter(({type}) => type === 'report')).toHaveLength(1)
})
test('at most 20 execs a second, and every node has its turn', async () => {
  const {sim, looks, last} = await live({nodes: 40}, 1_000)
  await vi.waitFor(() => expect(last('report')).toBeDefined(), soon)
  await vi.waitFor(() => expect(looks('worker-37').length).toBeGreaterThan(0), soon)
  const execs = sim.requests.filter(({subresource}) => subresource === 'exec').length
  expect(execs).toBeLessThanOrEqual(20 * 5)
})
test('a node that is asked for is looked at out of turn', async () => {
  const {feed, looks, last} = await live({}, 60_000)
  await vi.waitFor(() => expect(last('report')).toBeDefined(), soon)
  const seen = looks('worker-05').length
  feed.command({kind: 'again', node: 'worker-05'})
  await vi.waitFor(() => expect(looks('worker-05').length).toBe(seen + 1), soon)
})
test('what is known is given to who writes it, and what comes of it is told', async () => {
  const written: number[] = []
  const {feed, last} = await live({}, 200, async (...[snapshot]: any[]) => `wrote ${written.push(Object.keys(snapshot.evidence).length)}`)
  await vi.waitFor(() => expect(last('report')).toBeDefined(), soon)
  feed.command({kind: 'write'})
  await vi.waitFor(() => expect(last('told')).toEqual({type: 'told', text: 'wrote 1'}), soon)
  expect(written[0]).toBeGreaterThan(10)
})
test('a pattern that matches no node is refused at the start; later it is a node that is gone', async () => {
  await expect(live({}, 200, undefined, {node: ['worker-99']})).rejects.toThrow('no node matches "worker-99"')
  const {sim, last, looks} = await live({}, 200, undefined, {node: ['worker-02']})
  await vi.waitFor(() => expect(looks('worker-02')).not.toHaveLength(0), soon)
  expect(looks('worker-01')).toHaveLength(0)
  remove(sim.state, {resource: 'nodes', name: 'worker-02'})
  await vi.waitFor(() => expect(last('report')?.seen.report.summary.unknown).toBeGreaterThan(5), soon)
  expect(JSON.stringify(last('report')?.seen.report.coverage)).toContain('no node matches \\"worker-02\\" any more')
})
test('an API server that shows its version to nobody is alive; one that takes our credentials no more is lost, with the cause', async () => {
  const {sim, events, last} = await live({faults: [{path: '/version', answer: {status: 403}}]})
  await vi.waitFor(() => expect(last('report')).toBeDefined(), soon)
  expect(last('api')).toBeUndefined()
  sim.setFaults([{path: '/', answer: {status: 401, message: 'Unauthorized'}}])
  await vi.waitFor(() => expect(last('api')).toMatchObject({connected: false, detail: expect.stringContaining('expired or withdrawn')}), soon)
  const reports = events.filter(({type}) => type === 'report').length
  sim.setFaults([])
  await vi.waitFor(() => expect(last('api')).toMatchObject({connected: true}), soon)
  await vi.waitFor(() => expect(events.filter(({type}) => type === 'report').length).toBeGreaterThan(reports), soon)
})
test('an API server that lives and refuses the lists: nothing passes', async () => {
  const {sim, last} = await live()
  await vi.waitFor(() => expect(last('report')?.seen.report.summary.pass).toBeGreaterThan(0), soon)
  sim.setFaults([{path: /^\/apis?\//, answer: {status: 500, message: 'etcdserver: request timed out'}}])
  await vi.waitFor(() => expect(last('report')?.seen.report.summary.unknown).toBeGreaterThan(0), soon)
})

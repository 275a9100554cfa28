import {expect, test} from 'vitest'
import {known, unknown} from '../../src/engine/collected.ts'
import type {FeedEvent} from '../../src/tui/events.ts'
import {bgp, downSession, look, numbers, session, start} from './cluster.ts'
import {after, screenOf, textOf, typed} from './helpers.ts'

const seen = (seconds: number, ...rows: Parameters<typeof bgp>): FeedEvent => ({
  type: 'looks',
  looks: [look('worker-1', start + seconds * 1_000, bgp(...rows))],
})
const flapsOf = (...events: FeedEvent[]) => Object.values(screenOf(events).nodes.get('worker-1')!.flaps).map(({count}) => count)

test('a session that goes down has flapped; one that stays down has not again', () => {
  expect(flapsOf(seen(0, session()), seen(5, downSession()), seen(10, downSession()))).toEqual([1])
  expect(flapsOf(seen(0, downSession()), seen(5, session()))).toEqual([])
  expect(flapsOf(seen(0, session()), seen(5, downSession()), seen(10, session()), seen(15, downSession()))).toEqual([2])
})

test('a session that was down between two looks has flapped: it is established since another time', () => {
  expect(flapsOf(seen(0, session({since: '03:12:07'})), seen(5, session({since: '04:00:03'})))).toEqual([1])
  expect(flapsOf(seen(0, session({since: '2026-11-19'})), seen(5, session({since: '04:00:03'})))).toEqual([1])
  expect(flapsOf(seen(0, session({since: '2026-11-19'})), seen(5, session({since: '2026-11-20'})))).toEqual([1])
})

test('time that turns into a date with age, or is a second off, is no flap', () => {
  expect(flapsOf(seen(0, session({since: '08:12:07'})), seen(5, session({since: '2026-11-20'})))).toEqual([])
  expect(flapsOf(seen(0, session({since: '03:12:07'})), seen(5, session({since: '03:12:08'})))).toEqual([])
  expect(flapsOf(seen(0, session({since: '23:59:59'})), seen(5, session({since: '00:00:00'})))).toEqual([])
})

test('a look that failed is no flap, and flaps show in the row and in the overview', () => {
  const lost: FeedEvent = {type: 'looks', looks: [look('worker-1', start + 5_000, unknown('timeout', ''))]}
  expect(flapsOf(seen(0, session()), lost, seen(10, session()))).toEqual([])
  const state = screenOf([seen(0, session()), seen(5, downSession())])
  expect(textOf(state)).toContain('1 session has flapped since the start')
  expect(textOf(typed(state, '2\r'))).toMatch(/Flaps +1 since/)
})

const felix = (seconds: number, over: Parameters<typeof numbers>[0]): FeedEvent => ({
  type: 'felix',
  samples: [{node: 'worker-1', at: start + seconds * 1_000, felix: known(numbers(over))}],
})
const historyOf = (...events: FeedEvent[]) => screenOf(events).nodes.get('worker-1')!.history

test('rates are made of two samples in a row', () => {
  const {cpu, errorRates, errorRate} = historyOf(felix(0, {}), felix(10, {cpuSeconds: known(102), errors: known({'iptables save': 1, ipset: 0, log: 2})}))
  expect(cpu).toEqual([undefined, 0.2])
  expect(errorRates).toEqual({'iptables save': 6, ipset: 0, log: 12})
  expect(errorRate).toEqual([undefined, 18])
})

test('a Felix that started anew has no rate, and a sample that failed leaves a gap', () => {
  expect(historyOf(felix(0, {}), felix(10, {cpuSeconds: known(3), errors: known({})})).cpu).toEqual([undefined, undefined])
  const lost: FeedEvent = {type: 'felix', samples: [{node: 'worker-1', at: start + 10_000, felix: unknown('timeout', '')}]}
  expect(historyOf(felix(0, {}), lost, felix(20, {cpuSeconds: known(104)})).cpu).toEqual([undefined, undefined, undefined])
  expect(historyOf(felix(0, {}), felix(10, {memoryBytes: unknown('absent', '')})).memoryBytes).toEqual([91 * 1024 ** 2, undefined])
})

test('no more is remembered than is drawn', () => {
  const events = Array.from({length: 200}, (_, round) => felix(round * 5, {}))
  expect(historyOf(...events).cpu).toHaveLength(60)
})

test('pools grow by the minute', () => {
  const pools = (seconds: number, used: number): FeedEvent => ({
    type: 'ipam',
    seen: {
      at: start + seconds * 1_000,
      pools: known([{name: 'a', cidr: '10.0.0.0/24', disabled: false, size: 256, used: known(used), blocks: known(4), maxBlocks: 8}]),
    },
  })
  const state = after(screenOf([pools(0, 100)]), pools(30, 110), pools(60, 130))
  expect(textOf(typed(state, '5'))).toMatch(/pool +a .*\+30/)
})

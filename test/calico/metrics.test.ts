import fc from 'fast-check'
import {describe, expect, test} from 'vitest'
import {felixErrorCounters, felixWanted, readFelixMetrics} from '../../src/calico/felix-metrics.ts'
import {readKubeControllersMetrics} from '../../src/calico/kube-controllers-metrics.ts'
import type {Metrics} from '../../src/calico/metrics-model.ts'
import {changeBetween} from '../../src/calico/metrics-rate.ts'
import {readTyphaMetrics} from '../../src/calico/typha-metrics.ts'

const felixPage = `# HELP felix_active_local_endpoints x
felix_active_local_endpoints 31
felix_active_local_policies 12
felix_resync_state 3
felix_iptables_rules{ip_version="4",table="filter"} 400
felix_iptables_rules{ip_version="6",table="filter"} 100
felix_iptables_restore_errors 0
felix_int_dataplane_apply_time_seconds{quantile="0.5"} 0.01
felix_int_dataplane_apply_time_seconds{quantile="0.99"} NaN
felix_int_dataplane_apply_time_seconds_sum 12.5
felix_int_dataplane_apply_time_seconds_count 500
process_resident_memory_bytes 1.5e+08
process_cpu_seconds_total 77.25
process_start_time_seconds 1.76e+09
`

describe('Felix', () => {
  test('tells numbers over tables and IP versions; what it does not tell is not 0', () => {
    const {gauges, counters, summaries} = readFelixMetrics(felixPage)!
    expect(gauges).toEqual({endpoints: 31, policies: 12, resyncState: 3, iptablesRules: 500, residentBytes: 150_000_000, startTime: 1_760_000_000})
    expect(counters).toEqual({iptablesRestoreErrors: 0, cpuSeconds: 77.25})
    expect(summaries).toEqual({applyTime: {count: 500, sum: 12.5, quantiles: {'0.5': 0.01}}})
  })
  test('is not to be taken for whoever else answers', () => {
    expect(readFelixMetrics('process_cpu_seconds_total 1\nnode_load1 2\n')).toBeUndefined()
    expect(readFelixMetrics('<html>502 Bad Gateway</html>\n')).toBeUndefined()
    expect(readFelixMetrics('')).toBeUndefined()
  })
  test('has names for all that is shown of it', () => {
    expect([...felixWanted]).toContain('felix_int_dataplane_apply_time_seconds_count')
    const all = [...felixWanted].map(name => `${name} 1\n`).join('')
    expect(Object.keys(readFelixMetrics(all)!.counters)).toEqual(expect.arrayContaining([...felixErrorCounters]))
  })
})

test('Typha, old and new: a syncer each is added up, and the slowest counts', () => {
  const fresh = readTyphaMetrics(
    [
      'typha_connections_active 12',
      'typha_connections_streaming{syncer="felix"} 4',
      'typha_connections_streaming{syncer="bgp"} 3',
      'typha_ping_latency{syncer="felix",quantile="0.99"} 0.4',
      'typha_ping_latency{syncer="bgp",quantile="0.99"} 0.1',
      'typha_ping_latency_sum{syncer="felix"} 3',
      'typha_ping_latency_sum{syncer="bgp"} 1',
      'typha_ping_latency_count{syncer="felix"} 10',
      'typha_ping_latency_count{syncer="bgp"} 10',
      '',
    ].join('\n'),
  )!
  expect(fresh).toMatchObject({gauges: {connections: 12, streaming: 7}, summaries: {pingLatency: {count: 20, sum: 4, quantiles: {'0.99': 0.4}}}})
  expect(readTyphaMetrics('typha_connections_active 2\n')).toEqual({gauges: {connections: 2}, counters: {}, summaries: {}})
  expect(readTyphaMetrics(felixPage)).toBeUndefined()
})

test('kube-controllers, by pool and by node', () => {
  const page = [
    'ipam_ippool_size{ippool="default"} 65536',
    'ipam_allocations_in_use{ippool="default",node="a"} 10',
    'ipam_allocations_in_use{ippool="default",node="b"} 5',
    'ipam_allocations_in_use{ippool="no_ippool",node="b"} 1',
    'ipam_blocks{ippool="default",node="a"} 2',
    'ipam_allocations_per_node{node="a"} 99',
    'ipam_allocations_gc_candidates{node="a"} 3',
    'ipam_allocations_gc_candidates{node="b"} 0',
    'ipam_allocations_gc_reclamations{node="a"} 7',
    '',
  ].join('\n')
  expect(readKubeControllersMetrics(page)).toEqual({
    gauges: {allocations: 16, blocks: 2, gcCandidates: 3},
    counters: {gcReclamations: 7},
    summaries: {},
    pools: [
      {name: 'default', size: 65_536, inUse: 15, blocks: 2},
      {name: 'no_ippool', inUse: 1},
    ],
    candidates: [{node: 'a', count: 3}],
  })
  const old = readKubeControllersMetrics('ipam_allocations_per_node{node="a"} 9\nipam_blocks_per_node{node="a"} 1\n')
  expect(old).toMatchObject({gauges: {allocations: 9, blocks: 1}, pools: []})
})

test('no text makes a reader throw', () => {
  const name = fc.constantFrom('felix_resync_state', 'typha_ping_latency', 'ipam_ippool_size', 'felix_int_dataplane_apply_time_seconds')
  const line = fc.tuple(name, fc.string(), fc.string()).map(([own, labels, value]) => `${own}{${labels}} ${value}\n`)
  fc.assert(
    fc.property(fc.array(fc.oneof(line, fc.string()), {maxLength: 20}), lines => {
      for (const read of [readFelixMetrics, readTyphaMetrics, readKubeControllersMetrics]) read(lines.join(''))
    }),
    {numRuns: 500},
  )
})

type Some = Metrics<'startTime', 'errors' | 'calls', 'time'>
const take = (at: number, counters: Some['counters'], gauges: Some['gauges'] = {}, time?: [count: number, sum: number]) => ({
  at,
  metrics: {gauges, counters, summaries: time ? {time: {count: time[0], sum: time[1], quantiles: {}}} : {}} as Some,
})

describe('between two takes', () => {
  test('counters grow by so much a second, and observations have a mean', () => {
    expect(changeBetween(take(0, {errors: 5, calls: 100}, {startTime: 9}, [10, 1]), take(5_000, {errors: 5, calls: 150}, {startTime: 9}, [14, 3]))).toEqual({
      seconds: 5,
      restarted: false,
      increase: {errors: 0, calls: 50},
      perSecond: {errors: 0, calls: 10},
      mean: {time: 0.5},
    })
  })
  test('a new process began at 0, even if it is past the old one again', () => {
    const change = changeBetween(take(0, {errors: 5}, {startTime: 100}, [10, 9]), take(10_000, {errors: 8}, {startTime: 200}, [12, 3]))
    expect(change).toMatchObject({restarted: true, increase: {errors: 8}, perSecond: {errors: 0.8}, mean: {time: 0.25}})
  })
  test('without a start time, a counter that goes back tells', () => {
    expect(changeBetween(take(0, {errors: 5, calls: 9}), take(1_000, {errors: 1, calls: 12}))).toMatchObject({
      restarted: true,
      increase: {errors: 1, calls: 12},
    })
  })
  test('with the same start time, one counter that goes back is that one alone', () => {
    const change = changeBetween(take(0, {errors: 5, calls: 9}, {startTime: 7.25}), take(1_000, {errors: 1, calls: 12}, {startTime: 7.26}))
    expect(change).toMatchObject({restarted: false, increase: {errors: 1, calls: 3}})
  })
  test('what one take does not have is not 0, and no observation has no mean', () => {
    expect(changeBetween(take(0, {errors: 5}, {}, [3, 1]), take(1_000, {calls: 4}, {}, [3, 1]))).toMatchObject({increase: {}, perSecond: {}, mean: {}})
  })
  test('a sum that shrinks makes no mean', () => {
    expect(changeBetween(take(0, {}, {startTime: 1}, [10, 9]), take(1_000, {}, {startTime: 1}, [12, 8]))?.mean).toEqual({})
  })
  test('no time, no rate', () => {
    expect(changeBetween(take(5, {errors: 1}), take(5, {errors: 2}))).toBeUndefined()
    expect(changeBetween(take(6, {errors: 1}), take(5, {errors: 2}))).toBeUndefined()
    expect(changeBetween(take(0, {errors: 1}), take(Number.NaN, {errors: 2}))).toBeUndefined()
  })
})

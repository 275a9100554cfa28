import {type MetricNames, type Metrics, metricsIn, processCounters, processGauges, readPage, total, wantedNames} from './metrics-model.ts'
import type {MetricsPage} from './prometheus-text.ts'

/** kube-controllers/pkg/controllers/node/ipam.go. Metrics by pool came with v3.24, those by node alone are older and still there. */
const names = {
  gauges: {
    ...processGauges,
    allocations: ['ipam_allocations_in_use', 'ipam_allocations_per_node'],
    borrowed: ['ipam_allocations_borrowed', 'ipam_allocations_borrowed_per_node'],
    blocks: ['ipam_blocks', 'ipam_blocks_per_node'],
    /** Should come back to 0 within the grace period (15 min by default): then they are collected, or found to be in use. */
    gcCandidates: 'ipam_allocations_gc_candidates',
  },
  counters: {...processCounters, /** Growing: something leaks addresses. */ gcReclamations: 'ipam_allocations_gc_reclamations'},
  summaries: {},
} as const satisfies MetricNames<string, string, string>

export type ControllersGauge = keyof typeof names.gauges
export type ControllersCounter = keyof typeof names.counters
export interface KubeControllersMetrics extends Metrics<ControllersGauge, ControllersCounter, never> {
  /** By IP pool, `no_ippool` for what is in none; empty where this version does not tell. */
  readonly pools: readonly ControllersPool[]
  /** Nodes with candidates of the garbage collector, `no_affinity` for no node. */
  readonly candidates: readonly {readonly node: string; readonly count: number}[]
}
export interface ControllersPool {
  readonly name: string
  /** Addresses of the pool; exact up to 2^53. */
  readonly size?: number
  readonly inUse?: number
  readonly borrowed?: number
  readonly blocks?: number
}

export const controllersWanted: ReadonlySet<string> = new Set([...wantedNames(names), 'ipam_ippool_size'])

/** Undefined for a page that is none of kube-controllers'. Never throws. */
export function readKubeControllersMetrics(text: string): KubeControllersMetrics | undefined {
  const page = readPage(text, controllersWanted, /^ipam_/)
  return page && {...metricsIn(page, names), pools: poolsIn(page), candidates: candidatesIn(page)}
}

const byPool = {size: 'ipam_ippool_size', inUse: 'ipam_allocations_in_use', borrowed: 'ipam_allocations_borrowed', blocks: 'ipam_blocks'} as const

function poolsIn(page: MetricsPage): ControllersPool[] {
  const fields = Object.entries(byPool).map(([field, name]) => [field, sumsBy('ippool', page, name)] as const)
  const pools = [...new Set(fields.flatMap(([, sums]) => [...sums.keys()]))].sort()
  return pools.map(name => ({name, ...Object.fromEntries(fields.flatMap(([field, sums]) => (sums.has(name) ? [[field, sums.get(name)!]] : [])))}))
}

const candidatesIn = (page: MetricsPage) =>
  [...sumsBy('node', page, 'ipam_allocations_gc_candidates')].flatMap(([node, count]) => (count > 0 ? [{node, count}] : []))

function sumsBy(label: string, {samples}: MetricsPage, name: string): Map<string, number> {
  const groups = Map.groupBy(
    (samples.get(name) ?? []).filter(({labels}) => Object.hasOwn(labels, label)),
    ({labels}) => labels[label]!,
  )
  return new Map([...groups].flatMap(([key, group]) => [total(group)].flatMap(sum => (sum === undefined ? [] : [[key, sum] as const]))))
}

import {type MetricsPage, readMetrics, type Sample} from './prometheus-text.ts'

/**
 * Numbers of one take, by the names that a kind of page has for them. What this version of Calico does not tell is left out, never 0; so is what is no
 * number (a quantile of a summary that nobody fed for ten minutes is NaN).
 */
export interface Metrics<G extends string = string, C extends string = string, S extends string = string> {
  /** What is so now. */
  readonly gauges: {readonly [K in G]?: number}
  /** What only grows, and starts anew at 0 with the process. */
  readonly counters: {readonly [K in C]?: number}
  readonly summaries: {readonly [K in S]?: Summary}
}
export interface Summary {
  /** Observations since the process started, and what they add up to. */
  readonly count: number
  readonly sum: number
  /** `0.99` → value over the last ten minutes; without a quantile that is NaN. */
  readonly quantiles: Readonly<Record<string, number>>
}
type Names<K extends string> = Readonly<Record<K, string | readonly string[]>>
/** Which names a page has for what. Of several names the first that is there counts. */
export interface MetricNames<G extends string, C extends string, S extends string> {
  readonly gauges: Names<G>
  readonly counters: Names<C>
  readonly summaries: Names<S>
}

/** Names of the lines that these numbers are read from. */
export function wantedNames({gauges, counters, summaries}: MetricNames<string, string, string>): ReadonlySet<string> {
  const plain = [...Object.values(gauges), ...Object.values(counters)].flat()
  const parts = Object.values(summaries)
    .flat()
    .flatMap(name => [name, `${name}_sum`, `${name}_count`])
  return new Set([...plain, ...parts])
}

export function metricsIn<G extends string, C extends string, S extends string>(page: MetricsPage, names: MetricNames<G, C, S>): Metrics<G, C, S> {
  return {
    gauges: each(names.gauges, name => total(page.samples.get(name))),
    counters: each(names.counters, name => total(page.samples.get(name))),
    summaries: each(names.summaries, name => summary(page, name)),
  }
}

function each<K extends string, T>(names: Names<K>, read: (name: string) => T | undefined): {readonly [P in K]?: T} {
  const found = Object.entries<string | readonly string[]>(names).flatMap(([key, given]) => {
    const values = [given].flat().flatMap(name => read(name) ?? [])
    return values.length > 0 ? [[key, values[0]]] : []
  })
  return Object.fromEntries(found)
}

/** Over all labels: tables, IP versions, syncers. */
export function total(samples: readonly Sample[] | undefined): number | undefined {
  const numbers = (samples ?? []).map(({value}) => value).filter(Number.isFinite)
  return numbers.length > 0 ? numbers.reduce((sum, value) => sum + value, 0) : undefined
}

/** Of several (one for each syncer) the slowest quantile counts. A summary without a count is none. */
function summary({samples}: MetricsPage, name: string): Summary | undefined {
  const [count, sum] = [total(samples.get(`${name}_count`)), total(samples.get(`${name}_sum`))]
  if (count === undefined || sum === undefined) return undefined
  const quantiles: Record<string, number> = {}
  for (const {labels, value} of samples.get(name) ?? []) {
    const {quantile} = labels
    if (quantile === undefined || !/^[01](?:\.\d{1,9})?$/.test(quantile) || !Number.isFinite(value)) continue
    quantiles[quantile] = Math.max(quantiles[quantile] ?? value, value)
  }
  return {count, sum, quantiles}
}

/** A page, or undefined when it has not one line that belongs to this kind of page: somebody else answers on this port. */
export function readPage(text: string, names: ReadonlySet<string>, own: RegExp): MetricsPage | undefined {
  const page = readMetrics(text, names)
  return [...page.samples.keys()].some(name => own.test(name)) ? page : undefined
}

/** What every process of Calico's tells of itself (client_golang collectors), unless prometheusProcessMetricsEnabled or prometheusGoMetricsEnabled is off. */
export const processGauges = {
  /** Bytes. */
  residentBytes: 'process_resident_memory_bytes',
  heapBytes: 'go_memstats_alloc_bytes',
  goroutines: 'go_goroutines',
  openFiles: 'process_open_fds',
  /** Seconds since 1970: another one is another process, whose counters began anew. */
  startTime: 'process_start_time_seconds',
} as const
export const processCounters = {cpuSeconds: 'process_cpu_seconds_total'} as const

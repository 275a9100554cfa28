import type {Metrics, Summary} from './metrics-model.ts'

/** What happened between two takes of one page. */
export interface Change<C extends string = string, S extends string = string> {
  readonly seconds: number
  /** The process is another one, or a counter went back: what grew is counted from its start. */
  readonly restarted: boolean
  /** Left out where one of the takes does not have it. */
  readonly increase: {readonly [K in C]?: number}
  readonly perSecond: {readonly [K in C]?: number}
  /** Mean of the observations between the takes; left out when there were none. */
  readonly mean: {readonly [K in S]?: number}
}
export interface TimedMetrics<M> {
  /** Milliseconds since 1970, one clock for both takes. */
  readonly at: number
  readonly metrics: M
}

/** Undefined when there is no time between the takes, or they come in the wrong order. */
export function changeBetween<C extends string, S extends string>(
  before: TimedMetrics<Metrics<string, C, S>>,
  after: TimedMetrics<Metrics<string, C, S>>,
): Change<C, S> | undefined {
  const seconds = (after.at - before.at) / 1000
  if (!(seconds > 0) || !Number.isFinite(seconds)) return undefined
  const restarted = isRestarted(before.metrics, after.metrics)
  const increase = counted(before.metrics.counters, after.metrics.counters, restarted)
  const perSecond = mapped(increase, value => value / seconds)
  return {seconds, restarted, increase, perSecond, mean: means(before.metrics.summaries, after.metrics.summaries, restarted)}
}

/** A start time is written with a few digits after the point; a second is more than its rounding and less than any restart. */
function isRestarted(before: Metrics, after: Metrics): boolean {
  const [from, to] = [before.gauges.startTime, after.gauges.startTime]
  if (from !== undefined && to !== undefined) return Math.abs(to - from) >= 1
  return Object.entries(after.counters).some(([name, value]) => value !== undefined && value < (before.counters[name] ?? 0))
}

/** As Prometheus counts: a counter that went back began at 0 (promql: extrapolatedRate). */
function counted<C extends string>(
  before: {readonly [K in C]?: number},
  after: {readonly [K in C]?: number},
  restarted: boolean,
): {readonly [K in C]?: number} {
  const names = Object.keys(after) as C[]
  const grown = names.flatMap(name => {
    const [from, to] = [before[name], after[name]]
    return from === undefined || to === undefined ? [] : [[name, restarted || to < from ? to : to - from]]
  })
  return Object.fromEntries(grown)
}

function means<S extends string>(
  before: {readonly [K in S]?: Summary},
  after: {readonly [K in S]?: Summary},
  restarted: boolean,
): {readonly [K in S]?: number} {
  const names = Object.keys(after) as S[]
  const found = names.flatMap(name => {
    const [from, to] = [before[name], after[name]]
    if (!from || !to) return []
    const anew = restarted || to.count < from.count
    const [count, sum] = anew ? [to.count, to.sum] : [to.count - from.count, to.sum - from.sum]
    // A sum of times does not shrink; one that does was put together wrongly, and no mean follows from it.
    return count > 0 && sum >= 0 ? [[name, sum / count]] : []
  })
  return Object.fromEntries(found)
}

const mapped = <K extends string>(numbers: {readonly [P in K]?: number}, change: (value: number) => number): {readonly [P in K]?: number} =>
  Object.fromEntries(Object.entries<number | undefined>(numbers).flatMap(([name, value]) => (value === undefined ? [] : [[name, change(value)]]))) as {
    readonly [P in K]?: number
  }

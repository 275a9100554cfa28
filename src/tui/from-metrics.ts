import type {FelixCounter, FelixGauge, FelixMetrics, felixErrorCounters} from '../calico/felix-metrics.ts'
import {ipamUse, type PoolUse as PoolNumbers} from '../calico/ipam-use.ts'
import {changeBetween, type TimedMetrics} from '../calico/metrics-rate.ts'
import type {TyphaMetrics} from '../calico/typha-metrics.ts'
import {type Collected, known, orAbsent, unknown, valueOf} from '../engine/collected.ts'
import type {FactTable, PodMetrics} from '../engine/facts.ts'
import type {FelixNumbers, IpamSeen, PoolUse, TyphaPod, TyphaSeen} from './model.ts'

/** One page of Felix, for a `felix` event. `before`: the page that the same node gave last. */
export function felixNumbers(page: Collected<TimedMetrics<FelixMetrics>>, before?: TimedMetrics<FelixMetrics>): Collected<FelixNumbers> {
  if (!page.known) return page
  const {metrics} = page.value
  const {gauges, counters} = metrics
  return known(
    {
      endpoints: told(gauges.endpoints),
      policies: told(gauges.policies),
      applySeconds: applySeconds(page.value, before),
      resyncState: resyncState(gauges.resyncState),
      errors: named(counters, errorNames),
      programmed: named(gauges, programmedNames),
      memoryBytes: told(gauges.residentBytes),
      cpuSeconds: told(counters.cpuSeconds),
    },
    page.partial,
  )
}

/** A page that is there and has no such line: another version, or a collector that is switched off. */
const notTold = unknown('absent', 'this Felix does not tell')
const told = (value: number | undefined): Collected<number> => (value === undefined ? notTold : known(value))

function applySeconds(now: TimedMetrics<FelixMetrics>, before: TimedMetrics<FelixMetrics> | undefined): Collected<number> {
  const lately = before && changeBetween(before, now)?.mean.applyTime
  if (lately !== undefined) return known(lately)
  const sinceStart = now.metrics.summaries.applyTime
  if (!sinceStart) return notTold
  return sinceStart.count > 0 ? known(sinceStart.sum / sinceStart.count) : unknown('absent', 'nothing was applied yet')
}

/** felix/calc/async_calc_graph.go. */
const resyncWords = ['not started', 'wait-for-ready', 'resync', 'in-sync']
function resyncState(value: number | undefined): Collected<string> {
  return value === undefined ? notTold : known(resyncWords[value] ?? `state ${value}`)
}

const errorNames: Readonly<Record<(typeof felixErrorCounters)[number], string>> = {
  dataplaneFailures: 'dataplane',
  iptablesRestoreErrors: 'iptables restore',
  iptablesSaveErrors: 'iptables save',
  nftErrors: 'nft',
  nftListErrors: 'nft list',
  nftSetErrors: 'nft set',
  ipsetErrors: 'ipset',
  logErrors: 'log',
  logsDropped: 'logs dropped',
}
const programmedNames = {
  iptablesRules: 'iptables rules',
  iptablesChains: 'iptables chains',
  nftRules: 'nft rules',
  nftChains: 'nft chains',
  nftSets: 'nft sets',
  ipsets: 'ipsets',
  routes: 'routes',
  bpfEndpoints: 'bpf endpoints',
  bpfDirtyEndpoints: 'bpf endpoints not yet programmed',
} as const satisfies Partial<Record<FelixGauge, string>>

/** What is there, by its name for people; a page with none of them does not tell. */
function named(
  numbers: Readonly<Partial<Record<FelixGauge | FelixCounter, number>>>,
  names: Readonly<Record<string, string>>,
): Collected<Readonly<Record<string, number>>> {
  const found = Object.entries(names).flatMap(([key, name]) => {
    const value = numbers[key as FelixGauge | FelixCounter]
    return value === undefined ? [] : [[name, value] as const]
  })
  return found.length > 0 ? known(Object.fromEntries(found)) : notTold
}

/** For a `typha` event, from typhaMetrics and calicoPods. Where no Typha runs the list is empty. */
export function typhaSeen({typhaMetrics, calicoPods}: Pick<FactTable, 'typhaMetrics' | 'calicoPods'>, at: number): TyphaSeen {
  const pods = new Map((valueOf(calicoPods) ?? unseenPods).map(pod => [`${pod.namespace}/${pod.name}`, pod]))
  const metrics = orAbsent(typhaMetrics, noTyphas)
  if (!metrics.known) return {at, typhas: metrics}
  const seen = metrics.value.map((one): TyphaPod => ({...typhaPod(one), ready: pods.get(`${one.namespace}/${one.pod}`)?.ready ?? false}))
  return {at, typhas: known(seen, metrics.partial)}
}
const noTyphas: readonly PodMetrics<TyphaMetrics>[] = []
/** Whether a pod is ready comes from the list of pods; its metrics came after that list was had. */
const unseenPods: Extract<FactTable['calicoPods'], {known: true}>['value'] = []

function typhaPod({pod, node, metrics}: PodMetrics<TyphaMetrics>): Omit<TyphaPod, 'ready'> {
  const name = {name: pod, node: node ?? null}
  if (!metrics.known) return {...name, clients: metrics, pingSeconds: metrics}
  const {gauges, summaries} = metrics.value
  return {...name, clients: told(gauges.connections), ...ping(summaries.pingLatency)}
}

function ping(latency: TyphaMetrics['summaries']['pingLatency']): Pick<TyphaPod, 'pingSeconds' | 'pingKind'> {
  const worst = latency?.quantiles['0.99']
  if (worst !== undefined) return {pingSeconds: known(worst), pingKind: 'p99 of ten minutes'}
  if (!latency || latency.count === 0) return {pingSeconds: unknown('absent', 'no ping was answered yet')}
  return {pingSeconds: known(latency.sum / latency.count), pingKind: 'mean since it started'}
}

/** For an `ipam` event, from ipPools and ipamBlocks. A pool whose blocks could not be seen is there all the same. */
export function ipamSeen({ipPools, ipamBlocks}: Pick<FactTable, 'ipPools' | 'ipamBlocks'>, at: number): IpamSeen {
  if (!ipPools.known) return {at, pools: ipPools}
  const {pools} = ipamUse(valueOf(ipamBlocks) ?? noBlocks, ipPools.value)
  return {
    at,
    pools: known(
      pools.map(pool => poolUse(pool, ipamBlocks)),
      ipPools.partial,
    ),
  }
}
/** For what pools are alone; what is used then comes with the cause. */
const noBlocks: Extract<FactTable['ipamBlocks'], {known: true}>['value'] = []

function poolUse({name, cidr, disabled, capacity, inUse, blocks, blocksPossible}: PoolNumbers, seen: FactTable['ipamBlocks']): PoolUse {
  const of = (value: number): Collected<number> => (seen.known ? known(value, seen.partial) : seen)
  return {name, cidr, disabled, size: counted(capacity), used: of(Number(inUse)), blocks: of(blocks), maxBlocks: counted(blocksPossible)}
}

const counted = (amount: bigint) => (amount > BigInt(Number.MAX_SAFE_INTEGER) ? Number.POSITIVE_INFINITY : Number(amount))

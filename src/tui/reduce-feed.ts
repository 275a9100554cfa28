import {valueOf} from '../engine/collected.ts'
import type {FeedEvent} from './events.ts'
import {historyAfter, noHistory} from './felix-history.ts'
import {findingKey} from './finding-key.ts'
import {flapsAfter} from './flaps.ts'
import {keptAfter, nothingKept} from './kept.ts'
import type {ClusterSeen, FelixSample, IpamSeen, NodeFacts, NodeLook, ReportSeen} from './model.ts'
import type {NodeEntry, State} from './state.ts'

/** The state after what a feed told. */
export function reduceFeed(state: State, event: FeedEvent): State {
  switch (event.type) {
    case 'feed':
      return {...state, feed: {mode: event.mode, intervalMs: event.intervalMs}}
    case 'clock':
      return {...state, now: event.now, frozen: true}
    case 'anew':
      return forgotten(state)
    case 'position':
      return {...state, position: {round: event.round, rounds: event.rounds}}
    case 'cluster':
      return afterCluster(state, event.seen, event.at)
    case 'looks':
      return afterLooks(state, event.looks)
    case 'felix':
      return afterFelix(state, event.samples)
    case 'typha':
      return {...state, typha: keptAfter(state.typha, event.seen.typhas, event.seen.at)}
    case 'ipam':
      return afterIpam(state, event.seen)
    case 'report':
      return afterReport(state, event.seen)
    case 'api':
      return afterApi(state, event)
    case 'told':
      return {...state, told: {text: event.text, bad: event.bad ?? false, at: state.now}}
  }
}

/** All that a feed told; what the person chose stays. */
function forgotten({cluster: _cluster, typha: _typha, ipam: _ipam, report: _report, ...kept}: State): State {
  return {...kept, api: {connected: true}, nodes: new Map(), pools: new Map(), firstSeen: {}}
}

/** Nodes that are gone from the API are gone here; when the list could not be had, the nodes stay as they were. */
function afterCluster(state: State, seen: ClusterSeen, at: number): State {
  const cluster = {...seen, at}
  if (!seen.nodes.known) return {...state, cluster}
  const whole = seen.nodes.partial === undefined
  const listed = new Map(seen.nodes.value.map(facts => [facts.name, facts]))
  const kept = [...state.nodes].filter(([name, {facts}]) => listed.has(name) || !whole || !facts)
  const nodes = new Map(kept.map(([name, entry]) => [name, withFacts(entry, listed.get(name))]))
  for (const [name, facts] of listed) if (!nodes.has(name)) nodes.set(name, {...newNode(name), facts})
  return {...state, cluster, nodes}
}

/** An entry that says the same stays the same object: what was drawn from it need not be made anew. */
const withFacts = (entry: NodeEntry, facts: NodeFacts | undefined): NodeEntry =>
  !facts || JSON.stringify(entry.facts) === JSON.stringify(facts) ? entry : {...entry, facts}
const newNode = (name: string): NodeEntry => ({name, bgp: nothingKept, mtus: nothingKept, felix: nothingKept, history: noHistory, flaps: {}})

function afterLooks(state: State, looks: readonly NodeLook[]): State {
  const nodes = new Map(state.nodes)
  for (const {node, at, bgp, mtus} of looks) {
    const entry = nodes.get(node) ?? newNode(node)
    const flaps = bgp.known ? flapsAfter(entry, bgp.value, at) : entry.flaps
    nodes.set(node, {...entry, flaps, bgp: keptAfter(entry.bgp, bgp, at), mtus: keptAfter(entry.mtus, mtus, at)})
  }
  return {...state, nodes}
}

function afterFelix(state: State, samples: readonly FelixSample[]): State {
  const nodes = new Map(state.nodes)
  for (const {node, at, felix} of samples) {
    const entry = nodes.get(node) ?? newNode(node)
    nodes.set(node, {...entry, history: historyAfter(entry, felix, at), felix: keptAfter(entry.felix, felix, at)})
  }
  return {...state, nodes}
}

/** Points of half an hour are kept: growth is told a minute. */
const rememberedMs = 30 * 60_000

function afterIpam(state: State, {at, pools}: IpamSeen): State {
  const ipam = keptAfter(state.ipam, pools, at)
  if (!pools.known) return {...state, ipam}
  const points = pools.value.map(({name, used, blocks}) => {
    const [usedNow, blocksNow] = [valueOf(used), valueOf(blocks)]
    const point = {at, ...(usedNow !== undefined && {used: usedNow}), ...(blocksNow !== undefined && {blocks: blocksNow})}
    return [name, [...(state.pools.get(name) ?? []).filter(old => at - old.at < rememberedMs), point]] as const
  })
  return {...state, ipam, pools: new Map(points)}
}

/** A finding that comes back after it was gone is new again. */
function afterReport(state: State, report: ReportSeen): State {
  const keys = report.report.checks.flatMap(({findings}) => findings.map(findingKey))
  return {...state, report, firstSeen: Object.fromEntries(keys.map(key => [key, state.firstSeen[key] ?? report.at]))}
}

function afterApi(state: State, event: Extract<FeedEvent, {type: 'api'}>): State {
  if (event.connected) return {...state, api: {connected: true}}
  const since = state.api.connected ? event.at : state.api.since
  return {...state, api: {connected: false, since, detail: event.detail, ...(event.retryAt !== undefined && {retryAt: event.retryAt})}}
}

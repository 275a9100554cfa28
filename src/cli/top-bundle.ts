import type {FelixMetrics} from '../calico/felix-metrics.ts'
import {loadChecks} from '../checks/index.ts'
import {type Collected, known, unknown} from '../engine/collected.ts'
import type {FactTable} from '../engine/facts.ts'
import {report} from '../engine/report.ts'
import type {Snapshot} from '../engine/snapshot.ts'
import type {FeedEvent} from '../tui/events.ts'
import type {Feed} from '../tui/feed.ts'
import {clusterSeen, looksOf} from '../tui/from-facts.ts'
import {felixNumbers, ipamSeen, typhaSeen} from '../tui/from-metrics.ts'
import type {FelixSample} from '../tui/model.ts'
import {ofBundle} from './bundle-fault.ts'
import {lookIntoBundle} from './bundle-look.ts'
import {version} from './package.ts'

/** A saved cluster as a feed: all of it at once, at the time when it was seen, and then nothing more. `start` throws SourceError. */
export function bundleFeed(file: string, flags: {readonly node?: string[] | undefined}): Feed {
  return {
    start: async send => {
      const [{snapshot, table}, checks] = await Promise.all([lookIntoBundle(file, flags), loadChecks()])
      const judged = ofBundle(file, () => report(snapshot, table, checks, {version}))
      const now = endOf(snapshot)
      const visits = visitsOf(snapshot, now)
      const events: FeedEvent[] = ofBundle(file, () => [
        {type: 'feed', mode: 'bundle', intervalMs: 0},
        {type: 'clock', now},
        {type: 'cluster', at: now, seen: clusterSeen(table, judged.cluster, snapshot.source)},
        {type: 'looks', looks: looksOf(table, visits)},
        {type: 'felix', samples: felixSamples(table, snapshot, visits)},
        {type: 'typha', seen: typhaSeen(table, now)},
        {type: 'ipam', seen: ipamSeen(table, now)},
        {type: 'report', seen: {at: now, report: judged, why: Object.fromEntries(checks.map(({id, why}) => [id, why]))}},
      ])
      for (const event of events) send(event)
    },
    command: () => {},
    stop: async () => {},
  }
}

/** One page for each node, so there are numbers and no rates. */
function felixSamples({felixMetrics}: FactTable, {nodesWanted}: Snapshot, at: (node: string) => number): FelixSample[] {
  const names = nodesWanted.known ? nodesWanted.value : []
  return names.map(node => {
    const page: Collected<FelixMetrics> = felixMetrics.known ? (felixMetrics.value[node] ?? unknown('not-collected', 'nobody asked')) : felixMetrics
    return {node, at: at(node), felix: felixNumbers(page.known ? known({at: at(node), metrics: page.value}, page.partial) : page)}
  })
}

/** A file may hold any text for a time. */
function endOf({takenAt, durationMs}: Snapshot): number {
  const end = Date.parse(takenAt) + durationMs
  return Number.isFinite(end) && Math.abs(end) < 8.64e15 ? end : 0
}

/** When each node was asked last. */
function visitsOf({evidence}: Snapshot, otherwise: number): (node: string) => number {
  const at = new Map<string, number>()
  for (const takes of Object.values(evidence)) {
    for (const take of takes) {
      const time = Date.parse(take.at)
      if (take.node !== undefined && Number.isFinite(time)) at.set(take.node, Math.max(time, at.get(take.node) ?? 0))
    }
  }
  return node => at.get(node) ?? otherwise
}

import {loadChecks} from '../checks/index.ts'
import {collectors} from '../collectors/index.ts'
import {known} from '../engine/collected.ts'
import type {Snapshot, Source} from '../engine/snapshot.ts'
import {LiveFeed} from '../live/feed.ts'
import type {LiveWays} from '../live/ways.ts'
import type {Feed} from '../tui/feed.ts'
import {type LookFlags, sourceOf} from './look.ts'
import {nodeStatusFacts, wideFacts} from './node-status.ts'
import {version} from './package.ts'
import {topFacts} from './top-facts.ts'
import {type Ways, waysIn} from './ways.ts'

export interface LiveFlags extends LookFlags {
  /** Milliseconds. */
  readonly interval: number
}

/** So that a big cluster is asked in turn, not all at once. */
const execsPerSecond = 20
/** /version is served from memory. */
const heartbeatLimits = {timeoutMs: 5_000, maxBytes: 64 * 1024}

/** The live view's feed from a cluster. Throws SourceError when the cluster cannot be read at all. `write` is given all that is known when a bundle is asked for. */
export async function openLive(flags: LiveFlags, write: (snapshot: Snapshot) => Promise<string>, kind: Source['kind'] = 'live'): Promise<Feed> {
  const end = new AbortController()
  const ways = await waysIn(flags, end.signal, kind === 'demo' ? {} : process.env)
  const checks = await loadChecks()
  return new LiveFeed({
    ways: liveWays(ways, () => end.abort()),
    collectors,
    checks,
    facts: [...nodeStatusFacts, ...wideFacts, ...topFacts.filter(fact => fact !== 'felixMetrics')],
    ...(ways.nodes && {nodes: ways.nodes}),
    source: sourceOf(ways, kind),
    settings: {exec: ways.exec, checks: checks.map(({id}) => id), nodes: flags.node ?? []},
    intervalMs: flags.interval,
    nodeTimeoutMs: flags['node-timeout'],
    concurrency: flags.concurrency,
    execsPerSecond,
    version,
    write,
  })
}

function liveWays({cluster, door, watching, close}: Ways, end: () => void): LiveWays {
  const watched = watching?.()
  const {etcd} = cluster
  return {
    cluster,
    door,
    of: source => (watched ? {...watched.of(source), ...(etcd && {etcd})} : cluster),
    // On a node without a kubeconfig there is no API to lose.
    heartbeat: async () => (watched ? cluster.text('/version', heartbeatLimits) : known('')),
    doubt: () => watched?.doubt(),
    close: () => {
      end()
      watched?.close()
      close()
    },
  }
}

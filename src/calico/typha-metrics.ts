import {type MetricNames, type Metrics, metricsIn, processCounters, processGauges, readPage, wantedNames} from './metrics-model.ts'

/** Names as in typha/pkg. Since v3.23 most have label `syncer` (felix, bgp, tunnel-ip-allocation, node-status): added up, and the slowest quantile taken. */
const names = {
  gauges: {
    ...processGauges,
    /** Connections of clients, those in the handshake too: up to four for a node, one for each syncer. */
    connections: 'typha_connections_active',
    streaming: 'typha_connections_streaming',
    /** Keys and values in the cache of the datastore. */
    cacheSize: 'typha_cache_size',
    breadcrumb: 'typha_breadcrumb_seq_number',
    snapshotBytes: 'typha_snapshot_raw_bytes',
  },
  counters: {
    ...processCounters,
    accepted: 'typha_connections_accepted',
    /** To rebalance between Typhas; clients that fall behind are dropped too. */
    dropped: 'typha_connections_dropped',
    graceUsed: 'typha_connections_grace_used',
    updates: 'typha_updates_total',
    updatesSkipped: 'typha_updates_skipped',
    snapshotsGenerated: 'typha_snapshots_generated',
    snapshotsReused: 'typha_snapshots_reused',
    breadcrumbsWaited: 'typha_breadcrumb_block',
    breadcrumbsBehind: 'typha_breadcrumb_non_block',
    logErrors: 'typha_log_errors',
    logsDropped: 'typha_logs_dropped',
  },
  summaries: {
    /** Seconds, there and back. */
    pingLatency: 'typha_ping_latency',
    /** Seconds that clients are behind. */
    clientLatency: 'typha_client_latency_secs',
    writeLatency: 'typha_client_write_latency_secs',
    snapshotSend: 'typha_client_snapshot_send_secs',
    nextBreadcrumb: 'typha_next_breadcrumb_latency_secs',
    kvsPerMessage: 'typha_kvs_per_msg',
  },
} as const satisfies MetricNames<string, string, string>

export type TyphaGauge = keyof typeof names.gauges
export type TyphaCounter = keyof typeof names.counters
export type TyphaSummary = keyof typeof names.summaries
export type TyphaMetrics = Metrics<TyphaGauge, TyphaCounter, TyphaSummary>

export const typhaWanted: ReadonlySet<string> = wantedNames(names)

/** Undefined for a page that is none of Typha's. Never throws. */
export function readTyphaMetrics(text: string): TyphaMetrics | undefined {
  const page = readPage(text, typhaWanted, /^typha_/)
  return page && metricsIn(page, names)
}

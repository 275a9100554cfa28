import type {ClusterState, KubeObject} from './cluster-state.ts'
import {metric, processLines, summary} from './metrics-text.ts'
import {startOf, workloadsOf} from './page-facts.ts'

const syncers = ['bgp', 'felix', 'tunnel-ip-allocation'] as const

/** Typha's page: each node has a connection for each syncer, shared out between the replicas. `seconds` since the simulation started. */
export function typhaPage(state: ClusterState, pod: KubeObject, seconds: number): string {
  const replicas = (state.objects.pods ?? []).filter(({metadata}) => metadata.labels?.['k8s-app'] === 'calico-typha')
  const nodes = Object.keys(state.nodes).length
  const at = replicas.findIndex(({metadata}) => metadata.name === pod.metadata.name)
  const clients = Math.floor(nodes / replicas.length) + (at < nodes % replicas.length ? 1 : 0)
  const each = (value: number) => syncers.map(syncer => [`syncer="${syncer}"`, value] as const)
  const pings = (Math.round(seconds / 10) + 30) * clients
  const latency = 0.0012 + 0.0005 * Math.sin(seconds / 15 + at)
  return [
    metric('gauge', 'typha_connections_active', 'Open connections of clients.', ['', clients * syncers.length]),
    metric('gauge', 'typha_connections_streaming', 'Connections of clients that are past the handshake.', ...each(clients)),
    metric('counter', 'typha_connections_accepted', 'Connections accepted.', ['', clients * syncers.length + 6]),
    metric('counter', 'typha_connections_dropped', 'Connections dropped to rebalance.', ['', 0]),
    metric('gauge', 'typha_cache_size', 'Keys and values in the cache.', ...each(workloadsOf(state).total + nodes * 8 + 40)),
    metric('gauge', 'typha_breadcrumb_seq_number', 'Deltas of snapshots so far.', ...each(Math.round(seconds * 2) + 1_000)),
    metric('counter', 'typha_updates_total', 'Updates from the datastore.', ...each(Math.round(seconds * 4) + 3_000)),
    ...syncers.map(syncer =>
      summary('typha_ping_latency', 'Seconds to a client and back.', {
        count: pings,
        sum: pings * 0.0012,
        quantiles: {'0.5': latency, '0.9': latency * 1.6, '0.99': latency * 4},
        labels: `syncer="${syncer}"`,
      }),
    ),
    summary('typha_client_snapshot_send_secs', 'Seconds to send the first snapshot.', {
      count: clients,
      sum: clients * 0.05,
      quantiles: {'0.5': 0.04, '0.99': 0.2},
    }),
    processLines({residentBytes: 70 * 1_048_576, cpuSeconds: 120 + seconds * 0.01, startTime: startOf(pod), goroutines: 40 + clients * 6}),
  ].join('')
}

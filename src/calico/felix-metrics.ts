import {type MetricNames, type Metrics, metricsIn, processCounters, processGauges, readPage, wantedNames} from './metrics-model.ts'

/** Names as in felix/**: of v3.20 to v3.33 none was renamed; nft, bpf and flowtable numbers came with their dataplanes. */
const names = {
  gauges: {
    ...processGauges,
    /** 1 waits for the datastore, 2 resync, 3 in sync; 0 not started (felix/calc/async_calc_graph.go). */
    resyncState: 'felix_resync_state',
    endpoints: 'felix_active_local_endpoints',
    policies: 'felix_active_local_policies',
    selectors: 'felix_active_local_selectors',
    /** Of the whole cluster, as this Felix knows it: nodes that disagree have a stale Typha. */
    clusterHosts: 'felix_cluster_num_hosts',
    clusterEndpoints: 'felix_cluster_num_workload_endpoints',
    clusterHostEndpoints: 'felix_cluster_num_host_endpoints',
    clusterPolicies: 'felix_cluster_num_policies',
    clusterProfiles: 'felix_cluster_num_profiles',
    clusterTiers: 'felix_cluster_num_tiers',
    /** Seconds from the start to the first time the dataplane was in sync. */
    initialResyncSeconds: 'felix_int_dataplane_initial_resync_time_seconds',
    /** Over all tables and IP versions. */
    iptablesRules: 'felix_iptables_rules',
    iptablesChains: 'felix_iptables_chains',
    nftRules: 'felix_nft_rules',
    nftChains: 'felix_nft_chains',
    nftSets: 'felix_nft_sets',
    nftMissingDevices: 'felix_nft_flowtable_missing_devices',
    ipsets: 'felix_ipsets_calico',
    routes: 'felix_route_table_num_routes',
    routeInterfaces: 'felix_route_table_num_ifaces',
    bpfEndpoints: 'felix_bpf_dataplane_endpoints',
    bpfHappyEndpoints: 'felix_bpf_happy_dataplane_endpoints',
    bpfDirtyEndpoints: 'felix_bpf_dirty_dataplane_endpoints',
    bpfConntrackUsed: 'felix_bpf_conntrack_used',
  },
  counters: {
    ...processCounters,
    resyncsStarted: 'felix_resyncs_started',
    dataplaneFailures: 'felix_int_dataplane_failures',
    dataplaneMessages: 'felix_int_dataplane_messages',
    iptablesRestoreCalls: 'felix_iptables_restore_calls',
    iptablesRestoreErrors: 'felix_iptables_restore_errors',
    iptablesSaveCalls: 'felix_iptables_save_calls',
    iptablesSaveErrors: 'felix_iptables_save_errors',
    iptablesLines: 'felix_iptables_lines_executed',
    nftCalls: 'felix_nft_calls',
    nftErrors: 'felix_nft_errors',
    nftListCalls: 'felix_nft_list_calls',
    nftListErrors: 'felix_nft_list_errors',
    nftSetCalls: 'felix_nft_set_calls',
    nftSetErrors: 'felix_nft_set_errors',
    ipsetCalls: 'felix_ipset_calls',
    ipsetErrors: 'felix_ipset_errors',
    ipsetLines: 'felix_ipset_lines_executed',
    logErrors: 'felix_log_errors',
    logsDropped: 'felix_logs_dropped',
  },
  summaries: {
    /** Seconds for each update of the dataplane after the first resync. */
    applyTime: 'felix_int_dataplane_apply_time_seconds',
    /** Seconds to work an update of the datastore into the calculation graph. */
    calcGraphTime: 'felix_calc_graph_update_time_seconds',
    /** Seconds to list all routes. */
    routeResyncTime: 'felix_route_table_resync_seconds',
  },
} as const satisfies MetricNames<string, string, string>

export type FelixGauge = keyof typeof names.gauges
export type FelixCounter = keyof typeof names.counters
export type FelixSummary = keyof typeof names.summaries
/** What Felix tells of itself on its metrics page; `gauges`, `counters`, `summaries` by the names above. */
export type FelixMetrics = Metrics<FelixGauge, FelixCounter, FelixSummary>

export const felixWanted: ReadonlySet<string> = wantedNames(names)

/** Undefined for a page that is none of Felix's. Never throws. */
export function readFelixMetrics(text: string): FelixMetrics | undefined {
  const page = readPage(text, felixWanted, /^felix_/)
  return page && metricsIn(page, names)
}

/** Counters that mean trouble when they grow (facts: calico.md §7). */
export const felixErrorCounters = [
  'dataplaneFailures',
  'iptablesRestoreErrors',
  'iptablesSaveErrors',
  'nftErrors',
  'nftListErrors',
  'nftSetErrors',
  'ipsetErrors',
  'logErrors',
  'logsDropped',
] as const satisfies readonly FelixCounter[]

import type {ClusterState, KubeObject} from './cluster-state.ts'
import {metric, processLines, summary} from './metrics-text.ts'
import {calicoObjects, isReady, nodeOf, specOf, startOf, workloadsOf} from './page-facts.ts'
import {numberOf} from './scenarios/identity.ts'

interface Told {
  readonly state: ClusterState
  readonly pod: KubeObject
  readonly node: string
  /** Endpoints on this node. */
  readonly own: number
  /** It waits for the datastore, and so knows nothing of the cluster. */
  readonly waits: boolean
  /** Since the simulation started: what counts, counts on. */
  readonly seconds: number
}

/** Felix's page; the numbers are those of the simulated cluster, and what no cluster says is made up of the node's name. */
export function felixPage(state: ClusterState, pod: KubeObject, seconds: number): string {
  const node = nodeOf(pod)
  const waits = !isReady(pod)
  const told = {state, pod, node, waits, seconds, own: waits ? 0 : (workloadsOf(state).byNode.get(node) ?? 0)}
  return [calculation(told), dataplane(told), isBpf(told) ? bpf(told) : iptables(told), routes(told), process(told)].join('')
}

function calculation({state, node, own, waits, seconds}: Told): string {
  const of = (count: number) => (waits ? 0 : count)
  return [
    metric('gauge', 'felix_host', 'The host that these numbers are of.', [`host="${node}"`, 1]),
    metric('gauge', 'felix_resync_state', '1 waits for the datastore, 2 resync, 3 in sync.', ['', waits ? 1 : 3]),
    metric('counter', 'felix_resyncs_started', 'Resyncs with the datastore.', ['', 1]),
    metric('gauge', 'felix_active_local_endpoints', 'Endpoints on this host.', ['', own]),
    metric('gauge', 'felix_active_local_policies', 'Policies that are active on this host.', ['', of(3)]),
    metric('gauge', 'felix_active_local_selectors', 'Selectors that are active on this host.', ['', own * 2]),
    metric('gauge', 'felix_cluster_num_hosts', 'Hosts in the cluster.', ['', of(Object.keys(state.nodes).length)]),
    metric('gauge', 'felix_cluster_num_workload_endpoints', 'Workload endpoints in the cluster.', ['', of(workloadsOf(state).total)]),
    metric('gauge', 'felix_cluster_num_tiers', 'Tiers in the cluster.', ['', of(calicoObjects(state, 'tiers').length)]),
    summary('felix_calc_graph_update_time_seconds', 'Seconds for an update of the datastore.', {
      count: Math.round(seconds * 2) + 900,
      sum: (Math.round(seconds * 2) + 900) * 0.0004,
      quantiles: {'0.5': 0.0003, '0.9': 0.0006, '0.99': 0.002},
    }),
  ].join('')
}

function dataplane({node, waits, seconds}: Told): string {
  const slow = 0.004 + numberOf(`apply ${node}`, 1_000) / 100_000
  const phase = seconds / 20 + numberOf(node, 60)
  const now = slow * (1 + 0.4 * Math.sin(phase))
  // Two seconds an update, each of which takes `now`: their sum so far.
  const sum = slow * (seconds / 2 + 150 - 4 * Math.cos(phase))
  return [
    metric('counter', 'felix_int_dataplane_failures', 'Updates of the dataplane that failed and are tried again.', ['', 0]),
    metric('counter', 'felix_int_dataplane_messages', 'Messages to the dataplane.', ['type="*proto.RouteUpdate"', Math.round(seconds * 3) + 400]),
    summary('felix_int_dataplane_apply_time_seconds', 'Seconds for each update of the dataplane.', {
      count: waits ? 0 : Math.round(seconds / 2) + 150,
      sum: waits ? 0 : sum,
      quantiles: waits ? {'0.5': Number.NaN, '0.99': Number.NaN} : {'0.5': now, '0.9': now * 2, '0.99': now * 5},
    }),
  ].join('')
}

/** As Felix decides: switched on, and the kernel is not too old for it (facts §5.3). */
function isBpf({state, node}: Told): boolean {
  const [major = 0, minor = 0] = (state.nodes[node]?.kernelVersion ?? '').split('.').map(Number)
  return specOf(state, 'felixconfigurations').bpfEnabled === true && (major > 5 || (major === 5 && minor >= 3))
}

const bpf = ({own}: Told) =>
  [
    metric('gauge', 'felix_bpf_dataplane_endpoints', 'Endpoints in the dataplane.', ['', own]),
    metric('gauge', 'felix_bpf_happy_dataplane_endpoints', 'Endpoints that are programmed.', ['', own]),
    metric('gauge', 'felix_bpf_dirty_dataplane_endpoints', 'Endpoints left dirty by a failure.', ['', 0]),
  ].join('')

function iptables({own, seconds}: Told): string {
  const calls = Math.round(seconds / 4) + 60
  const ofTable = (count: number) => (['filter', 'nat', 'mangle', 'raw'] as const).map(table => [`ip_version="4",table="${table}"`, count] as const)
  return [
    metric('gauge', 'felix_iptables_rules', 'Active rules.', ...ofTable(own * 7 + 60)),
    metric('gauge', 'felix_iptables_chains', 'Active chains.', ...ofTable(own * 3 + 20)),
    metric('counter', 'felix_iptables_lines_executed', 'Lines given to iptables-restore.', ...ofTable(calls * 5)),
    metric('counter', 'felix_iptables_restore_calls', 'Calls of iptables-restore.', ['', calls]),
    metric('counter', 'felix_iptables_restore_errors', 'Errors of iptables-restore.', ['', 0]),
    metric('counter', 'felix_iptables_save_calls', 'Calls of iptables-save.', ['', calls * 2]),
    metric('counter', 'felix_iptables_save_errors', 'Errors of iptables-save.', ['', 0]),
  ].join('')
}

const routes = ({own, seconds}: Told) =>
  [
    metric('gauge', 'felix_ipsets_calico', 'Active IP sets.', ['ip_version="4"', 5]),
    metric('counter', 'felix_ipset_calls', 'Calls of ipset.', ['', Math.round(seconds / 5) + 40]),
    metric('counter', 'felix_ipset_errors', 'Errors of ipset.', ['', 0]),
    metric('gauge', 'felix_route_table_num_ifaces', 'Interfaces of a routing table.', ['table="254"', own + 2]),
    metric('gauge', 'felix_route_table_num_routes', 'Routes that Felix keeps in a routing table.', ['table="254"', own]),
  ].join('')

/** One that finds no Typha says so in its log, and the log is behind. */
function process({pod, node, waits, seconds}: Told): string {
  const share = 0.02 + numberOf(`cpu ${node}`, 40) / 1_000
  return [
    metric('counter', 'felix_log_errors', 'Errors of logging.', ['', 0]),
    metric('counter', 'felix_logs_dropped', 'Lines of the log that were dropped.', ['', waits ? Math.round(seconds * 1.5) + 20 : 0]),
    processLines({
      residentBytes: (90 + numberOf(`memory ${node}`, 60)) * 1_048_576,
      cpuSeconds: 300 + seconds * share,
      startTime: startOf(pod),
      goroutines: waits ? 90 : 220,
    }),
  ].join('')
}

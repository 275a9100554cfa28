import type {ClusterState, KubeObject} from './cluster-state.ts'

/** Prometheus' text of a Calico pod; undefined where nothing listens on this port. Names as in Calico's source, numbers as in the simulated cluster. */
export function metricsPageOf(state: ClusterState, pod: KubeObject, port: number): string | undefined {
  const app = pod.metadata.labels?.['k8s-app']
  if (app === 'calico-node' || app === 'canal') return port === felixPort(state, pod) ? felixPage(state, pod) : undefined
  if (app === 'calico-typha') return port === typhaPort(pod) ? typhaPage(state) : undefined
  if (app === 'calico-kube-controllers') return port === controllersPort(state) ? controllersPage(state) : undefined
  return undefined
}

type Sample = readonly [labels: string, value: number]
function metric(type: 'gauge' | 'counter', name: string, help: string, ...samples: readonly Sample[]): string {
  return [
    `# HELP ${name} ${help}`,
    `# TYPE ${name} ${type}`,
    ...samples.map(([labels, value]) => `${name}${labels === '' ? '' : `{${labels}}`} ${value}`),
    '',
  ].join('\n')
}

/** Felix listens only when told to, by its configuration or, before that, by its environment (facts: §7, §8.1). */
function felixPort(state: ClusterState, pod: KubeObject): number | undefined {
  const spec = specOf(state, 'felixconfigurations')
  const isOn = envOf(pod, 'FELIX_PROMETHEUSMETRICSENABLED') ?? String(spec.prometheusMetricsEnabled ?? false)
  return isOn === 'true' ? Number(envOf(pod, 'FELIX_PROMETHEUSMETRICSPORT') ?? spec.prometheusMetricsPort ?? 9091) : undefined
}
const typhaPort = (pod: KubeObject) =>
  envOf(pod, 'TYPHA_PROMETHEUSMETRICSENABLED') === 'true' ? Number(envOf(pod, 'TYPHA_PROMETHEUSMETRICSPORT') ?? 9093) : undefined
const controllersPort = (state: ClusterState) => Number(specOf(state, 'kubecontrollersconfigurations').prometheusMetricsPort ?? 9094) || undefined

function felixPage(state: ClusterState, pod: KubeObject): string {
  const node = (pod.spec as {nodeName?: string}).nodeName ?? ''
  const own = workloadsOf(state).filter(one => nodeOf(one) === node).length
  return [
    metric('gauge', 'felix_host', 'The host that these numbers are of.', [`host="${node}"`, 1]),
    metric('gauge', 'felix_resync_state', '1 waits for the datastore, 2 resync, 3 in sync.', ['', 3]),
    metric('gauge', 'felix_active_local_endpoints', 'Endpoints on this host.', ['', own]),
    metric('gauge', 'felix_cluster_num_hosts', 'Hosts in the cluster.', ['', Object.keys(state.nodes).length]),
    metric('gauge', 'felix_cluster_num_workload_endpoints', 'Workload endpoints in the cluster.', ['', workloadsOf(state).length]),
    metric('gauge', 'felix_cluster_num_tiers', 'Tiers in the cluster.', ['', calicoObjects(state, 'tiers').length]),
    metric('counter', 'felix_int_dataplane_failures', 'Updates of the dataplane that failed and are tried again.', ['', 0]),
    metric('counter', 'felix_iptables_restore_errors', 'Errors of iptables-restore.', ['', 0]),
    metric('gauge', 'felix_route_table_num_routes', 'Routes that Felix keeps in a routing table.', ['table="254"', own]),
  ].join('')
}

function typhaPage(state: ClusterState): string {
  const replicas = (state.objects.pods ?? []).filter(({metadata}) => metadata.labels?.['k8s-app'] === 'calico-typha').length
  const clients = Math.ceil(Object.keys(state.nodes).length / Math.max(1, replicas))
  return [
    metric('gauge', 'typha_connections_active', 'Open connections of clients.', ['', clients * 3]),
    metric(
      'gauge',
      'typha_connections_streaming',
      'Connections of clients that are past the handshake.',
      ...['bgp', 'felix', 'tunnel-ip-allocation'].map((syncer): Sample => [`syncer="${syncer}"`, clients]),
    ),
    metric('counter', 'typha_connections_dropped', 'Connections dropped to rebalance.', ['', 0]),
  ].join('')
}

function controllersPage(state: ClusterState): string {
  const used = [...Map.groupBy(workloadsOf(state), nodeOf)].sort(([a], [b]) => (a < b ? -1 : 1))
  const samples = used.map(([node, pods]): Sample => [`ippool="${poolOf(state)}",node="${node}"`, pods.length])
  return [
    metric('gauge', 'ipam_allocations_in_use', 'Addresses in use.', ...samples),
    metric('gauge', 'ipam_blocks', 'Blocks of the pool.', ['', calicoObjects(state, 'ipamblocks').length]),
    metric('counter', 'ipam_allocations_gc_reclamations', 'Addresses that the garbage collector took back.', ['', 0]),
  ].join('')
}

const nodeOf = ({spec}: KubeObject) => (spec as {nodeName?: string}).nodeName ?? ''
const workloadsOf = ({objects}: ClusterState) => (objects.pods ?? []).filter(({spec}) => !(spec as {hostNetwork?: boolean}).hostNetwork)
const poolOf = (state: ClusterState) => calicoObjects(state, 'ippools').at(-1)?.metadata.name ?? 'no_ippool'

/** Where the datastore is, in whichever group; an etcd's objects by their keys. */
function calicoObjects({objects, etcd = {}}: ClusterState, resource: string): readonly KubeObject[] {
  const stored = objects[`${resource}.crd.projectcalico.org`] ?? objects[`${resource}.projectcalico.org`]
  const prefix = `/calico/resources/v3/projectcalico.org/${resource}/`
  return stored ?? Object.entries(etcd).flatMap(([key, value]) => (key.startsWith(prefix) ? [value as KubeObject] : []))
}

const specOf = (state: ClusterState, resource: string): Record<string, unknown> =>
  (calicoObjects(state, resource).find(({metadata}) => metadata.name === 'default')?.spec ?? {}) as Record<string, unknown>

function envOf({spec}: KubeObject, name: string): string | undefined {
  const [container] = (spec as {containers?: readonly {env?: readonly {name: string; value?: string}[]}[]}).containers ?? []
  return container?.env?.find(one => one.name === name)?.value
}

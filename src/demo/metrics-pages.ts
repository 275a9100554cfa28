import type {ClusterState, KubeObject} from './cluster-state.ts'
import {felixPage} from './felix-page.ts'
import {metric, processLines} from './metrics-text.ts'
import {calicoObjects, envOf, specOf, startOf, workloadsOf} from './page-facts.ts'
import {typhaPage} from './typha-page.ts'

/**
 * Prometheus' text of a Calico pod; undefined where nothing listens on this port. Names as in Calico's source, numbers as in the simulated cluster; counters
 * grow with the time that the simulation runs.
 */
export function metricsPageOf(state: ClusterState, pod: KubeObject, port: number, seconds: number = performance.now() / 1000): string | undefined {
  const app = pod.metadata.labels?.['k8s-app']
  if (app === 'calico-node' || app === 'canal') return port === felixPort(state, pod) ? felixPage(state, pod, seconds) : undefined
  if (app === 'calico-typha') return port === typhaPort(pod) ? typhaPage(state, pod, seconds) : undefined
  if (app === 'calico-kube-controllers') return port === controllersPort(state) ? controllersPage(state, pod, seconds) : undefined
  return undefined
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

function controllersPage(state: ClusterState, pod: KubeObject, seconds: number): string {
  const used = [...workloadsOf(state).byNode].sort(([a], [b]) => (a < b ? -1 : 1))
  const pool = poolOf(state)
  const byNode = (count: (own: number) => number) => used.map(([node, own]) => [`ippool="${pool.name}",node="${node}"`, count(own)] as const)
  return [
    metric('gauge', 'ipam_ippool_size', 'Addresses of the pool.', [`ippool="${pool.name}"`, pool.size]),
    metric('gauge', 'ipam_allocations_in_use', 'Addresses in use.', ...byNode(own => own)),
    metric('gauge', 'ipam_allocations_borrowed', 'Addresses of blocks of other nodes.', ...byNode(() => 0)),
    metric('gauge', 'ipam_allocations_gc_candidates', 'Addresses that may be collected.', ...used.map(([node]) => [`node="${node}"`, 0] as const)),
    metric('gauge', 'ipam_blocks', 'Blocks of the pool.', ['', calicoObjects(state, 'ipamblocks').length]),
    metric('counter', 'ipam_allocations_gc_reclamations', 'Addresses that the garbage collector took back.', ['', 0]),
    processLines({residentBytes: 60 * 1_048_576, cpuSeconds: 90 + seconds * 0.004, startTime: startOf(pod), goroutines: 80}),
  ].join('')
}

function poolOf(state: ClusterState): {name: string; size: number} {
  const pool = calicoObjects(state, 'ippools').at(-1)
  const prefix = Number((pool?.spec as {cidr?: string} | undefined)?.cidr?.split('/')[1] ?? 32)
  return {name: pool?.metadata.name ?? 'no_ippool', size: 2 ** (32 - prefix)}
}

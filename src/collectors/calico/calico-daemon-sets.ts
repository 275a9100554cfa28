import type {Workload} from '../../calico/kubernetes.ts'
import {unknown} from '../../engine/collected.ts'
import {type Cluster, defineCollector} from '../../engine/collector.ts'
import {inNamespaces, usualNamespaces} from '../in-namespaces.ts'
import {alsoPartial} from '../map-known.ts'
import {projectWorkload} from '../project-workload.ts'

/** Found by their container, because Calico lives in other namespaces and under other names on managed platforms. */
export default defineCollector({
  source: 'calico-daemon-sets',
  access: [{verb: 'list', group: 'apps', resource: 'daemonsets'}],
  async collect(cluster) {
    const everywhere = await daemonSetsOf(cluster)
    if (everywhere.known || everywhere.why !== 'forbidden') return everywhere
    const usual = await inNamespaces(usualNamespaces, namespace => daemonSetsOf(cluster, namespace))
    if (!usual.known) return everywhere
    // None there and the rest closed is not none at all.
    if (usual.value.length === 0) return unknown('forbidden', `${everywhere.detail}; ${usualNamespaces.join(' and ')} have none`)
    return alsoPartial(usual, `DaemonSets of all namespaces may not be listed: only ${usualNamespaces.join(' and ')} were looked at`)
  },
  facts: {calicoDaemonSets: (daemonSets: readonly Workload[]) => daemonSets},
})

const daemonSetsOf = (cluster: Cluster, namespace?: string) =>
  cluster.list({group: 'apps', version: 'v1', resource: 'daemonsets', ...(namespace !== undefined && {namespace})}, {project: calicoDaemonSet})

function calicoDaemonSet(item: unknown): Workload | undefined {
  const workload = projectWorkload('DaemonSet', item)
  const runsFelix = workload?.containers.some(({name}) => name === 'calico-node') || workload?.name === 'calico-node-windows'
  return runsFelix ? workload : undefined
}

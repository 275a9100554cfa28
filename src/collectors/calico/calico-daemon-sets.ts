import type {Workload} from '../../calico/kubernetes.ts'
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
    const partial = `DaemonSets of all namespaces may not be listed: only ${usualNamespaces.join(' and ')} were looked at`
    return usual.known ? alsoPartial(usual, partial) : everywhere
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

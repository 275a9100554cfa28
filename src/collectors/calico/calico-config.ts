import type {ConfigMap} from '../../calico/kubernetes.ts'
import {configMapNameOf, isOperators, primaryDaemonSet} from '../../calico/primary-daemon-set.ts'
import {type Collected, unknown} from '../../engine/collected.ts'
import {type Cluster, defineCollector} from '../../engine/collector.ts'
import {calicoNamespace} from '../../engine/plan.ts'
import {textAt, textRecordAt} from '../fields.ts'
import {mapKnown} from '../map-known.ts'

const usualNames: readonly string[] = ['calico-config', 'canal-config']

export default defineCollector({
  source: 'calico-config',
  access: usualNames.map(name => ({verb: 'get', group: '', resource: 'configmaps', namespace: calicoNamespace, name}) as const),
  after: ['calicoDaemonSets'],
  async collect(cluster, {calicoDaemonSets}) {
    if (!calicoDaemonSets.known) return firstThere(cluster, 'kube-system', usualNames)
    const daemonSet = primaryDaemonSet(calicoDaemonSets.value)
    if (!daemonSet) return unknown('absent', 'no DaemonSet runs calico-node')
    const named = configMapNameOf(daemonSet)
    if (isOperators(daemonSet)) return unknown('absent', 'the operator keeps its settings in Installation default')
    return firstThere(cluster, daemonSet.namespace, named === undefined ? usualNames : [named])
  },
  facts: {calicoConfig: (configMap: ConfigMap) => configMap},
})

async function firstThere(cluster: Cluster, namespace: string, [name, ...more]: readonly string[]): Promise<Collected<ConfigMap>> {
  if (name === undefined) return unknown('absent', `namespace ${namespace} has no ConfigMap of Calico's`)
  const configMap = await cluster.get(`/api/v1/namespaces/${encodeURIComponent(namespace)}/configmaps/${encodeURIComponent(name)}`)
  return configMap.known || configMap.why !== 'absent' ? mapKnown(configMap, projectConfigMap) : firstThere(cluster, namespace, more)
}

const projectConfigMap = (item: unknown): ConfigMap => ({
  namespace: textAt(item, 'metadata', 'namespace'),
  name: textAt(item, 'metadata', 'name'),
  data: textRecordAt(item, 'data'),
})

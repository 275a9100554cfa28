import type {ConfigMap, Container, Workload} from '../../calico/kubernetes.ts'
import {isOperators, nodeContainer, primaryDaemonSet} from '../../calico/primary-daemon-set.ts'
import {type Collected, unknown} from '../../engine/collected.ts'
import {type Cluster, defineCollector} from '../../engine/collector.ts'
import {calicoNamespace} from '../../engine/plan.ts'
import {textAt, textRecordAt} from '../fields.ts'
import {mapKnown} from '../map-known.ts'

export default defineCollector({
  source: 'calico-config',
  access: ['calico-config', 'canal-config'].map(name => ({verb: 'get', group: '', resource: 'configmaps', namespace: calicoNamespace, name}) as const),
  after: ['calicoDaemonSets'],
  async collect(cluster, {calicoDaemonSets}) {
    if (!calicoDaemonSets.known) return firstThere(cluster, 'kube-system', ['calico-config', 'canal-config'])
    const daemonSet = primaryDaemonSet(calicoDaemonSets.value)
    if (!daemonSet) return unknown('absent', 'no DaemonSet runs calico-node')
    if (isOperators(daemonSet)) return unknown('absent', 'the operator keeps its settings in Installation default')
    return firstThere(cluster, daemonSet.namespace, namesIn(daemonSet))
  },
  facts: {calicoConfig: (configMap: ConfigMap) => configMap},
})

/** Named by the variables of calico-node; old manifests name it only for the CNI configuration. */
function namesIn(daemonSet: Workload): string[] {
  const named = [nodeContainer(daemonSet), ...daemonSet.initContainers].flatMap(container => (container ? configMapsOf(container) : []))
  return named.length > 0 ? [named[0]!] : ['calico-config', 'canal-config']
}
const configMapsOf = ({env}: Container) => env.flatMap(({configMap}) => (configMap ? [configMap.name] : []))

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

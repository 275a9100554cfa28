import type {Container, Workload} from './kubernetes.ts'

/** The DaemonSet that runs Felix on this cluster's Linux nodes: of several (a half-done migration) the one with most pods. */
export function primaryDaemonSet(daemonSets: readonly Workload[]): Workload | undefined {
  const linux = daemonSets.filter(daemonSet => !isWindows(daemonSet) && nodeContainer(daemonSet))
  const rank = (a: Workload, b: Workload) => b.desired - a.desired || b.ready - a.ready || Number(isOperators(b)) - Number(isOperators(a))
  return linux.toSorted(rank)[0]
}

/** All the others on Linux: a second install (incidents #78). */
export const otherDaemonSets = (daemonSets: readonly Workload[]): Workload[] => {
  const primary = primaryDaemonSet(daemonSets)
  return daemonSets.filter(daemonSet => daemonSet !== primary && !isWindows(daemonSet))
}

export const nodeContainer = ({containers}: Workload): Container | undefined => containers.find(({name}) => name === 'calico-node')

/** The operator is the controller of what it makes: ownerReference kind Installation. */
export const isOperators = ({owners}: Workload): boolean => owners.includes('Installation')

const isWindows = ({name, nodeSelector}: Workload) => name === 'calico-node-windows' || nodeSelector['kubernetes.io/os'] === 'windows'

/** Keys of upstream's and canal's manifests; others may lend calico-node a variable too. */
const calicosKeys = ['calico_backend', 'typha_service_name', 'veth_mtu', 'etcd_endpoints', 'cni_network_config']

/** The ConfigMap that the variables of calico-node and of its init containers name. */
export function configMapNameOf(daemonSet: Workload): string | undefined {
  const keys = [nodeContainer(daemonSet), ...daemonSet.initContainers].flatMap(container => (container?.env ?? []).flatMap(({configMap}) => configMap ?? []))
  return (keys.find(({key}) => calicosKeys.includes(key)) ?? keys[0])?.name
}

import type {NodeEnv} from '../calico/cluster.ts'
import {endpointsIn} from '../calico/etcd-keys.ts'
import type {EtcdPlace} from '../calico/resources.ts'
import {type Collected, unknown} from '../engine/collected.ts'
import type {Cluster} from '../engine/collector.ts'

/** Looks for Calico's etcd where the user says it is, else where calico-node is told it is. */
export async function etcdPlace({etcd}: Cluster, nodeEnv: Collected<NodeEnv>): Promise<EtcdPlace> {
  if (!etcd) return {endpoints: [], silent: [], unseen: unknown('not-collected', 'Calico keeps its resources in etcd, and there is no way to it here')}
  const endpoints = etcd.endpoints ?? endpointsIn(valueIn(nodeEnv) ?? '')
  if (endpoints.length === 0) return {endpoints, silent: [], unseen: unknown('not-collected', whyNone(nodeEnv))}
  const reached = await etcd.reach(endpoints)
  return reached.known ? {endpoints, answered: reached.value.endpoint, silent: reached.value.silent} : {endpoints, silent: [], unseen: reached}
}

const valueIn = (nodeEnv: Collected<NodeEnv>) => (nodeEnv.known ? nodeEnv.value.ETCD_ENDPOINTS?.value : undefined)

function whyNone(nodeEnv: Collected<NodeEnv>): string {
  const why = nodeEnv.known ? (nodeEnv.value.ETCD_ENDPOINTS?.unresolved ?? 'not set') : nodeEnv.why
  return `Calico keeps its resources in etcd, and ETCD_ENDPOINTS of calico-node was not seen (${why}). Give --etcd-endpoints.`
}

import type {KubeObject} from '../cluster-state.ts'
import {cniNetworkConfig} from './cni-config.ts'
import {configMapName} from './env-var.ts'
import {objectOf} from './meta.ts'
import type {ClusterPlan} from './plan.ts'

/** calico-config or canal-config, with the keys that its installer writes. */
export function calicoConfig(plan: ClusterPlan): KubeObject {
  const data = {...ownKeys(plan), ...(plan.api === 'none' && etcdKeys), cni_network_config: cniNetworkConfig(plan)}
  return objectOf('ConfigMap', configMapName(plan), {namespace: plan.namespace}, {data})
}

function ownKeys(plan: ClusterPlan): Record<string, string> {
  const typha = plan.typha > 0 ? 'calico-typha' : 'none'
  if (plan.flavour === 'canal')
    return {typha_service_name: typha, canal_iface: '', masquerade: 'true', veth_mtu: String(plan.vethMtu), 'net-conf.json': flannelNetwork(plan)}
  // Kubespray writes no MTU unless calico_mtu is set, and no Typha Service unless typha_enabled.
  if (plan.flavour === 'kubespray')
    return {
      ...(plan.typha > 0 && {typha_service_name: typha}),
      cluster_type: plan.backend === 'bird' ? 'kubespray,bgp' : 'kubespray',
      calico_backend: plan.backend,
    }
  return {typha_service_name: typha, calico_backend: plan.backend, veth_mtu: String(plan.vethMtu)}
}

const flannelNetwork = ({podCidr}: ClusterPlan) => JSON.stringify({Network: podCidr, Backend: {Type: 'vxlan'}}, null, 2)
export const etcdKeys = {etcd_endpoints: 'http://10.20.0.11:6666', etcd_ca: '', etcd_cert: '', etcd_key: ''}

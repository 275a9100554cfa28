import type {ClusterPlan} from './plan.ts'

type Plan = Pick<ClusterPlan, 'api' | 'flavour'>

/** The template in Calico's ConfigMap, with the placeholders that install-cni fills in. */
export function cniNetworkConfig(plan: Plan): string {
  const calico = {
    type: 'calico',
    log_level: 'info',
    log_file_path: '/var/log/calico/cni/cni.log',
    ...datastore(plan),
    // Kubespray leaves the MTU to Felix.
    ...(plan.flavour !== 'kubespray' && {mtu: 0}),
    ipam: plan.flavour === 'canal' ? {type: 'host-local', subnet: 'usePodCidr'} : {type: 'calico-ipam', assign_ipv4: 'true'},
    policy: {type: 'k8s'},
    kubernetes: {kubeconfig: '__KUBECONFIG_FILEPATH__'},
  }
  const plugins = [calico, {type: 'portmap', snat: true, capabilities: {portMappings: true}}, {type: 'bandwidth', capabilities: {bandwidth: true}}]
  return JSON.stringify({name: 'k8s-pod-network', cniVersion: '1.0.0', plugins}, null, 2).replace('"mtu": 0', '"mtu": __CNI_MTU__')
}

const datastore = ({api}: Plan) =>
  api === 'none'
    ? {
        etcd_endpoints: '__ETCD_ENDPOINTS__',
        etcd_key_file: '__ETCD_KEY_FILE__',
        etcd_cert_file: '__ETCD_CERT_FILE__',
        etcd_ca_cert_file: '__ETCD_CA_CERT_FILE__',
      }
    : {datastore_type: 'kubernetes', nodename: '__KUBERNETES_NODE_NAME__'}

/** The file on a node. */
export const cniConflist = (plan: ClusterPlan, node: string): string =>
  cniNetworkConfig(plan)
    .replace('__CNI_MTU__', String(plan.vethMtu))
    .replace('__KUBERNETES_NODE_NAME__', node)
    .replace('__ETCD_ENDPOINTS__', 'http://10.20.0.11:6666')
    .replaceAll(/__ETCD_[A-Z_]+__/g, '')
    .replace('__KUBECONFIG_FILEPATH__', '/etc/cni/net.d/calico-kubeconfig')

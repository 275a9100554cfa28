import {type Collected, known, unknown} from '../../engine/collected.ts'
import {defineCollector} from '../../engine/collector.ts'
import {at, optional, text} from '../fields.ts'

interface Networking {
  readonly serviceSubnet?: string
  readonly podSubnet?: string
}

export default defineCollector({
  source: 'kubeadm-config',
  access: [{verb: 'get', group: '', resource: 'configmaps', namespace: 'kube-system', name: 'kubeadm-config'}],
  async collect(cluster): Promise<Collected<Networking>> {
    const configMap = await cluster.get('/api/v1/namespaces/kube-system/configmaps/kubeadm-config')
    if (!configMap.known) return configMap
    const configuration = text(at(configMap.value, 'data', 'ClusterConfiguration'))
    return configuration === undefined ? unknown('absent', 'ConfigMap kube-system/kubeadm-config has no ClusterConfiguration') : networkingOf(configuration)
  },
  facts: {
    kubeadmNetworking: ({serviceSubnet = '', podSubnet = ''}: Networking) => ({serviceSubnets: split(serviceSubnet), podSubnets: split(podSubnet)}),
  },
})

/** Only what is used is kept: the rest of kubeadm's file names hosts and certificates. */
async function networkingOf(configuration: string): Promise<Collected<Networking>> {
  const {load} = await import('js-yaml')
  const networking = at(load(configuration), 'networking')
  return known({...optional('serviceSubnet', text(at(networking, 'serviceSubnet'))), ...optional('podSubnet', text(at(networking, 'podSubnet')))})
}

/** Dual-stack: `10.96.0.0/12,fd00:10:96::/112`. */
const split = (subnets: string) =>
  subnets
    .split(',')
    .map(subnet => subnet.trim())
    .filter(Boolean)

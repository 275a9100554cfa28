import {serviceCidrsOf} from '../../calico/service-cidrs.ts'
import {type Collected, known} from '../../engine/collected.ts'
import {defineDerived} from '../../engine/collector.ts'
import {mapKnown} from '../map-known.ts'

export default defineDerived({
  source: 'derived/service-cidrs',
  from: ['serviceCidrObjects', 'kubeadmNetworking', 'apiServerServiceRanges', 'installation', 'kubernetesService'],
  facts: {
    serviceCidrs({serviceCidrObjects, kubeadmNetworking, apiServerServiceRanges, installation, kubernetesService}) {
      const said: Readonly<Record<string, Collected<readonly string[]>>> = {
        'ServiceCIDR objects': serviceCidrObjects,
        'kube-apiserver --service-cluster-ip-range': apiServerServiceRanges,
        'ConfigMap kube-system/kubeadm-config serviceSubnet': mapKnown(kubeadmNetworking, ({serviceSubnets}) => serviceSubnets),
        'Installation spec.serviceCIDRs': mapKnown(installation, ({spec, computed = spec}) => computed.serviceCIDRs ?? []),
      }
      const cidrs = serviceCidrsOf(Object.entries(said).flatMap(([source, answer]) => (answer.known ? answer.value.map(cidr => ({cidr, source})) : [])))
      if (cidrs.length === 0 && !kubernetesService.known) return kubernetesService
      const unseen = Object.entries(said).flatMap(([source, answer]) => (answer.known || answer.why === 'absent' ? [] : [`${source} (${answer.why})`]))
      const kubernetesIps = kubernetesService.known ? kubernetesService.value.clusterIps : []
      // One place that says it is enough; where none does, what was not seen might have.
      return known({cidrs, kubernetesIps}, cidrs.length === 0 && unseen.length > 0 ? `not seen: ${unseen.join(', ')}` : undefined)
    },
  },
})

import type {BgpConfigurationSpec} from '../../calico/resources.ts'
import {defineCollector} from '../../engine/collector.ts'
import {calicoList, type Seen} from '../calico-resource.ts'
import {resourcesOf, specOf} from '../calico-specs.ts'
import {at, flag, listOf, number, text, textOrNumber} from '../fields.ts'

const cidrs = listOf(item => {
  const cidr = text(at(item, 'cidr'))
  return cidr === undefined ? undefined : {cidr}
})
const spec = specOf<BgpConfigurationSpec>({
  asNumber: textOrNumber,
  nodeToNodeMeshEnabled: flag,
  listenPort: number,
  serviceClusterIPs: cidrs,
  serviceExternalIPs: cidrs,
  serviceLoadBalancerIPs: cidrs,
  programClusterRoutes: text,
})

export default defineCollector({
  ...calicoList('bgp-configurations', {plural: 'bgpconfigurations', spec}),
  facts: {bgpConfigurations: (configurations: readonly Seen<BgpConfigurationSpec>[]) => resourcesOf('BGPConfiguration', configurations)},
})

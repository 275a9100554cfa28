import type {Service} from '../../calico/kubernetes.ts'
import {typhaServiceName} from '../../calico/typha-service-name.ts'
import {defineCollector} from '../../engine/collector.ts'
import {calicoNamespace} from '../../engine/plan.ts'
import {mapKnown} from '../map-known.ts'
import {projectService} from '../project-service.ts'

export default defineCollector({
  source: 'typha-service',
  access: [{verb: 'get', group: '', resource: 'services', namespace: calicoNamespace, name: 'calico-typha'}],
  after: ['nodeEnv', 'calicoConfig'],
  async collect(cluster, {nodeEnv, calicoConfig}) {
    const service = typhaServiceName(nodeEnv, calicoConfig)
    if (!service.known) return service
    const {namespace, name} = service.value
    return mapKnown(await cluster.get(`/api/v1/namespaces/${encodeURIComponent(namespace)}/services/${encodeURIComponent(name)}`), projectService)
  },
  facts: {typhaService: (service: Service) => service},
})

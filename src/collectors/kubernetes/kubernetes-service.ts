import type {Service} from '../../calico/kubernetes.ts'
import {defineCollector} from '../../engine/collector.ts'
import {mapKnown} from '../map-known.ts'
import {projectService} from '../project-service.ts'

export default defineCollector({
  source: 'kubernetes-service',
  access: [{verb: 'get', group: '', resource: 'services', namespace: 'default', name: 'kubernetes'}],
  collect: async cluster => mapKnown(await cluster.get('/api/v1/namespaces/default/services/kubernetes'), projectService),
  facts: {kubernetesService: (service: Service) => service},
})

import {defineCollector} from '../../engine/collector.ts'
import {textsAt} from '../fields.ts'

/** networking.k8s.io/v1 ServiceCIDR, Kubernetes 1.33 and later; 404 before is `absent`. */
export default defineCollector({
  source: 'service-cidr-objects',
  access: [{verb: 'list', group: 'networking.k8s.io', resource: 'servicecidrs'}],
  collect: cluster => cluster.list({group: 'networking.k8s.io', version: 'v1', resource: 'servicecidrs'}, {project: item => textsAt(item, 'spec', 'cidrs')}),
  facts: {serviceCidrObjects: (cidrs: readonly (readonly string[])[]) => cidrs.flat()},
})

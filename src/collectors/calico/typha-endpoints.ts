import type {Endpoints} from '../../calico/kubernetes.ts'
import {typhaServiceName} from '../../calico/typha-service-name.ts'
import {defineCollector} from '../../engine/collector.ts'
import {calicoNamespace} from '../../engine/plan.ts'
import {at, listAt, textsAt} from '../fields.ts'

interface Slice {
  readonly ready: readonly string[]
  readonly notReady: readonly string[]
}

export default defineCollector({
  source: 'typha-endpoints',
  access: [{verb: 'list', group: 'discovery.k8s.io', resource: 'endpointslices', namespace: calicoNamespace}],
  after: ['nodeEnv', 'calicoConfig'],
  async collect(cluster, {nodeEnv, calicoConfig}) {
    const service = typhaServiceName(nodeEnv, calicoConfig)
    if (!service.known) return service
    const {namespace, name} = service.value
    const resource = {group: 'discovery.k8s.io', version: 'v1', resource: 'endpointslices', namespace}
    return cluster.list(resource, {labelSelector: `kubernetes.io/service-name=${name}`, project: projectSlice})
  },
  facts: {
    typhaEndpoints: (slices: readonly Slice[]): Endpoints => ({
      ready: [...new Set(slices.flatMap(({ready}) => ready))],
      notReady: [...new Set(slices.flatMap(({notReady}) => notReady))],
    }),
  },
})

/** An endpoint whose readiness is not given counts as ready (EndpointConditions of discovery/v1). */
function projectSlice(item: unknown): Slice {
  const addresses = (wanted: boolean) =>
    listAt(endpoint => ((at(endpoint, 'conditions', 'ready') !== false) === wanted ? textsAt(endpoint, 'addresses') : undefined), item, 'endpoints').flat()
  return {ready: addresses(true), notReady: addresses(false)}
}

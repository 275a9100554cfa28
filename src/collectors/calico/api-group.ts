import type {ApiGroup, EtcdPlace} from '../../calico/resources.ts'
import {type Collected, known, unknown} from '../../engine/collected.ts'
import {type Cluster, defineCollector} from '../../engine/collector.ts'
import {etcdPlace} from '../etcd-place.ts'
import {at, listAt, optional, record, text} from '../fields.ts'

interface Discovery {
  readonly groups: readonly string[]
  /** CALICO_API_GROUP of calico-node, where it is set. */
  readonly wanted?: string
  /** APIService v3.projectcalico.org: with a Service behind it, it is the aggregated API server. */
  readonly apiService: Collected<{readonly aggregated: boolean; readonly available: boolean}>
}
interface OwnEtcd {
  readonly etcd: EtcdPlace
}

const v1 = 'crd.projectcalico.org'
const v3 = 'projectcalico.org'

/** Calico's own rule (libcalico-go/lib/backend/k8s/discovery.go): CALICO_API_GROUP, else v3 exactly when v3 is there and v1 is not. */
export default defineCollector({
  source: 'api-group',
  access: [{verb: 'get', group: 'apiregistration.k8s.io', resource: 'apiservices', name: 'v3.projectcalico.org'}],
  after: ['nodeEnv', 'datastore'],
  async collect(cluster, {nodeEnv, datastore}): Promise<Collected<Discovery | OwnEtcd>> {
    // What the user says of it counts for reading, whatever calico-node uses.
    const type = cluster.etcd?.datastore ?? (datastore.known ? datastore.value.type : undefined)
    if (type === 'etcdv3') return known({etcd: await etcdPlace(cluster, nodeEnv)})
    const [apis, apiService] = await Promise.all([cluster.get('/apis'), apiServiceOf(cluster)])
    if (!apis.known) return apis
    const groups = listAt(group => text(at(group, 'name')), apis.value, 'groups').filter(name => name === v1 || name === v3)
    return known({groups, apiService, ...optional('wanted', nodeEnv.known ? nodeEnv.value.CALICO_API_GROUP?.value : undefined)}, apis.partial)
  },
  facts: {apiGroup: readApiGroup},
})

async function apiServiceOf(cluster: Cluster): Promise<Discovery['apiService']> {
  const apiService = await cluster.get('/apis/apiregistration.k8s.io/v1/apiservices/v3.projectcalico.org')
  if (!apiService.known) return apiService
  const conditions = listAt(record, apiService.value, 'status', 'conditions')
  return known({
    aggregated: record(at(apiService.value, 'spec', 'service')) !== undefined,
    available: conditions.some(({type, status}) => type === 'Available' && status === 'True'),
  })
}

function readApiGroup(seen: Discovery | OwnEtcd): Collected<ApiGroup> {
  if ('etcd' in seen) return known({mode: 'etcd', group: 'etcd', version: 'v3', etcd: seen.etcd}, seen.etcd.unseen?.detail)
  const {groups, wanted, apiService} = seen
  if (groups.length === 0) return unknown('absent', `the API serves neither ${v1} nor ${v3}`)
  const aggregated = apiService.known && apiService.value.aggregated
  const native = wanted ? wanted.toLowerCase() === `${v3}/v3` : !groups.includes(v1)
  if (native && !aggregated) return known({mode: 'native-v3', group: v3, version: 'v3'})
  const server = aggregated && {mode: 'aggregated' as const, apiServerAvailable: apiService.value.available}
  // An API server without the v1 CRDs stands before etcd.
  const place = aggregated && !groups.includes(v1) ? {group: v3, version: 'v3'} : {group: v1, version: 'v1'}
  const unseen = apiService.known || apiService.why === 'absent' ? undefined : `APIService v3.projectcalico.org was not seen (${apiService.why})`
  return known({mode: 'crd-v1', ...place, ...server}, unseen)
}

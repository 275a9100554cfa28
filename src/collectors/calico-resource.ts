import {unwrapMetadata} from '../calico/metadata-annotation.ts'
import type {ApiGroup, Named} from '../calico/resources.ts'
import {type Collected, unknown} from '../engine/collected.ts'
import type {Access, Cluster, ClusterCollector} from '../engine/collector.ts'
import type {FactTable} from '../engine/facts.ts'
import {at, record, text, textRecordAt} from './fields.ts'
import {alsoPartial, mapKnown} from './map-known.ts'

/** A resource as it was read, with what of it could not be. */
export interface Seen<Spec> extends Named<Spec> {
  readonly unread?: readonly string[]
}
export interface CalicoResource<Spec> {
  /** Plural as in the URL, the same in both groups. */
  readonly plural: string
  readonly spec: ReadSpec<Spec>
}
export type ReadSpec<Spec> = (raw: Record<string, unknown>) => {readonly value: Spec; readonly unread: readonly string[]}
type Asked<E> = Pick<ClusterCollector<E>, 'source' | 'access' | 'after' | 'collect'>

/** Lists one of Calico's cluster-scoped kinds from the API group that is in force. */
export const calicoList = <Spec>(source: string, resource: CalicoResource<Spec>): Asked<Seen<Spec>[]> => ({
  source,
  access: accessTo(resource.plural, {verb: 'list'}),
  after: ['apiGroup', 'datastore'],
  collect: (cluster, facts) =>
    inForce(facts, ({group, version}) => cluster.list({group, version, resource: resource.plural}, {project: item => project(item, resource)})),
})

/** Gets the one called `default`; 404 is `absent`. */
export const calicoDefault = <Spec>(source: string, resource: CalicoResource<Spec>): Asked<Seen<Spec>> => ({
  source,
  access: accessTo(resource.plural, {verb: 'get', name: 'default'}),
  after: ['apiGroup', 'datastore'],
  collect: (cluster, facts) => inForce(facts, place => getDefault(cluster, place, resource)),
})

async function getDefault<Spec>(cluster: Cluster, {group, version}: Place, resource: CalicoResource<Spec>): Promise<Collected<Seen<Spec>>> {
  const item = mapKnown(await cluster.get(`/apis/${group}/${version}/${resource.plural}/default`), found => project(found, resource))
  return item.known && item.value === undefined ? unknown('failed', `${resource.plural} default has no name`) : (item as Collected<Seen<Spec>>)
}

const accessTo = (resource: string, right: Pick<Access, 'verb' | 'name'>): Access[] =>
  ['crd.projectcalico.org', 'projectcalico.org'].map(group => ({...right, group, resource}))

type Place = Pick<ApiGroup, 'group' | 'version'>

/** Leftover CRDs on an etcd datastore are not what Calico reads: they are not read either. */
async function inForce<T>({apiGroup, datastore}: FactTable, ask: (place: Place) => Promise<Collected<T>>): Promise<Collected<T>> {
  if (datastore.known && datastore.value.type === 'etcdv3')
    return unknown('not-collected', 'Calico keeps its resources in etcd, which this version does not read')
  if (!apiGroup.known) return apiGroup
  const unsure = datastore.known || datastore.why === 'absent' ? undefined : `which datastore Calico uses was not seen (${datastore.why})`
  return alsoPartial(await askAround(apiGroup.value, ask), unsure)
}

/** The aggregated API server shows the same resources to those who have rights there only. */
async function askAround<T>({mode, group, version}: ApiGroup, ask: (place: Place) => Promise<Collected<T>>): Promise<Collected<T>> {
  const answer = await ask({group, version})
  if (mode !== 'aggregated' || answer.known || answer.why !== 'forbidden') return answer
  const served = await ask({group: 'projectcalico.org', version: 'v3'})
  return served.known ? served : answer
}

function project<Spec>(item: unknown, {spec}: CalicoResource<Spec>): Seen<Spec> | undefined {
  const own = text(at(item, 'metadata', 'name'))
  if (own === undefined) return undefined
  const metadata = {name: own, labels: textRecordAt(item, 'metadata', 'labels'), annotations: textRecordAt(item, 'metadata', 'annotations')}
  const {value, unread} = spec(record(at(item, 'spec')) ?? {})
  return {name: unwrapMetadata(metadata).name, spec: value, ...(unread.length > 0 && {unread})}
}

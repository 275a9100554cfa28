import type {Datastore, DatastoreType} from '../calico/cluster.ts'
import {kindPrefix} from '../calico/etcd-keys.ts'
import {unwrapMetadata} from '../calico/metadata-annotation.ts'
import type {ApiGroup, EtcdPlace, Named} from '../calico/resources.ts'
import {type Collected, unknown} from '../engine/collected.ts'
import type {Access, Cluster, ClusterCollector} from '../engine/collector.ts'
import type {FactTable} from '../engine/facts.ts'
import {type EtcdObject, etcdGet, etcdList} from './etcd-resource.ts'
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

/** Lists one of Calico's cluster-scoped kinds from where Calico keeps it. */
export const calicoList = <Spec>(source: string, resource: CalicoResource<Spec>): Asked<Seen<Spec>[]> => ({
  source,
  access: accessTo(resource.plural, {verb: 'list'}),
  after: ['apiGroup', 'datastore'],
  collect: (cluster, facts) =>
    inForce(cluster, facts, {
      inApi: ({group, version}) => cluster.list({group, version, resource: resource.plural}, {project: item => project(item, resource)}),
      inEtcd: etcd => etcdList(cluster, etcd, resource.plural, item => fromEtcd(item, resource)),
    }),
})

/** Gets the one called `default`; where it is not there, `absent`. */
export const calicoDefault = <Spec>(source: string, resource: CalicoResource<Spec>): Asked<Seen<Spec>> => ({
  source,
  access: accessTo(resource.plural, {verb: 'get', name: 'default'}),
  after: ['apiGroup', 'datastore'],
  collect: (cluster, facts) =>
    inForce(cluster, facts, {
      inApi: place => getDefault(cluster, place, resource),
      inEtcd: etcd => etcdGet(cluster, etcd, `${kindPrefix(resource.plural)}default`, item => fromEtcd(item, resource)),
    }),
})

async function getDefault<Spec>(cluster: Cluster, {group, version}: Place, resource: CalicoResource<Spec>): Promise<Collected<Seen<Spec>>> {
  const item = mapKnown(await cluster.get(`/apis/${group}/${version}/${resource.plural}/default`), found => project(found, resource))
  return item.known && item.value === undefined ? unknown('failed', `${resource.plural} default has no name`) : (item as Collected<Seen<Spec>>)
}

const accessTo = (resource: string, right: Pick<Access, 'verb' | 'name'>): Access[] =>
  ['crd.projectcalico.org', 'projectcalico.org'].map(group => ({...right, group, resource}))

type Place = Pick<ApiGroup, 'group' | 'version'>

interface Ways<T> {
  readonly inApi: (place: Place) => Promise<Collected<T>>
  readonly inEtcd: (etcd: EtcdPlace) => Promise<Collected<T>>
}

/** Leftover CRDs on an etcd datastore are not what Calico reads: they are not read either. */
export async function inForce<T>(cluster: Cluster, {apiGroup, datastore}: FactTable, {inApi, inEtcd}: Ways<T>): Promise<Collected<T>> {
  if (!apiGroup.known) return apiGroup
  const {etcd} = apiGroup.value
  return alsoPartial(await (etcd ? inEtcd(etcd) : askAround(apiGroup.value, inApi)), doubt(datastore, cluster.etcd?.datastore))
}

/** Why this may not be what Calico reads. */
function doubt(datastore: Collected<Datastore>, asked: DatastoreType | undefined): string | undefined {
  if (datastore.known) return asked && asked !== datastore.value.type ? `calico-node reads from another datastore (${datastore.value.type})` : undefined
  return asked || datastore.why === 'absent' ? undefined : `which datastore Calico uses was not seen (${datastore.why})`
}

/** The aggregated API server shows the same resources to those who have rights there only; when it is down, that is their cause. */
async function askAround<T>({mode, group, version}: ApiGroup, ask: (place: Place) => Promise<Collected<T>>): Promise<Collected<T>> {
  const answer = await ask({group, version})
  if (mode !== 'aggregated' || answer.known || answer.why !== 'forbidden') return answer
  const served = await ask({group: 'projectcalico.org', version: 'v3'})
  if (served.known) return served
  return served.why === 'forbidden' ? answer : unknown('forbidden', `${answer.detail}; ${served.detail}`)
}

function project<Spec>(item: unknown, {spec}: CalicoResource<Spec>): Seen<Spec> | undefined {
  const own = text(at(item, 'metadata', 'name'))
  if (own === undefined) return undefined
  const metadata = {name: own, labels: textRecordAt(item, 'metadata', 'labels'), annotations: textRecordAt(item, 'metadata', 'annotations')}
  const {value, unread} = spec(record(at(item, 'spec')) ?? {})
  return {name: unwrapMetadata(metadata).name, spec: value, ...(unread.length > 0 && {unread})}
}

/** etcd holds objects of the v3 API as they are: nothing is hidden in an annotation. */
function fromEtcd<Spec>({name, object}: EtcdObject, {spec}: CalicoResource<Spec>): Seen<Spec> {
  const {value, unread} = spec(record(at(object, 'spec')) ?? {})
  const broken = record(object) === undefined ? ['its JSON'] : unread
  return {name, spec: value, ...(broken.length > 0 && {unread: broken})}
}

import {kindPrefix, nameInKey} from '../calico/etcd-keys.ts'
import type {EtcdPlace} from '../calico/resources.ts'
import {type Collected, known, unknown} from '../engine/collected.ts'
import type {Cluster, EtcdEntry} from '../engine/collector.ts'

/** An object as etcd has it; undefined where its value is no JSON. */
export interface EtcdObject {
  readonly name: string
  readonly object: unknown
}

/** Every object of a cluster-scoped kind. */
export async function etcdList<T>({etcd}: Cluster, {endpoints, unseen}: EtcdPlace, plural: string, project: (item: EtcdObject) => T): Promise<Collected<T[]>> {
  if (unseen || !etcd) return unseen ?? noWay
  return etcd.list(endpoints, kindPrefix(plural), entry => project(objectOf(entry)))
}

export async function etcdGet<T>({etcd}: Cluster, {endpoints, unseen}: EtcdPlace, key: string, project: (item: EtcdObject) => T): Promise<Collected<T>> {
  if (unseen || !etcd) return unseen ?? noWay
  const entry = await etcd.get(endpoints, key)
  return entry.known ? known(project(objectOf(entry.value)), entry.partial) : entry
}

const noWay = unknown('not-collected', 'there is no way to etcd here')

function objectOf({key, value}: EtcdEntry): EtcdObject {
  try {
    return {name: nameInKey(key), object: JSON.parse(value)}
  } catch {
    return {name: nameInKey(key), object: undefined}
  }
}

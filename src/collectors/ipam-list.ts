import {type Collected, known, unknown} from '../engine/collected.ts'
import type {ClusterCollector, EtcdEntry} from '../engine/collector.ts'
import {inForce} from './calico-resource.ts'
import {at, record, textAt} from './fields.ts'

/** What a projection made of an object: nothing of those that are marked deleted, `unread` of those that cannot be understood. */
export type Projected<T> = T | {readonly unread: string} | undefined
export interface IpamKind<T extends object> {
  readonly source: string
  /** Plural, the same in both groups. */
  readonly plural: string
  /** Keys of etcd; facts: calico.md §4.1. */
  readonly prefixes: readonly string[]
  /** The aggregated API server does not show it (apiserver/pkg/registry/projectcalico). */
  readonly hidden?: true
  readonly project: (spec: Readonly<Record<string, unknown>>, name: string) => Projected<T>
  /** `parts`: of the key after the prefix. */
  readonly projectEtcd: (value: Readonly<Record<string, unknown>>, parts: readonly string[], prefix: string) => Projected<T>
}
type Asked<E> = Pick<ClusterCollector<E>, 'source' | 'access' | 'after' | 'collect'>

/** Lists one of IPAM's kinds from where Calico keeps it. In etcd it is no resource of the v3 API, but keys of its own (libcalico-go/lib/backend/model). */
export const ipamList = <T extends object>({
  source,
  plural,
  prefixes,
  hidden,
  project,
  projectEtcd,
}: IpamKind<T>): Asked<Exclude<Projected<T>, undefined>[]> => ({
  source,
  access: ['crd.projectcalico.org', 'projectcalico.org'].map(group => ({verb: 'list', group, resource: plural})),
  after: ['apiGroup', 'datastore'],
  async collect(cluster, facts) {
    const {apiGroup} = facts
    if (hidden && apiGroup.known && apiGroup.value.mode === 'aggregated' && apiGroup.value.group === 'projectcalico.org')
      return unknown('not-collected', `Calico's API server does not show ${plural}, and what it stands before is no CRD`)
    type Item = Exclude<Projected<T>, undefined>
    return inForce(cluster, facts, {
      inApi: ({group, version}) =>
        cluster.list<Item>(
          {group, version, resource: plural},
          {project: item => project(record(at(item, 'spec')) ?? {}, textAt(item, 'metadata', 'name')) as Item},
        ),
      inEtcd: async ({endpoints, unseen}) => {
        const {etcd} = cluster
        if (unseen || !etcd) return unseen ?? unknown('not-collected', 'there is no way to etcd here')
        const lists = await Promise.all(
          prefixes.map(prefix =>
            etcd.list<Item>(endpoints, prefix, entry => projectEtcd(valueOf(entry), entry.key.slice(prefix.length).split('/'), prefix) as Item),
          ),
        )
        return together(lists)
      },
    })
  },
})

/** One that was not seen leaves a part. */
function together<T>(lists: readonly Collected<T[]>[]): Collected<T[]> {
  const unseen = lists.find(list => !list.known)
  if (unseen && lists.every(list => !list.known)) return unseen
  const reasons = lists.flatMap(list => (list.known ? (list.partial ?? []) : `${list.why}: ${list.detail}`))
  return known(
    lists.flatMap(list => (list.known ? list.value : [])),
    reasons.length > 0 ? reasons.join('; ') : undefined,
  )
}

function valueOf({value}: EtcdEntry): Readonly<Record<string, unknown>> {
  try {
    return record(JSON.parse(value)) ?? {}
  } catch {
    return {}
  }
}

/** The objects that were understood; partial when there are others. `isOne`: evidence may be of a bundle, where anything may stand. */
export function readable<T extends object>(
  kind: string,
  items: readonly unknown[],
  isOne: (item: Readonly<Record<string, unknown>>) => boolean,
): Collected<T[]> {
  const good: T[] = []
  const unread: string[] = []
  for (const item of items) {
    const fields = record(item)
    if (fields && fields.unread === undefined && isOne(fields)) good.push(fields as T)
    else unread.push(textAt(fields, 'unread') || '?')
  }
  const more = unread.length > 3 ? ` and ${unread.length - 3} more` : ''
  return known(good, unread.length > 0 ? `could not be read: ${kind} ${unread.slice(0, 3).join(', ')}${more}` : undefined)
}

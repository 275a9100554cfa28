import {kindPrefix, nameInKey} from '../../calico/etcd-keys.ts'
import {at, text} from '../../collectors/fields.ts'
import {type Collected, known, unknown} from '../../engine/collected.ts'
import type {EtcdDoor, EtcdEntry} from '../../engine/collector.ts'
import type {Holdings} from './door.ts'
import type {Held} from './held.ts'

const group = 'projectcalico.org'

/** What `calicoctl get -o yaml` printed, in place of the etcd that Calico keeps it in; undefined where there is none of it. */
export function etcdOfArchive({title, held}: Holdings): EtcdDoor | undefined {
  if (![...held.keys()].some(key => key.slice(key.indexOf('.') + 1) === group)) return undefined
  return {
    reach: async ([endpoint = title]) => known({endpoint, silent: []}),
    async list(_endpoints, prefix, project) {
      const found = heldAt(held, prefix)
      if (!found) return unknown('not-collected', `${title} does not hold ${prefix}`)
      const items = [...found.objects.values()].flatMap(object => project(entryOf(prefix, object)) ?? [])
      return known(items, partOf(found, title))
    },
    async get(_endpoints, key): Promise<Collected<EtcdEntry>> {
      const prefix = key.slice(0, key.length - nameInKey(key).length)
      const found = heldAt(held, prefix)
      const object = found?.objects.get(`/${nameInKey(key)}`)
      if (object !== undefined) return known(entryOf(prefix, object))
      const listed = found !== undefined && partOf(found, title) === undefined
      return unknown(listed ? 'absent' : 'not-collected', `${title} does not hold ${key}`)
    },
  }
}

const heldAt = (held: Holdings['held'], prefix: string): Held | undefined =>
  [...held].find(
    ([key]) => key.endsWith(`.${group}`) && kindPrefix(key.slice(0, key.indexOf('.'))) === prefix && key.slice(key.indexOf('.') + 1) === group,
  )?.[1]

const partOf = ({whole, doubts}: Held, title: string): string | undefined =>
  [...(whole ? [] : [`${title} holds no list of all of them`]), ...doubts].join('; ') || undefined

const entryOf = (prefix: string, object: unknown): EtcdEntry => ({
  key: `${prefix}${text(at(object, 'metadata', 'name')) ?? ''}`,
  value: JSON.stringify(object),
})

import {at, record, text} from '../../collectors/fields.ts'
import type {Access} from '../../engine/collector.ts'
import {emptyHeld, type Held, type Hint, isWanted, keepObject, type ListSays, noteList, noteManifest, noteObject, type Room, slim} from './held.ts'
import {listOf, type ResourceName, resourceOf} from './kinds.ts'

export interface Store {
  readonly held: ReadonlyMap<string, Held>
  /** Takes an object or a list; what nobody asks for is dropped at once. Whether it was Kubernetes' at all. */
  add(value: unknown, hint?: Hint): boolean
  /** An item that nobody asks for, without all but what tells of the list it was in. */
  shrink(item: unknown): unknown
  /** ISO 8601: the youngest time that any object tells. */
  newest(): string | undefined
}

export const keyOf = ({group, plural}: ResourceName): string => `${plural}.${group}`
/** calicoctl's own Nodes stand for what Calico keeps in etcd. */
const always = ['nodes.projectcalico.org']

/** Keeps what the collectors may ask for, by their own declarations. */
export function objectStore(access: readonly Access[]): Store {
  const wanted = new Set([...always, ...access.map(({group, resource}) => keyOf({group, plural: resource}))])
  const held = new Map<string, Held>()
  const clock = {newest: ''}
  const room = {used: 0}
  const heldOf = (name: ResourceName): Held | undefined => {
    const key = keyOf(name)
    if (wanted.has(key) && !held.has(key)) held.set(key, emptyHeld())
    return held.get(key)
  }
  return {
    held,
    shrink: item => {
      const name = resourceOf(item)
      return name && (!wanted.has(keyOf(name)) || !isWanted(item, name)) ? outlineOf(item) : slim(item)
    },
    newest: () => clock.newest || undefined,
    add: (value, hint = {}) => addValue(value, hint, {held, heldOf, clock, room}),
  }
}

interface Keeping {
  readonly held: ReadonlyMap<string, Held>
  /** Made on first use; undefined for what nobody asks for. */
  readonly heldOf: (name: ResourceName) => Held | undefined
  readonly clock: {newest: string}
  readonly room: Room
}

function addValue(value: unknown, hint: Hint, keeping: Keeping): boolean {
  const list = Array.isArray(value) ? {items: value, whole: hint.all !== undefined, typed: false} : listOf(value)
  if (list) addList(list.items, list, hint, keeping)
  const name = list ? undefined : (resourceOf(value) ?? (record(at(value, 'metadata')) && hint.resource))
  if (name) {
    noteObject(keeping.held.get(keyOf(name)), value)
    addObject(value, name, keeping)
  }
  return list !== undefined || name !== undefined
}

function addList(items: readonly unknown[], says: ListSays, hint: Hint, keeping: Keeping): void {
  for (const [name, some] of byResource(items, says.of ?? hint.resource)) {
    const target = keeping.heldOf(name)
    if (target) noteList(target, some, says, hint)
    if (target) for (const item of some) addObject(item, name, keeping)
  }
}

function addObject(item: unknown, name: ResourceName, {heldOf, clock, room}: Keeping): void {
  if (text(at(item, 'metadata', 'name')) === undefined) return
  noteTimes(item, clock)
  const target = heldOf(name)
  if (!target || !isWanted(item, name)) return
  noteManifest(target, item, name)
  keepObject(target, item, room)
}

const outlineOf = (item: unknown) => {
  const {name, namespace, labels} = record(at(item, 'metadata')) ?? {}
  return {apiVersion: at(item, 'apiVersion'), kind: at(item, 'kind'), metadata: {name, namespace, labels}}
}

/** Items by what they are. Items of typed lists say nothing, and are what the list is of; an empty list still is one. */
function byResource(items: readonly unknown[], resource: ResourceName | undefined): [ResourceName, unknown[]][] {
  const groups = new Map<string, [ResourceName, unknown[]]>()
  if (resource) groups.set(keyOf(resource), [resource, []])
  for (const item of items) {
    const name = resourceOf(item) ?? resource
    if (!name) continue
    const group = groups.get(keyOf(name)) ?? [name, []]
    group[1].push(item)
    groups.set(keyOf(name), group)
  }
  return [...groups.values()]
}

/** Kubelets report every five minutes at least, so a list of nodes tells when it was made. */
function noteTimes(item: unknown, clock: {newest: string}): void {
  const conditions = at(item, 'status', 'conditions')
  const times = (Array.isArray(conditions) ? conditions : []).flatMap(condition => [at(condition, 'lastHeartbeatTime'), at(condition, 'lastTransitionTime')])
  for (const time of [at(item, 'metadata', 'creationTimestamp'), ...times])
    if (typeof time === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/.test(time) && time > clock.newest) clock.newest = time
}

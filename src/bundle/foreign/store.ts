import {at, record, text, textRecordAt} from '../../collectors/fields.ts'
import type {Access} from '../../engine/collector.ts'
import {listOf, type ResourceName, resourceOf} from './kinds.ts'

/** What the place of a file in an archive tells of what is in it. */
export interface Hint {
  /** For lists that do not say it themselves: typed items, bare arrays, empty lists. */
  readonly resource?: ResourceName
  /** Which objects a list in this file names all of. undefined: as `kubectl get` was called, which its items must tell. */
  readonly all?: 'cluster' | {readonly namespace: string}
}

/** Objects of one resource, and how much of all that there are. */
export interface Held {
  readonly objects: Map<string, unknown>
  /** Every one of the cluster. */
  whole: boolean
  /** Every one of these namespaces. */
  readonly namespaces: Set<string>
  /** Why a list is not what it seems. */
  readonly doubts: Set<string>
}

export interface Store {
  readonly held: ReadonlyMap<string, Held>
  /** Takes an object or a list; what nobody asks for is dropped at once. `bytes`: of the text it came from. Whether it was Kubernetes' at all. */
  add(value: unknown, hint?: Hint): boolean
  /** How many objects are kept. */
  size(): number
  /** ISO 8601: the youngest time that any object tells. */
  newest(): string | undefined
}

export const keyOf = ({group, plural}: ResourceName): string => `${plural}.${group}`
/** Objects of one resource that are kept: clusters of 5,000 nodes are known, and hostile archives are larger. */
const most = 50_000
/** calicoctl's own Nodes stand for what Calico keeps in etcd. */
const always = ['nodes.projectcalico.org']
/** Pods are many, and collectors choose theirs by these labels alone. */
export const podLabels: readonly string[] = ['k8s-app', 'component']

/** Keeps what the collectors may ask for, by their own declarations. */
export function objectStore(access: readonly Access[]): Store {
  const wanted = new Set([...always, ...access.map(({group, resource}) => keyOf({group, plural: resource}))])
  const held = new Map<string, Held>()
  const clock = {newest: ''}
  const heldOf = (name: ResourceName): Held | undefined => {
    const key = keyOf(name)
    if (!wanted.has(key)) return undefined
    const found = held.get(key) ?? {objects: new Map(), whole: false, namespaces: new Set(), doubts: new Set()}
    held.set(key, found)
    return found
  }
  const addObject = (item: unknown, name: ResourceName): void => {
    if (text(at(item, 'metadata', 'name')) === undefined) return
    const target = heldOf(name)
    noteTimes(item, clock)
    if (target && isWanted(item, name)) keepObject(target, item)
  }
  const addList = (items: readonly unknown[], says: ListSays, hint: Hint): void => {
    for (const [name, some] of byResource(items, says.of ?? hint.resource)) {
      const target = heldOf(name)
      if (!target) continue
      noteList(target, some, says, hint)
      for (const item of some) addObject(item, name)
    }
  }
  return {
    held,
    size: () => [...held.values()].reduce((sum, {objects}) => sum + objects.size, 0),
    newest: () => clock.newest || undefined,
    add(value, hint = {}) {
      const list = Array.isArray(value) ? {items: value, whole: hint.all !== undefined, typed: false} : listOf(value)
      if (list) addList(list.items, list, hint)
      const name = list ? undefined : (resourceOf(value) ?? (record(at(value, 'metadata')) && hint.resource))
      if (name) {
        const target = held.get(keyOf(name))
        if (target?.whole && !target.objects.has(idOf(value))) target.doubts.add(notInList)
        addObject(value, name)
      }
      return list !== undefined || name !== undefined
    },
  }
}

interface ListSays {
  readonly of?: ResourceName
  readonly whole: boolean
  /** `PodList`, as calicoctl and the API itself print it; kubectl's own `List` may have been chosen by a label. */
  readonly typed: boolean
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

function noteList(target: Held, items: readonly unknown[], {whole, typed}: ListSays, {all}: Hint): void {
  const namespaces = new Set(items.flatMap(item => text(at(item, 'metadata', 'namespace')) ?? []))
  if (!whole) target.doubts.add('a list of them is not whole')
  else if (all !== undefined) markAll(target, all)
  else if (namespaces.size > 0 && !typed && shareLabel(items)) target.doubts.add('a list of them may have been chosen by a label')
  else if (namespaces.size === 1) for (const namespace of namespaces) target.namespaces.add(namespace)
  else if (items.length > 0) target.whole = true
  if (target.whole && hasOthers(target, items)) target.doubts.add(notInList)
}

const notInList = 'one of them is not in the list of all'
function hasOthers({objects}: Held, items: readonly unknown[]): boolean {
  const ids = new Set(items.map(idOf))
  return [...objects.keys()].some(id => !ids.has(id))
}

function markAll(target: Held, all: NonNullable<Hint['all']>): void {
  if (all === 'cluster') target.whole = true
  else target.namespaces.add(all.namespace)
}

/** `kubectl get pods -l k8s-app=calico-node` prints a list like any other. */
function shareLabel(items: readonly unknown[]): boolean {
  const [first, ...rest] = items.map(item => textRecordAt(item, 'metadata', 'labels'))
  return Object.entries(first ?? {}).some(([key, value]) => rest.every(labels => Object.hasOwn(labels, key) && labels[key] === value))
}

function isWanted(item: unknown, {group, plural}: ResourceName): boolean {
  if (group !== '' || plural !== 'pods') return true
  const labels = textRecordAt(item, 'metadata', 'labels')
  return podLabels.some(label => Object.hasOwn(labels, label))
}

const idOf = (item: unknown) => `${text(at(item, 'metadata', 'namespace')) ?? ''}/${text(at(item, 'metadata', 'name')) ?? ''}`

/** The first that was found stays: what came later, in a log or another day's file, only raises doubt. */
function keepObject(target: Held, item: unknown): void {
  const id = idOf(item)
  const before = target.objects.get(id)
  if (before !== undefined) {
    if (JSON.stringify(before) !== JSON.stringify(slim(item))) target.doubts.add('they are in it twice, and differ')
  } else if (target.objects.size >= most) {
    target.whole = false
    target.namespaces.clear()
    target.doubts.add(`more than ${most} of them`)
  } else target.objects.set(id, slim(item))
}

/** Without what is half of every object and read by nobody. */
function slim(item: unknown): unknown {
  const metadata = record(at(item, 'metadata'))
  const annotations = record(metadata?.annotations)
  if (metadata) delete metadata.managedFields
  if (annotations) delete annotations['kubectl.kubernetes.io/last-applied-configuration']
  return item
}

/** Kubelets report every five minutes at least, so a list of nodes tells when it was made. */
function noteTimes(item: unknown, clock: {newest: string}): void {
  const conditions = at(item, 'status', 'conditions')
  const times = (Array.isArray(conditions) ? conditions : []).flatMap(condition => [at(condition, 'lastHeartbeatTime'), at(condition, 'lastTransitionTime')])
  for (const time of [at(item, 'metadata', 'creationTimestamp'), ...times])
    if (typeof time === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/.test(time) && time > clock.newest) clock.newest = time
}

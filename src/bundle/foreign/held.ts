import {at, record, text, textRecordAt} from '../../collectors/fields.ts'
import type {ResourceName} from './kinds.ts'

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

/** What a list says of itself. */
export interface ListSays {
  readonly of?: ResourceName
  readonly whole: boolean
  /** `PodList`, as calicoctl and the API itself print it; kubectl's own `List` may have been chosen by a label. */
  readonly typed: boolean
}

export const emptyHeld = (): Held => ({objects: new Map(), whole: false, namespaces: new Set(), doubts: new Set()})

/** Objects of one resource that are kept: clusters of 5,000 nodes are known, and hostile archives are larger. */
const most = 50_000
/** Characters of all objects together: the nodes of 5,000 and their pods of Calico are 100 MB. */
const mostCharacters = 256 * 1024 ** 2
export interface Room {
  used: number
}
/** Pods are many, and collectors choose theirs by these labels alone. */
export const podLabels: readonly string[] = ['k8s-app', 'component']

/** What a list proves, before its items are kept. */
export function noteList(target: Held, items: readonly unknown[], {whole, typed}: ListSays, {all}: Hint): void {
  const namespaces = new Set(items.flatMap(item => text(at(item, 'metadata', 'namespace')) ?? []))
  if (!whole) target.doubts.add('a list of them is not whole')
  else if (all !== undefined) markAll(target, all)
  else if (namespaces.size > 0 && !typed && shareLabel(items)) target.doubts.add('a list of them may have been chosen by a label')
  else if (namespaces.size === 1) for (const namespace of namespaces) target.namespaces.add(namespace)
  else if (items.length > 0) target.whole = true
  if (target.whole && hasOthers(target, items)) target.doubts.add(notInList)
}

/** Before a single object is kept. */
export function noteObject(target: Held | undefined, item: unknown): void {
  if (target?.whole && !target.objects.has(idOf(item))) target.doubts.add(notInList)
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

export function isWanted(item: unknown, {group, plural}: ResourceName): boolean {
  if (group !== '' || plural !== 'pods') return true
  const labels = textRecordAt(item, 'metadata', 'labels')
  return podLabels.some(label => Object.hasOwn(labels, label))
}

/** What a cluster says of these has a status; what somebody means to apply has none. */
const withStatus: ReadonlySet<string> = new Set(['nodes', 'pods', 'daemonsets', 'deployments'])

export function noteManifest(target: Held, item: unknown, {plural}: ResourceName): void {
  if (withStatus.has(plural) && record(at(item, 'status')) === undefined) target.doubts.add('some are without status: manifests, not what a cluster said')
}

const idOf = (item: unknown) => `${text(at(item, 'metadata', 'namespace')) ?? ''}/${text(at(item, 'metadata', 'name')) ?? ''}`

/** The first that was found stays: what came later, in a log or another day's file, only raises doubt. */
export function keepObject(target: Held, item: unknown, room: Room): void {
  const id = idOf(item)
  const before = target.objects.get(id)
  const size = JSON.stringify(slim(item)).length
  if (before !== undefined) {
    if (JSON.stringify(before) !== JSON.stringify(item)) target.doubts.add('they are in it twice, and differ')
  } else if (target.objects.size >= most || room.used + size > mostCharacters) {
    target.whole = false
    target.namespaces.clear()
    target.doubts.add(`more than ${target.objects.size} of them`)
  } else {
    room.used += size
    target.objects.set(id, item)
  }
}

/** Without what is half of every object and read by nobody. */
export function slim(item: unknown): unknown {
  const metadata = record(at(item, 'metadata'))
  const annotations = record(metadata?.annotations)
  if (metadata) delete metadata.managedFields
  if (annotations) delete annotations['kubectl.kubernetes.io/last-applied-configuration']
  return item
}

import {type Collected, known} from '../engine/collected.ts'
import type {ListOptions, Resource} from '../engine/collector.ts'
import type {Bounds} from './deadline.ts'
import {pathOf, type Read, readThrough} from './list-pages.ts'
import {type WatchEvent, watchStream} from './watch-stream.ts'
import type {Wire} from './wire.ts'

/** A list that a watch keeps as it is now. */
export interface FollowedList<T> {
  /** As listPages gives it; read again only where the watch broke, and then with what is wrong. */
  current(): Promise<Collected<T[]>>
  /** Reads it anew next time: after the API server was away, a watch may be dead and not know it. */
  doubt(): void
  close(): void
}

/** Where watching is not allowed, a list is read again after so long. */
const relistMs = 30_000
/** The server ends a watch after so long, at random between one and two of it, so that not all end at once (client-go: minWatchTimeout). */
const usualWatchSeconds = 240

/** By `namespace/name`, in the API's own order. */
type Items<T> = Map<string, T>

export interface FollowBounds extends Bounds {
  /** Shortest time until the server ends a watch. */
  readonly watchSeconds?: number
}

export function followList<T>(wire: Wire, resource: Resource, options: ListOptions<T>, bounds: FollowBounds): FollowedList<T> {
  let items: Items<T> = new Map()
  let watching: AbortController | undefined
  let reading: Promise<Collected<T[]>> | undefined
  /** Until when what was listed counts without a watch. */
  let goodUntil = 0
  const read = async (): Promise<Collected<T[]>> => {
    const listedAt = performance.now()
    const list = await wholeList(wire, resource, options, bounds)
    items = new Map(list.items)
    if (!list.stopped) void watch(list.version, items, listedAt)
    if (list.pages === 0 && list.stopped) return list.stopped
    return known(sorted(items), list.stopped && `only the first ${items.size}: ${list.stopped.detail}`)
  }
  const watch = async (version: string, into: Items<T>, listedAt: number) => {
    const own = new AbortController()
    watching = own
    const status = await keepUp({wire, resource, options, bounds: {...bounds, signal: withOverall(own.signal, bounds)}}, version, into)
    // One that was refused after a while tells of rights or credentials that are gone.
    if (refusals.has(status)) goodUntil = listedAt + relistMs
    if (watching === own) watching = undefined
  }
  const stop = () => {
    goodUntil = 0
    watching?.abort()
    watching = undefined
  }
  const readOnce = () => (reading ??= read().finally(() => (reading = undefined)))
  return {current: async () => (watching || performance.now() < goodUntil ? known(sorted(items)) : readOnce()), doubt: stop, close: stop}
}

async function wholeList<T>(wire: Wire, resource: Resource, options: ListOptions<T>, bounds: Bounds): Promise<Read<[string, T]>> {
  const keyed = {...options, project: (item: any) => keyedItem(item, options)}
  const first = await readThrough(wire, resource, keyed, bounds)
  return first.expired ? readThrough(wire, resource, keyed, bounds) : first
}

interface Watched<T> {
  readonly wire: Wire
  readonly resource: Resource
  readonly options: ListOptions<T>
  readonly bounds: FollowBounds & {readonly signal: AbortSignal}
}

/** Applies what watches tell, one after another, as long as they are of use. Resolves to the last one's HTTP status. */
async function keepUp<T>({wire, resource, options, bounds}: Watched<T>, version: string, items: Items<T>): Promise<number> {
  const {watchSeconds = usualWatchSeconds, signal} = bounds
  for (let at = version; ; ) {
    const [from, started] = [at, performance.now()]
    const {status} = await watchStream(wire, watchPath(resource, options, from, watchSeconds), bounds, event => {
      at = applied(event, items, options) ?? at
    })
    // One that ends at once and brought nothing would go round and round: too old a version, an event that cannot be read.
    const isOfUse = status === 200 && !signal.aborted && (at !== from || performance.now() - started > 1_000)
    if (!isOfUse) return status
  }
}

/** Watching is not allowed, or not served. */
const refusals: ReadonlySet<number> = new Set([403, 405])

const withOverall = (own: AbortSignal, {signal}: Bounds) => (signal ? AbortSignal.any([own, signal]) : own)

/** What an event changes; the version that a next watch goes on from, if it told one. */
function applied<T>({type, object}: WatchEvent, items: Items<T>, options: ListOptions<T>): string | undefined {
  if (type === 'ERROR') throw new Error('the server has forgotten this version')
  const version: unknown = object?.metadata?.resourceVersion
  if (type === 'DELETED') items.delete(keyOf(object))
  if (type === 'ADDED' || type === 'MODIFIED') {
    const [key, item] = keyedItem(object, options) ?? [keyOf(object), undefined]
    if (item === undefined) items.delete(key)
    else items.set(key, item)
  }
  return typeof version === 'string' ? version : undefined
}

function keyedItem<T>(item: any, {project}: ListOptions<T>): [string, T] | undefined {
  const projected = project(item)
  return projected === undefined ? undefined : [keyOf(item), projected]
}

const keyOf = ({metadata}: any): string => `${metadata?.namespace ?? ''}/${metadata?.name ?? ''}`
const sorted = <T>(items: Items<T>): T[] => [...items].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, item]) => item)

function watchPath(resource: Resource, {labelSelector, fieldSelector}: ListOptions<unknown>, resourceVersion: string, leastSeconds: number): string {
  const seconds = leastSeconds + Math.floor(Math.random() * leastSeconds)
  const selectors = {...(labelSelector && {labelSelector}), ...(fieldSelector && {fieldSelector})}
  return `${pathOf(resource)}?${new URLSearchParams({watch: 'true', allowWatchBookmarks: 'true', resourceVersion, timeoutSeconds: String(seconds), ...selectors})}`
}

import {type Collected, known, type Unknown, unknown} from '../engine/collected.ts'
import type {EtcdDoor, EtcdEntry} from '../engine/collector.ts'
import type {Env} from './connect-options.ts'
import {askPool, type EtcdPool, isUnknown, moveToFront, openPool} from './etcd-pool.ts'
import {keyRange, prefixRange, type Range, type RangePage} from './etcd-range.ts'
import {reach} from './etcd-reach.ts'
import type {EtcdSettings} from './etcd-settings.ts'

export interface EtcdDoorOptions {
  readonly settings: EtcdSettings
  readonly env: Env
  readonly signal: AbortSignal
  /** One question to one endpoint. */
  readonly requestTimeoutMs?: number
}
type Ask = (range: Range) => Promise<RangePage | Unknown>

/** Connects to nothing before the first question. */
export function etcdDoor({settings, env, signal, requestTimeoutMs = 15_000}: EtcdDoorOptions): EtcdDoor & {close(): void} {
  const bounds = {timeoutMs: requestTimeoutMs, signal}
  const pools = new Map<string, Promise<EtcdPool | Unknown>>()
  const poolOf = (urls: readonly string[]) => {
    const key = urls.join(',')
    const pool = pools.get(key) ?? openPool(urls, settings, env)
    pools.set(key, pool)
    return pool
  }
  const asking =
    (urls: readonly string[]): Ask =>
    async range => {
      const pool = await poolOf(urls)
      return isUnknown(pool) ? pool : askPool(pool, range, bounds)
    }
  return {
    ...(settings.datastore !== undefined && {datastore: settings.datastore}),
    ...(settings.endpoints !== undefined && {endpoints: settings.endpoints}),
    async reach(urls) {
      const pool = await poolOf(urls)
      if (isUnknown(pool)) return pool
      const reached = await reach(pool, bounds)
      if (reached.known) moveToFront(pool, reached.value.endpoint)
      return reached
    },
    list: (urls, prefix, project) => listed(asking(urls), prefix, project),
    get: (urls, key) => got(asking(urls), key),
    close() {
      for (const pool of pools.values()) void pool.then(open => isUnknown(open) || open.forEach(endpoint => endpoint.close()))
    },
  }
}

/** What stops later pages leaves what came before them, marked as partial. */
async function listed<T>(ask: Ask, prefix: string, project: (entry: EtcdEntry) => T | undefined): Promise<Collected<T[]>> {
  const items: T[] = []
  let range: Range | undefined = prefixRange(prefix)
  for (let pages = 0; range; pages++) {
    const page: RangePage | Unknown = await ask(range)
    if (isUnknown(page)) return pages === 0 ? page : known(items, `only the first ${items.length}: ${page.detail}`)
    for (const entry of page.entries) {
      const item = project(entry)
      if (item !== undefined) items.push(item)
    }
    range = page.next
  }
  return known(items)
}

async function got(ask: Ask, key: string): Promise<Collected<EtcdEntry>> {
  const page = await ask(keyRange(key))
  if (isUnknown(page)) return page
  return page.entries[0] ? known(page.entries[0]) : unknown('absent', `etcd has no key ${key}`)
}

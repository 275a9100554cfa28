import {type Unknown, unknown} from '../engine/collected.ts'
import {SourceError} from '../engine/errors.ts'
import type {Env} from './connect-options.ts'
import type {Bounds} from './deadline.ts'
import {type EtcdEndpoint, etcdEndpoint, isRefusal} from './etcd-endpoint.ts'
import {type Refusal, unknownOf} from './etcd-errors.ts'
import type {Range, RangePage} from './etcd-range.ts'
import {type EtcdSettings, isHttp, readPems} from './etcd-settings.ts'
import {quoted} from './words.ts'

/** The members of one etcd, the one that answered last first. */
export type EtcdPool = EtcdEndpoint[]
export const isUnknown = (answer: object): answer is Unknown => 'known' in answer && answer.known === false

/** Endpoints come from a ConfigMap that may hold anything; an etcd has seven members at most. */
const most = 9

export async function openPool(urls: readonly string[], settings: EtcdSettings, env: Env): Promise<EtcdPool | Unknown> {
  const wrong = urls.find(url => !isHttp(url))
  if (wrong !== undefined) return unknown('failed', `${quoted(wrong)} among the etcd endpoints is no URL. Give them with --etcd-endpoints.`)
  if (urls.length === 0 || urls.length > most) return unknown('failed', `There are ${urls.length} etcd endpoints. Give the right ones with --etcd-endpoints.`)
  try {
    const pems = await readPems(settings)
    return [...new Set(urls)].map(url => etcdEndpoint(url, {...pems, settings}, env))
  } catch (error) {
    if (!(error instanceof SourceError)) throw error
    return unknown('failed', [error.message, error.next].join(' '))
  }
}

/** One after the other until one answers. */
export async function askPool(pool: EtcdPool, range: Range, bounds: Bounds): Promise<RangePage | Unknown> {
  const refusals: [string, Refusal][] = []
  for (const endpoint of [...pool]) {
    const answer = await endpoint.range(range, bounds)
    if (!isRefusal(answer)) return moveToFront(pool, endpoint.url), answer
    refusals.push([endpoint.url, answer])
    if (bounds.signal?.aborted) break
  }
  return unknownOf(refusals)
}

export function moveToFront(pool: EtcdPool, url: string): void {
  pool.sort((a, b) => Number(b.url === url) - Number(a.url === url))
}

import type {KubeObject} from './cluster-state.ts'
import {requireVersion} from './resource-version.ts'
import {badRequest} from './status.ts'

export interface Page {
  readonly items: readonly KubeObject[]
  readonly resourceVersion: string
  readonly continue?: string
  /** Only where no selector is used: the server does not count what a selector leaves out. */
  readonly remaining?: number
}
interface PageOptions {
  readonly query: URLSearchParams
  readonly resourceVersion: string
}

/** One page, in the order of etcd's keys. Tokens are etcd3's: the key to go on from, and the resourceVersion of the first page. */
export function pageOf(objects: readonly KubeObject[], {query, resourceVersion}: PageOptions): Page {
  requireVersion(query, resourceVersion)
  const token = query.get('continue') ?? ''
  const start = token === '' ? undefined : readToken(token, query)
  const limit = limitOf(query)
  const sorted = inOrder(objects)
  const from = start ? firstAtOrAfter(sorted, start.key) : 0
  const items = limit > 0 ? sorted.slice(from, from + limit) : sorted.slice(from)
  const version = start?.resourceVersion ?? resourceVersion
  const remaining = sorted.length - from - items.length
  if (remaining === 0) return {items, resourceVersion: version}
  const selected = query.get('labelSelector') || query.get('fieldSelector')
  return {items, resourceVersion: version, continue: writeToken(version, keyOf(items.at(-1)!)), ...(!selected && {remaining})}
}

const mostInt64 = 2n ** 63n
/** 0 and less: all. With resourceVersion=0 the watch cache answers, and it knows no pages: the limit is ignored (storage/cacher). */
function limitOf(query: URLSearchParams): number {
  const text = query.get('limit') ?? '0'
  if (!/^[+-]?\d+$/.test(text)) throw badRequest(`strconv.ParseInt: parsing "${text}": invalid syntax`)
  const value = BigInt(text.replace('+', ''))
  if (value >= mostInt64 || value < -mostInt64) throw badRequest(`strconv.ParseInt: parsing "${text}": value out of range`)
  return query.get('resourceVersion') === '0' && !query.get('continue') ? 0 : Number(text)
}

const keyOf = ({metadata: {namespace, name}}: KubeObject) => (namespace === undefined ? name : `${namespace}/${name}`)

function inOrder(objects: readonly KubeObject[]): readonly KubeObject[] {
  const sorted = objects.every((object, index) => index === 0 || keyOf(objects[index - 1]!) <= keyOf(object))
  return sorted ? objects : objects.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
}

function firstAtOrAfter(sorted: readonly KubeObject[], key: string): number {
  let [low, high] = [0, sorted.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (keyOf(sorted[middle]!) < key) low = middle + 1
    else high = middle
  }
  return low
}

const writeToken = (resourceVersion: string, last: string) =>
  Buffer.from(JSON.stringify({v: 'meta.k8s.io/v1', rv: Number(resourceVersion), start: `${last}\0`})).toString('base64url')

function readToken(token: string, query: URLSearchParams): {key: string; resourceVersion: string} {
  if (!['', '0', null].includes(query.get('resourceVersion'))) throw badRequest('specifying resource version is not allowed when using continue')
  try {
    const {v, rv, start} = JSON.parse(Buffer.from(token, 'base64url').toString())
    if (v === 'meta.k8s.io/v1' && typeof rv === 'number' && typeof start === 'string') return {key: start, resourceVersion: String(rv)}
  } catch {
    // Falls through: what cannot be read is as wrong as what says something else.
  }
  throw badRequest('invalid continue token: continue key is not valid: encoded continue token is invalid')
}

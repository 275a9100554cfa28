import type {EtcdEntry} from '../engine/collector.ts'

/** What POST /v3/kv/range is asked: keys from `key` up to `range_end` and without it, or `key` alone. Bytes are base64 in etcd's JSON. */
export interface Range {
  readonly key: string
  readonly range_end?: string
  readonly limit?: number
}
export interface RangePage {
  readonly entries: readonly EtcdEntry[]
  /** What to ask for the rest. */
  readonly next?: Range
}

/** Keys a page: Calico's objects are some kB each. */
const pageSize = 500

export const keyRange = (key: string): Range => ({key: base64(Buffer.from(key))})
export const prefixRange = (prefix: string): Range => ({key: base64(Buffer.from(prefix)), range_end: base64(endOf(Buffer.from(prefix))), limit: pageSize})

/** The first key after all with this prefix: its last byte counted up; `\0` stands for the end of all keys (etcd: clientv3 GetPrefixRangeEnd). */
function endOf(prefix: Buffer): Buffer {
  const last = prefix.findLastIndex(byte => byte < 0xff)
  if (last < 0) return Buffer.from([0])
  const end = Buffer.from(prefix.subarray(0, last + 1))
  end[last]! += 1
  return end
}

/** The page in an answer; undefined when the answer is none of etcd's. etcd leaves out what is empty: `kvs`, `more`, a `value`. */
export function readPage(json: unknown, asked: Range): RangePage | undefined {
  if (!isRecord(json) || !isRecord(json.header) || typeof json.header.revision !== 'string') return undefined
  const kvs: unknown = json.kvs ?? []
  if (!Array.isArray(kvs)) return undefined
  const entries = kvs.map(entryOf).filter(entry => entry !== undefined)
  if (entries.length < kvs.length) return undefined
  if (json.more !== true) return {entries}
  const last = Buffer.from(String(kvs.at(-1)?.key ?? ''), 'base64')
  // Who says there is more and does not come forward would be asked for ever.
  if (entries.length === 0 || Buffer.compare(last, Buffer.from(asked.key, 'base64')) < 0) return undefined
  return {entries, next: {...asked, key: base64(Buffer.concat([last, Buffer.from([0])]))}}
}

function entryOf(kv: unknown): EtcdEntry | undefined {
  if (!isRecord(kv) || typeof kv.key !== 'string') return undefined
  const {key, value = ''} = kv
  return typeof value === 'string' ? {key: textOf(key), value: textOf(value)} : undefined
}

const base64 = (bytes: Buffer) => bytes.toString('base64')
const textOf = (bytes: string) => Buffer.from(bytes, 'base64').toString()
const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null && !Array.isArray(value)

import fc from 'fast-check'
import {expect, test} from 'vitest'
import {keyRange, prefixRange, readPage} from '../../src/cluster/etcd-range.ts'

const base64 = (text: string | Uint8Array) => Buffer.from(text).toString('base64')
const header = {cluster_id: '1', member_id: '2', revision: '3', raft_term: '4'}
const kv = (key: string, value?: string) => ({key: base64(key), version: '1', ...(value !== undefined && {value: base64(value)})})

test('a prefix ends before the next key that does not have it', () => {
  expect(prefixRange('/calico/')).toEqual({key: base64('/calico/'), range_end: base64('/calico0'), limit: 500})
  expect(keyRange('/calico/a')).toEqual({key: base64('/calico/a')})
  // Bytes, not characters: the last of é is counted up.
  expect(prefixRange('é').range_end).toBe(base64(Uint8Array.from([0xc3, 0xaa])))
  expect(prefixRange('').range_end).toBe(base64('\0'))
})

test('every key with the prefix lies in its range, and no other', () => {
  const text = fc.string({unit: 'binary', minLength: 1, maxLength: 5}).filter(word => word.isWellFormed())
  fc.assert(
    fc.property(text, text, (prefix, other) => {
      const {key, range_end = ''} = prefixRange(prefix)
      const lies = (word: string) => {
        const [bytes, from, end] = [Buffer.from(word), Buffer.from(key, 'base64'), Buffer.from(range_end, 'base64')]
        return Buffer.compare(bytes, from) >= 0 && Buffer.compare(bytes, end) < 0
      }
      expect([lies(prefix + other), lies(other)]).toEqual([true, Buffer.from(other).subarray(0, Buffer.from(prefix).length).equals(Buffer.from(prefix))])
    }),
  )
})

test('etcd leaves out what is empty', () => {
  expect(readPage({header}, keyRange('/a'))).toEqual({entries: []})
  expect(readPage({header, kvs: [kv('/a')], count: '1'}, keyRange('/a'))).toEqual({entries: [{key: '/a', value: ''}]})
})

test('more: on from the last key', () => {
  const asked = prefixRange('/a/')
  expect(readPage({header, kvs: [kv('/a/1', 'x'), kv('/a/2', 'y')], more: true, count: '9'}, asked)).toEqual({
    entries: [
      {key: '/a/1', value: 'x'},
      {key: '/a/2', value: 'y'},
    ],
    next: {...asked, key: base64('/a/2\0')},
  })
})

test.each<[string, unknown]>([
  ['nothing', undefined],
  ['an empty object', {}],
  ['a list', []],
  ['a Status of Kubernetes', {kind: 'Status', status: 'Failure', code: 404}],
  ['a header that is none', {header: 'etcd'}],
  ['kvs that are none', {header, kvs: {}}],
  ['a key that is none', {header, kvs: [{key: 7}]}],
  ['a value that is none', {header, kvs: [{key: base64('/a'), value: {}}]}],
  ['more of nothing', {header, more: true}],
  ['more that steps back', {header, kvs: [kv('/0')], more: true}],
])('%s is no answer of etcd', (_, json) => expect(readPage(json, prefixRange('/a/'))).toBeUndefined())

test('never throws', () => {
  fc.assert(fc.property(fc.jsonValue(), json => void readPage(json, prefixRange('/a/'))))
  fc.assert(
    fc.property(fc.array(fc.record({key: fc.string(), value: fc.string()})), fc.boolean(), (kvs, more) => void readPage({header, kvs, more}, prefixRange('/'))),
  )
})

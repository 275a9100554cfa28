import fc from 'fast-check'
import {loadAll} from 'js-yaml'
import {expect, test} from 'vitest'
import {describePod} from '../../src/evidence/api-describe.ts'
import {documentsWithin} from '../../src/evidence/api-documents.ts'
import {eventsAt, namespaceEvents} from '../../src/evidence/api-events.ts'
import {newestWithin} from '../../src/evidence/api-newest.ts'
import {yamlOf} from '../../src/evidence/api-yaml.ts'
import {fakeCluster} from '../collectors/fake-cluster.ts'

const type = {apiVersion: 'v1', kind: 'Pod'}
const keys = fc.constantFrom('metadata', 'name', 'namespace', 'labels', 'spec', 'containers', 'env', 'value', 'status', 'state', 'terminated', 'exitCode', 'x')
const anything = fc.letrec<{tree: unknown}>(tie => ({
  tree: fc.oneof(
    {depthSize: 'small'},
    fc.string({unit: 'binary'}),
    fc.double(),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('tree'), {maxLength: 4}),
    fc.dictionary(keys, tie('tree'), {maxKeys: 6}),
  ),
})).tree

test('any JSON becomes YAML that reads back, and a page without control characters', () => {
  fc.assert(
    fc.property(anything, item => {
      const json: unknown = JSON.parse(JSON.stringify(item))
      expect(loadAll(yamlOf(json, type).text)).toHaveLength(1)
      // oxlint-disable-next-line no-control-regex
      expect(describePod(json, []).text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u)
    }),
  )
})

test('documents keep within their limit, whole and in order', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({min: 0, max: 4_000})), fc.integer({min: 5_000, max: 20_000}), (sizes, maxBytes) => {
      const documents = documentsWithin(maxBytes)
      sizes.forEach((size, index) => documents.add({text: `# ${index}\n${'x'.repeat(size)}\n`, struckOut: 1}))
      documents.remark('more\u001b[31m')
      const text = documents.text()
      const kept = [...text.matchAll(/^# (\d+)$/gm)].map(([, index]) => Number(index))
      expect(Buffer.byteLength(text)).toBeLessThanOrEqual(maxBytes)
      expect(kept).toEqual(kept.map((_, index) => index))
      expect(documents.truncated).toBe(kept.length < sizes.length)
      expect(text).not.toContain('\u001b')
    }),
  )
})

test('the newest are kept, newest first, in whatever order they came', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({min: 0, max: 1_000})), fc.integer({min: 1, max: 50}), (times, most) => {
      const newest = newestWithin<number>(most)
      for (const time of times) newest.add(time, time, 1)
      expect(newest.kept()).toEqual(times.toSorted((a, b) => b - a).slice(0, most))
      expect(newest.seen).toBe(times.length)
    }),
  )
})

test('events of any shape are rows: old ones count in themselves, new ones in their series', async () => {
  const events = [
    {lastTimestamp: '2025-11-18T09:00:00Z', count: 7, type: 'Warning', reason: 'Old', involvedObject: {kind: 'Pod', name: 'a'}, message: 'one\n\u001b[31mtwo'},
    {lastTimestamp: null, eventTime: '2025-11-18T09:01:00.000000Z', series: {count: 3, lastObservedTime: '2025-11-18T09:05:00.000000Z'}, reason: 'New'},
    {eventTime: '2025-11-18T08:00:00.000000Z', reason: 'Single'},
    null,
    {message: 'x'.repeat(100_000)},
  ]
  const cluster = fakeCluster({'/api/v1/namespaces/kube-system/events': events})
  const found = await eventsAt(cluster, namespaceEvents('kube-system'), {rowBytes: 10_000, documentBytes: 0, signal: undefined})
  expect(found.known && found.value.seen).toBe(5)
  const rows = found.known ? found.value.rows : []
  expect(rows.map(({at, count, reason}) => `${at} ${count} ${reason}`)).toEqual([
    '2025-11-18T09:05:00.000000Z 3 New',
    '2025-11-18T09:00:00Z 7 Old',
    '2025-11-18T08:00:00.000000Z 1 Single',
    ' 1 ',
    ' 1 ',
  ])
  expect(rows[1]!.message).toBe('one [31mtwo')
  expect(Math.max(...rows.map(({message}) => message.length))).toBeLessThanOrEqual(1_001)
})

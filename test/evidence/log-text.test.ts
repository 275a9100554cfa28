import {expect, test} from 'vitest'
import {known} from '../../src/engine/collected.ts'
import type {Cluster} from '../../src/engine/collector.ts'
import {readLog} from '../../src/evidence/log-text.ts'
import {fakeCluster} from '../collectors/fake-cluster.ts'

const place = {namespace: 'kube-system', pod: 'calico-node-a', container: 'calico-node', previous: false}

/** A kubelet's answer: the newest lines, of which the first bytes come through. */
function clusterWith(lines: readonly string[]): Cluster & {asked: string[]} {
  const asked: string[] = []
  return {
    ...fakeCluster({}),
    asked,
    text: async (path, {maxBytes}) => {
      asked.push(path)
      const tail = Number(new URL(path, 'http://api').searchParams.get('tailLines'))
      const whole = lines
        .slice(-tail)
        .map(line => `${line}\n`)
        .join('')
      return whole.length > maxBytes ? known(whole.slice(0, maxBytes), `only the first ${maxBytes} bytes`) : known(whole)
    },
  }
}
const limits = {timeoutMs: 1_000, maxBytes: 1_000}
const numbered = (count: number, length: number) => Array.from({length: count}, (_, index) => `${index}`.padStart(length - 1, '0'))

test('a log that fits is whole; one of just so many lines may have had more', async () => {
  const cluster = clusterWith(['a', 'b'])
  expect(await readLog(cluster, place, {tailLines: 10}, limits)).toEqual({known: true, value: {text: 'a\nb\n', truncated: false}})
  expect(await readLog(cluster, place, {tailLines: 2, sinceSeconds: 60}, limits)).toEqual({known: true, value: {text: 'a\nb\n', truncated: true}})
  expect(cluster.asked.at(-1)).toBe('/api/v1/namespaces/kube-system/pods/calico-node-a/log?container=calico-node&timestamps=true&tailLines=2&sinceSeconds=60')
})

test('of one that does not fit the newest lines are kept', async () => {
  const cluster = clusterWith(numbered(100, 50))
  const log = await readLog(cluster, place, {tailLines: 100}, limits)
  expect(log).toMatchObject({known: true, value: {truncated: true}})
  const lines = log.known ? log.value.text.trimEnd().split('\n') : []
  expect(lines.length).toBeGreaterThan(10)
  expect(Number(lines.at(-1))).toBe(99)
  expect(cluster.asked).toHaveLength(2)
})

test('no half line is kept, and an endless one not at all', async () => {
  const cluster = clusterWith(['x'.repeat(5_000)])
  expect(await readLog(cluster, place, {tailLines: 100}, limits)).toMatchObject({known: true, value: {text: '', truncated: true}, partial: expect.any(String)})
  expect(cluster.asked.length).toBeLessThanOrEqual(3)
})

test("a kubelet's excuse is no log", async () => {
  const cluster = {...fakeCluster({}), text: async () => known('unable to retrieve container logs for containerd://4f2a')}
  expect(await readLog(cluster, place, {tailLines: 10}, limits)).toEqual({
    known: false,
    why: 'failed',
    detail: 'the kubelet: unable to retrieve container logs for containerd://4f2a',
  })
})

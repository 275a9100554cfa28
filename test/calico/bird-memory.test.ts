import {setFlagsFromString} from 'node:v8'
import {runInNewContext} from 'node:vm'
import {expect, test} from 'vitest'
import {readProtocols} from '../../src/calico/bird-protocols.ts'

setFlagsFromString('--expose-gc')
const gc: () => void = runInNewContext('gc')
const heap = () => {
  gc()
  return process.memoryUsage().heapUsed
}

const rows = 1_000
const answer = (node: number) =>
  `BIRD v0.3.3+birdv1.6.8 ready.\nname     proto    table    state  since       info\n${Array.from(
    {length: rows},
    (_, i) => `Mesh_10_0_${i >> 8}_${i & 255} BGP      master   start  03:${10 + (node % 50)}:${10 + (i % 50)}    Active        Socket: Connection refused`,
  ).join('\n')}\n`

test('what is kept of an answer does not keep the answer, and nodes share their words', () => {
  readProtocols(answer(0), 4)
  const before = heap()
  const kept = Array.from({length: 50}, (_, node) => readProtocols(answer(node), 4))
  const perSession = (heap() - before) / (kept.length * rows)
  // A session is an object of eight fields; its row in the text has 95 bytes.
  expect(perSession).toBeLessThan(110)
})

test('reads 1,000 rows in about a millisecond', () => {
  const texts = Array.from({length: 40}, (_, node) => answer(node))
  for (const text of texts) readProtocols(text, 4)
  const times = texts.map(text => {
    const started = performance.now()
    readProtocols(text, 4)
    return performance.now() - started
  })
  // The median, with room for a slow machine.
  expect(times.toSorted((a, b) => a - b)[20]).toBeLessThan(6)
})

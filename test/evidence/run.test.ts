import {setTimeout as pause} from 'node:timers/promises'
import {expect, test} from 'vitest'
import type {Limits} from '../../src/engine/collector.ts'
import {type RunOptions, runEvidence} from '../../src/evidence/run.ts'
import type {Evidence, EvidenceFile, EvidenceTask} from '../../src/evidence/task.ts'

const file = (path: string, text = 'x'): Evidence => ({file: {path, source: 'cat', truncated: false, text}})
const missed = (node: string): Evidence => ({missed: {node, why: 'timeout', detail: 'no answer'}})
type Say = (limits: Limits) => AsyncIterable<Evidence> | Iterable<Evidence>
const task = (what: string, say: Say, rest: Partial<EvidenceTask> = {}): EvidenceTask => ({
  what,
  estimate: {bytes: 10, ms: 10},
  maxBytes: 1_000,
  async *run(limits) {
    yield* say(limits)
  },
  ...rest,
})

async function run(tasks: readonly EvidenceTask[], options: Partial<RunOptions> = {}) {
  const kept: string[] = []
  const keep = async ({path}: EvidenceFile) => (kept.push(path), true)
  const {signal} = new AbortController()
  const all = {nodeTimeoutMs: 1_000, nodeTotalMs: 8_000, concurrency: 4, memoryBytes: 1e6, signal, graceMs: 50, keep, ...options}
  return {...(await runEvidence(tasks, all)), kept}
}
const nap = (ms: number, evidence: Evidence): Say =>
  async function* () {
    await pause(ms)
    yield evidence
  }

test('all tasks, each file as it comes, what was missed beside it', async () => {
  const {
    kept,
    missed: gaps,
    leftOut,
    outcomes,
  } = await run([task('slow', nap(30, file('slow'))), task('b: x', () => [file('b', 'four'), missed('b')], {node: 'b'})])
  expect(kept).toEqual(['b', 'slow'])
  expect(gaps).toEqual([{node: 'b', why: 'timeout', detail: 'no answer'}])
  expect(leftOut).toEqual([])
  expect(outcomes).toMatchObject([
    {what: 'b: x', files: 1, bytes: 4, missed: 1, ended: 'whole'},
    {what: 'slow', ended: 'whole'},
  ])
})

test('never more at once than slots and memory allow', async () => {
  let [now, most] = [0, 0]
  const say: Say = async function* () {
    most = Math.max(most, ++now)
    await pause(5)
    now--
    yield file('x')
  }
  const tasks = Array.from({length: 20}, (_, index) => task(`n${index}: x`, say))
  await run(tasks, {concurrency: 3})
  expect(most).toBe(3)
  most = 0
  await run(
    tasks.map(one => ({...one, maxBytes: 4_000_000})),
    {concurrency: 20, memoryBytes: 2_000_000},
  )
  expect(most).toBe(2)
})

test('the end of the time: what runs ends, what waits is named, and nothing is waited for that does not notice', async () => {
  const stop = new AbortController()
  const deaf = task('deaf', nap(60_000, file('late')), {node: 'a'})
  const polite = task(
    'polite',
    async function* ({signal}) {
      yield file('first')
      await new Promise(resolve => signal!.addEventListener('abort', resolve))
      yield missed('b')
    },
    {node: 'b'},
  )
  const waiting = task('waiting', () => [file('never')], {node: 'c'})
  setTimeout(() => stop.abort(Object.assign(new Error('x'), {name: 'Interrupted'})), 30)
  const started = performance.now()
  const {kept, leftOut, missed: gaps} = await run([polite, deaf, waiting], {signal: stop.signal, concurrency: 2})
  expect(performance.now() - started).toBeLessThan(2_000)
  expect(kept).toEqual(['first'])
  expect(gaps).toHaveLength(1)
  expect(leftOut.map(({why, what}) => [why, what])).toEqual([
    ['interrupted', 'polite'],
    ['interrupted', 'deaf'],
    ['interrupted', 'waiting'],
  ])
})

test('no more room: the file and all that was not begun are named, and nothing more is asked', async () => {
  let asked = 0
  const tasks = Array.from({length: 5}, (_, index) => task(`t${index}`, () => (asked++, [file(`f${index}`)]), {node: `n${index}`}))
  const {leftOut} = await run(tasks, {concurrency: 1, keep: async ({path}) => path === 'f0'})
  expect(asked).toBe(2)
  expect(leftOut.map(({why, what, node}) => [why, what, node])).toEqual([
    ['size', 'f1', undefined],
    ['size', 't2', 'n2'],
    ['size', 't3', 'n3'],
    ['size', 't4', 'n4'],
  ])
})

test('one node has so much time and no more', async () => {
  const forEver: Say = async function* ({signal}) {
    await new Promise(resolve => signal!.addEventListener('abort', resolve))
    yield missed('a')
  }
  const tasks = [task('a: first', forEver, {node: 'a'}), task('a: second', () => [file('a')], {node: 'a'}), task('b: first', () => [file('b')], {node: 'b'})]
  const {kept, leftOut} = await run(tasks, {concurrency: 1, nodeTotalMs: 40})
  expect(kept).toEqual(['b'])
  expect(leftOut.map(({why, what}) => [why, what])).toEqual([
    ['node-time', 'a: first'],
    ['node-time', 'a: second'],
  ])
})

test('a fault of ours costs one task', async () => {
  const broken: Say = () => {
    throw new TypeError('ours')
  }
  const {kept, missed: gaps} = await run([task('a: x', broken, {node: 'a'}), task('b', () => [file('b')])])
  expect(kept).toEqual(['b'])
  expect(gaps).toEqual([{node: 'a', source: 'a: x', why: 'failed', detail: 'calico-doctor itself failed: ours'}])
})

test('a disk that fails ends the run', async () => {
  const tasks = [task('a', () => [file('a')]), task('b', nap(60_000, file('b')))]
  await expect(run(tasks, {keep: () => Promise.reject(new Error('full'))})).rejects.toThrow('full')
})

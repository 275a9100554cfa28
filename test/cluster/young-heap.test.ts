import {spawnSync} from 'node:child_process'
import {join} from 'node:path'
import {expect, test} from 'vitest'

/** Bytes of the space for new objects after many that live for a while, in a Node of its own: the flag is the whole process's. */
function youngHeap(before: string): number {
  const script = `
    import {getHeapSpaceStatistics} from 'node:v8'
    ${before}
    const lists = []
    for (let round = 0; round < 60; round++) lists[round % 8] = Array.from({length: 40_000}, (_, i) => ({i, name: 'pod-' + i}))
    console.log(getHeapSpaceStatistics().find(({space_name}) => space_name === 'new_space').space_size)`
  const {stdout, stderr} = spawnSync(process.execPath, ['--input-type=module', '-e', script], {encoding: 'utf8'})
  expect(stderr).toBe('')
  return Number(stdout)
}

test('the space for new objects stays small, and this V8 knows the flag', () => {
  const file = join(import.meta.dirname, '../../src/cluster/young-heap.ts')
  const bounded = youngHeap(`const {boundYoungHeap} = await import(${JSON.stringify(file)}); boundYoungHeap()`)
  expect(bounded).toBeGreaterThan(0)
  expect(bounded).toBeLessThan(youngHeap('') / 4)
})

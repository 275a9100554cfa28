import fc from 'fast-check'
import {expect, test} from 'vitest'
import {sampleOf} from '../../src/evidence/sample.ts'

const nodes = Array.from({length: 100}, (_, index) => `worker-${String(index).padStart(2, '0')}`)

test('sick ones first and in their order, then some of the others, evenly, and the same each time', () => {
  const {asked, leftOut} = sampleOf(nodes, ['worker-50', 'worker-07'], 4)
  expect(asked).toEqual(['worker-50', 'worker-07', 'worker-13', 'worker-37', 'worker-63', 'worker-87'])
  expect(leftOut).toHaveLength(94)
  expect(sampleOf(nodes.toReversed(), ['worker-50', 'worker-07'], 4)).toEqual({asked, leftOut})
})

test.each<[number | 'all', number]>([
  [0, 1],
  ['all', 100],
  [1_000, 100],
])('%s of the others: %i asked', (count, asked) => expect(sampleOf(nodes, ['worker-01'], count).asked).toHaveLength(asked))

test('every node is asked or left out, none is both', () => {
  const names = fc.uniqueArray(fc.string(), {maxLength: 40})
  fc.assert(
    fc.property(names, fc.nat(50), fc.nat(50), (all, some, count) => {
      const sick = all.slice(0, some)
      const {asked, leftOut} = sampleOf(all, sick, count)
      expect([...asked, ...leftOut].toSorted()).toEqual(all.toSorted())
      expect(asked.length - sick.length).toBe(Math.min(count, all.length - sick.length))
    }),
  )
})

import fc from 'fast-check'
import {expect, test} from 'vitest'
import {nextNodes, type Rotation} from '../../src/live/rotation.ts'

const nodes = (count: number, prefix = 'n') => Array.from({length: count}, (_, index) => `${prefix}${index}`)
const turn = (given: Partial<Rotation>) => nextNodes({nodes: [], sick: [], asked: new Map(), waiting: new Set(), budget: 10, ...given})

test('the sick come first, then those that waited longest', () => {
  const asked = new Map([
    ['n0', 30],
    ['n1', 10],
    ['n2', 20],
  ])
  expect(turn({nodes: nodes(4), sick: ['n2'], asked, budget: 3})).toEqual(['n2', 'n3', 'n1'])
})
test('who has not answered yet is not asked a second time', () => {
  expect(turn({nodes: nodes(3), sick: ['n1'], waiting: new Set(['n1', 'n0'])})).toEqual(['n2'])
})
test('a quarter of a round is for those that seem well, however many are sick', () => {
  const chosen = turn({nodes: nodes(100), sick: nodes(50), budget: 20})
  expect(chosen).toHaveLength(20)
  expect(chosen.filter(node => Number(node.slice(1)) >= 50)).toHaveLength(5)
})
test('when all are sick all the round is theirs, in turn', () => {
  const asked = new Map(nodes(5).map(node => [node, 1]))
  expect(turn({nodes: nodes(10), sick: nodes(10), asked, budget: 5}).toSorted()).toEqual(['n5', 'n6', 'n7', 'n8', 'n9'])
})
test('sick nodes that hold their places for long keep no others waiting', () => {
  const chosen = turn({nodes: nodes(100), sick: nodes(50), budget: 20, budgetForSick: 3})
  expect([chosen.length, chosen.filter(node => Number(node.slice(1)) < 50).length]).toEqual([20, 3])
})
test('a sick node that is no longer wanted is not asked', () => {
  expect(turn({nodes: ['a'], sick: ['gone']})).toEqual(['a'])
})
test('never more than the budget, never one twice, and nobody is left out for ever', () => {
  fc.assert(
    fc.property(fc.integer({min: 1, max: 60}), fc.integer({min: 0, max: 60}), fc.integer({min: 1, max: 20}), (count, ill, budget) => {
      const all = nodes(count)
      const sick = all.slice(0, ill)
      const asked = new Map<string, number>()
      for (let round = 1; round <= count * 4 + 4; round++) {
        const chosen = turn({nodes: all, sick, asked, budget})
        expect(chosen.length).toBeLessThanOrEqual(budget)
        expect(new Set(chosen).size).toBe(chosen.length)
        for (const node of chosen) asked.set(node, round)
      }
      if (budget > 1) expect(asked.size).toBe(count)
    }),
    {numRuns: 60},
  )
})

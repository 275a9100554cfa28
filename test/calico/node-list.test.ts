import {expect, test} from 'vitest'
import {nodeList} from '../../src/calico/node-list.ts'

test.each([
  [[], 'no node'],
  [['a'], 'node a'],
  [['a', 'b', 'c'], '3 nodes: a, b, c'],
  [['a', 'b', 'c', 'd'], '4 nodes: a, b, c, … +1'],
  [Array.from({length: 12}, (_, i) => `n${i}`), '12 nodes: n0, n1, n2, … +9'],
])('%j is %s', (names, text) => expect(nodeList(names)).toBe(text))

test('shows as many as asked for', () => expect(nodeList(['a', 'b', 'c'], 1)).toBe('3 nodes: a, … +2'))

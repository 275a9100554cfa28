import {expect, test} from 'vitest'
import {collectors} from '../../src/collectors/index.ts'
import {known} from '../../src/engine/collected.ts'
import {type Remembered, readFacts} from '../../src/engine/read-facts.ts'
import type {Take} from '../../src/engine/snapshot.ts'

const mtu = (node: string, stdout: string): Take => ({
  at: '2026-11-21T00:00:00Z',
  ms: 1,
  node,
  data: known({argv: ['cat', '/var/lib/calico/mtu'], exit: 0, stdout, stderr: ''}),
})
const look = (takes: readonly Take[]) => ({evidence: {'node/mtu-file': takes}, nodesWanted: known(['a', 'b'])})

test('what is remembered of a take is not read again, and another take is', () => {
  const remembered: Remembered = new WeakMap()
  const [a, b] = [mtu('a', '1450\n'), mtu('b', '1480\n')]
  const first = readFacts(look([a, b]), collectors, remembered).mtuFile
  const second = readFacts(look([a, mtu('b', '9000\n')]), collectors, remembered).mtuFile
  expect(first).toEqual(known({a: known(1450), b: known(1480)}))
  expect(second).toEqual(known({a: known(1450), b: known(9000)}))
  expect(first.known && second.known && first.value.a === second.value.a).toBe(true)
})
test('without a memory each table reads for itself', () => {
  const takes = [mtu('a', '1450\n')]
  const [one, other] = [readFacts(look(takes), collectors).mtuFile, readFacts(look(takes), collectors).mtuFile]
  expect(one).toEqual(other)
  expect(one.known && other.known && one.value.a === other.value.a).toBe(false)
})

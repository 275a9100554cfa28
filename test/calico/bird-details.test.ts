import {readFileSync} from 'node:fs'
import fc from 'fast-check'
import {describe, expect, test} from 'vitest'
import {readDetails, readWide} from '../../src/calico/bird-details.ts'
import {BirdFormatError} from '../../src/calico/bird-text.ts'

const fixture = (name: string) => readFileSync(new URL(`../fixtures/bird/${name}.txt`, import.meta.url), 'utf8')

describe('answers of real daemons', () => {
  test('an established session', () => {
    const details = readDetails(fixture('mesh-all'))
    expect(details.map(({name}) => name)).toEqual(['Mesh_10_0_0_2', 'Mesh_10_0_0_3', 'Mesh_10_0_0_4'])
    expect(details[0]).toEqual({
      name: 'Mesh_10_0_0_2',
      imported: 1,
      exported: 1,
      neighborAddress: '10.0.0.2',
      neighborAs: '64512',
      neighborId: '10.0.0.2',
      sourceAddress: '10.0.0.1',
      holdTimer: expect.stringMatching(/^\d\/3$/),
      keepaliveTimer: expect.stringMatching(/^\d\/1$/),
    })
    expect(readDetails(fixture('mesh-raw-all')).map(({name, imported}) => [name, imported])).toEqual(details.map(({name, imported}) => [name, imported]))
  })
  test('sessions that are down', () => {
    const byName = Object.fromEntries(readDetails(fixture('reflector-client-all')).map(detail => [detail.name, detail]))
    expect(byName.Global_10_0_0_99).toEqual({
      name: 'Global_10_0_0_99',
      imported: 0,
      exported: 0,
      neighborAddress: '10.0.0.99',
      neighborAs: '64512',
      lastError: 'Socket: No route to host',
    })
    expect(byName.uplink).toEqual({name: 'uplink', neighborAddress: '10.0.0.98', neighborAs: '65000'})
    expect(byName.Local_Workload_10_0_0_4).toMatchObject({neighborAs: '64513'})
  })
  test('BIRD 2: local AS, fractions of seconds, routes of each channel', () => {
    const [first] = readDetails(fixture('bird2-all'))
    expect(first).toMatchObject({name: 'Mesh_10_0_0_2', localAs: '64512', neighborId: '10.0.0.2', holdTimer: expect.stringMatching(/^\d+\.\d+\/240$/)})
    const channels =
      'up BGP --- up 10:00:00 Established\n    Routes: 5 imported, 1 filtered, 6 exported, 3 preferred\n    Routes: 2 imported, 1 exported, 2 preferred\n'
    expect(readDetails(channels)).toEqual([{name: 'up', imported: 7, exported: 7}])
  })
  test('several answers in a row', () => {
    expect(readDetails(fixture('mesh-all') + fixture('reflector-client-all'))).toHaveLength(9)
  })
})

describe('nothing', () => {
  test('asked is nothing to tell', () => expect(readDetails('')).toEqual([]))
  test('there any more', () => expect(readDetails(fixture('no-such-protocol'))).toEqual([]))
  test('but other protocols', () => expect(readDetails(fixture('no-peers'))).toEqual([]))
  test('is no answer where all were asked for', () => expect(() => readWide('')).toThrow(BirdFormatError))
})

test.each(['access-denied', 'dead-socket', 'refused-raw'])('%s is no answer', name => {
  expect(() => readDetails(fixture(name))).toThrow(BirdFormatError)
  expect(() => readWide(fixture(name))).toThrow(BirdFormatError)
})

test('a description that imitates a row is none', () => {
  const text = 'up BGP --- up 10:00:00 Established\n  Description:    BGP master up 10:00:00 Established\n  Message: Neighbor AS: 1\n    Neighbor AS:      2\n'
  expect(readDetails(text)).toEqual([{name: 'up', neighborAs: '2'}])
})

test('any text is read or refused, and nothing else is thrown', () => {
  const lines = [...fixture('mesh-all').split('\n'), ...fixture('bird2-all').split('\n')]
  const texts = fc.oneof(
    fc.string({unit: 'binary'}),
    fc.array(fc.oneof(fc.constantFrom(...lines), fc.string()), {maxLength: 60}).map(some => some.join('\n')),
  )
  fc.assert(
    fc.property(texts, text => {
      try {
        readDetails(text)
      } catch (error) {
        expect(error).toBeInstanceOf(BirdFormatError)
      }
    }),
    {numRuns: 2_000},
  )
})

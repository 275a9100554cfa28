import fc from 'fast-check'
import {describe, expect, test} from 'vitest'
import {addressPseudonyms} from '../../src/bundle/pseudonym-address.ts'
import {permutation} from '../../src/bundle/pseudonym-bits.ts'
import {isNetwork, masked, readV4, readV6, writeV4, writeV6, writeV6Whole} from '../../src/bundle/pseudonym-ip.ts'
import {agree, isKept, ranges} from '../../src/bundle/pseudonym-ranges.ts'
import {parseCidr} from '../../src/calico/cidr.ts'

const bytes = (length: number) => fc.uint8Array({minLength: length, maxLength: length})
const key = fc.uint8Array({minLength: 16, maxLength: 16})
const family = fc.constantFrom<4 | 6>(4, 6)
const pair = family.chain(family => {
  const length = family === 4 ? 4 : 16
  const near = fc
    .tuple(bytes(length), bytes(length), fc.nat({max: length}))
    .map(([a, b, same]) => [a, Uint8Array.from([...a.slice(0, same), ...b.slice(same)])] as const)
  return near.map(([a, b]) => ({family, a, b}))
})
const shared = (a: Uint8Array, b: Uint8Array): number => {
  for (let bit = 0; bit < a.length * 8; bit++) if ((a[bit >> 3]! ^ b[bit >> 3]!) & (128 >> (bit & 7))) return bit
  return a.length * 8
}
const rangeOf = (family: 4 | 6, address: Uint8Array) => ranges[family].findIndex(range => agree(range, address, range.prefix))

describe('the permutation', () => {
  test('keeps every prefix and nothing more, so it is one to one', () => {
    fc.assert(
      fc.property(key, pair, (key, {family, a, b}) => {
        const own = permutation({key, family, keptFrom: family === 4 ? 26 : 122})
        expect(shared(own.map(a), own.map(b))).toBe(shared(a, b))
      }),
      {numRuns: 60},
    )
  })
  test('keeps private private, public public, and special ranges as they are', () => {
    fc.assert(
      fc.property(key, pair, (key, {family, a}) => {
        const image = permutation({key, family, keptFrom: family === 4 ? 26 : 122}).map(a)
        expect(rangeOf(family, image)).toBe(rangeOf(family, a))
        if (isKept(family, a)) expect(image).toEqual(a)
      }),
      {numRuns: 60},
    )
  })
  test('keeps the place in a block of 64', () => {
    const own = permutation({key: Buffer.from('k'), family: 4, keptFrom: 26})
    for (let last = 0; last < 256; last++) expect(own.map(Uint8Array.of(10, 1, 2, last))[3]! & 63).toBe(last & 63)
  })
  test('changes with its key', () => {
    const of = (key: string) => writeV4(permutation({key: Buffer.from(key), family: 4, keptFrom: 26}).map(Uint8Array.of(10, 1, 2, 3)))
    expect(new Set(['a', 'b', 'c', 'd', 'e', 'f'].map(of)).size).toBeGreaterThan(4)
  })
})

describe('the order of BGP speakers as text', () => {
  const lexical = (texts: readonly string[]) => texts.map((_, index) => index).sort((a, b) => (texts[a]! < texts[b]! ? -1 : 1))
  const stays = (key: Uint8Array, speakers: readonly string[]) => {
    const own = addressPseudonyms({key, speakers})
    const images = speakers.map(text => (text.includes(':') ? own.v6(text) : own.v4(text))!)
    expect(new Set(images).size).toBe(speakers.length)
    for (const is of [/\./, /:/]) {
      const [before, after] = [speakers, images].map(all => all.filter(text => is.test(text)))
      expect(lexical(after!)).toEqual(lexical(before!))
    }
  }
  test('of any addresses', () => {
    const v4 = fc
      .tuple(fc.constantFrom('10.0.0', '10.0.1', '10.20.30', '192.168.1', '172.16.9', '52.3.4', '8.8.8'), fc.integer({min: 0, max: 255}))
      .map(parts => parts.join('.'))
    const v6 = fc.oneof(
      fc
        .tuple(fc.constantFrom('fd00::', 'fd5f:10::', '2a02:26f7:1::', 'fd00:0:0:1::'), fc.integer({min: 1, max: 0xffff}))
        .map(([net, host]) => net + host.toString(16)),
      bytes(16).map(writeV6),
    )
    fc.assert(
      fc.property(
        key,
        fc.uniqueArray(
          fc.oneof(
            v4,
            v6.map(text => writeV6(readV6(text)!)),
          ),
          {maxLength: 60},
        ),
        stays,
      ),
      {numRuns: 60},
    )
  })
  test('of many nodes in one network', () => {
    const v4 = Array.from({length: 600}, (_, index) => `10.20.${index >> 8}.${index & 255}`)
    const v6 = Array.from({length: 100}, (_, index) => `fd00:10:20::${(index + 1).toString(16)}`)
    stays(Buffer.from('key'), [...v4, ...v6])
    expect(addressPseudonyms({key: Buffer.from('key'), speakers: v4}).v4('10.20.1.7')).not.toBe('10.20.1.7')
  })
})

describe('addresses as text', () => {
  const own = addressPseudonyms({key: Buffer.from('key'), speakers: []})
  test('are read as the rest of the program reads them, and written canonically', () => {
    fc.assert(fc.property(bytes(16), bytes => parseCidr(writeV6(bytes))?.address === writeV6(bytes)))
    fc.assert(fc.property(bytes(16), bytes => Buffer.compare(readV6(writeV6(bytes))!, bytes) === 0))
    fc.assert(fc.property(bytes(4), bytes => Buffer.compare(readV4(writeV4(bytes))!, bytes) === 0))
  })
  test('never make anything of other text', () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[0-9a-f:.]{0,30}$/)), text => void [readV4(text), readV6(text), own.mac(text)]))
    for (const text of ['10.0.0', '10.0.0.256', '10.0.0.01', '1.2.3.4.5', 'a.b.c.d', '']) expect(readV4(text), text).toBeUndefined()
    for (const text of [':', '1:2', ':::', '1::2::3', '12345::', '1:2:3:4:5:6:7:8:9', '03:04:05']) expect(readV6(text), text).toBeUndefined()
  })
  test('a network stays a network', () => {
    fc.assert(
      fc.property(bytes(4), fc.nat({max: 32}), (bytes, prefix) => {
        const network = masked(bytes, prefix)
        expect(isNetwork(readV4(own.v4(writeV4(network), prefix)!)!, prefix)).toBe(true)
      }),
    )
  })
  test('IPv6 keeps the form it was written in', () => {
    const bytes = readV6('fd5f:10:244::3')!
    expect(own.v6(writeV6Whole(bytes))).toBe(writeV6Whole(readV6(own.v6(writeV6(bytes))!)!))
    expect(own.v6('fd5f:10:244::3')).toMatch(/^fd[0-9a-f]{2}:[0-9a-f]{2}:[0-9a-f]{3}::3$/)
    expect(own.v6('::ffff:10.1.2.3')).toBe(`::ffff:${own.v4('10.1.2.3')}`)
    for (const prefix of ['::ffff:', '64:ff9b::']) expect(own.v6(`${prefix}a01:203`)).toBe(writeV6(readV6(`${prefix}${own.v4('10.1.2.3')}`)!))
  })
  test('MACs keep their maker, hold the address that they held, and stand in link-local addresses', () => {
    expect(own.mac('00:0d:3a:12:34:56')).toMatch(/^00:0d:3a:(?!12:34:56)/)
    expect(own.mac('ee:ee:ee:ee:ee:ee')).toBe('ee:ee:ee:ee:ee:ee')
    const [, , ...docker] = own.mac('02:42:ac:11:00:02')!.split(':')
    expect(docker.map(part => Number.parseInt(part, 16)).join('.')).toBe(own.v4('172.17.0.2'))
    const [a, b, c, d, e, f] = own.mac('00:0d:3a:12:34:56')!.split(':')
    expect(own.v6('fe80::20d:3aff:fe12:3456')).toBe(writeV6(readV6(`fe80::02${b}:${c}ff:fe${d}:${e}${f}`)!))
    expect(a).toBe('00')
    expect(own.v6('fe80::1')).toBe('fe80::1')
  })
})

import fc from 'fast-check'
import {Address4} from 'ip-address'
import {describe, expect, test} from 'vitest'
import {addressOf, contains, containsAddress, networkOf, overlap, parseCidr} from '../../src/calico/cidr.ts'

test.each([
  ['10.0.0.5/24', '10.0.0.0/24', '10.0.0.5'],
  ['10.0.0.5', '10.0.0.5/32', '10.0.0.5'],
  ['0.0.0.0/0', '0.0.0.0/0', '0.0.0.0'],
  ['192.168.1.130/25', '192.168.1.128/25', '192.168.1.130'],
  ['fd00:10::5/64', 'fd00:10::/64', 'fd00:10::5'],
  ['FD00:0:0::5', 'fd00::5/128', 'fd00::5'],
  ['::/0', '::/0', '::'],
])('%s is in network %s', (text, network, address) => {
  expect(networkOf(text)).toBe(network)
  expect(addressOf(text)).toBe(address)
})

test.each([
  '',
  'x',
  '10.0.0',
  '10.1',
  '010.0.0.1',
  '10.0.0.1/33',
  '10.0.0.1/',
  '10.0.0.1/-1',
  ' 10.0.0.1',
  '10.0.0.1\n',
  '256.0.0.1',
  'fd00::/129',
  '1::2::3',
  'fe80::1%eth0',
  '[fd00::1]',
  'a'.repeat(100_000),
])('invalid input is undefined, whoever asks', text => {
  expect(parseCidr(text)).toBeUndefined()
  expect(networkOf(text)).toBeUndefined()
  expect(overlap(text, '10.0.0.0/8')).toBeUndefined()
  expect(contains('10.0.0.0/8', text)).toBeUndefined()
  expect(containsAddress('10.0.0.0/8', text)).toBeUndefined()
})
test.each([undefined, null, 5, {}])('%j is no CIDR', value => expect(parseCidr(value)).toBeUndefined())

test('an address counts without its prefix', () => {
  expect(contains('10.0.0.0/24', '10.0.0.5/16')).toBe(false)
  expect(containsAddress('10.0.0.0/24', '10.0.0.5/16')).toBe(true)
})
test('families never overlap', () => expect(overlap('0.0.0.0/0', '::/0')).toBe(false))

describe('against plain arithmetic', () => {
  const octets = fc.tuple(fc.nat(255), fc.nat(255), fc.nat(255), fc.nat(255))
  const v4 = fc.tuple(octets, fc.nat(32)).map(([bytes, prefix]) => {
    const number = bytes.reduce((sum, byte) => sum * 256 + byte, 0)
    const size = 2 ** (32 - prefix)
    const first = Math.floor(number / size) * size
    return {text: `${bytes.join('.')}/${prefix}`, number, first, last: first + size - 1}
  })
  test('overlap and containment of IPv4 networks', () => {
    fc.assert(
      fc.property(v4, v4, (a, b) => {
        expect(overlap(a.text, b.text)).toBe(a.first <= b.last && b.first <= a.last)
        expect(contains(a.text, b.text)).toBe(a.first <= b.first && b.last <= a.last)
        expect(containsAddress(a.text, b.text)).toBe(a.first <= b.number && b.number <= a.last)
      }),
      {numRuns: 500},
    )
  })
  test('an IPv4 address says what the library says', () => {
    const text = fc.oneof(
      v4.map(({text: cidr}) => cidr),
      octets.map(bytes => bytes.join('.')),
      fc
        .tuple(fc.array(fc.nat(300), {minLength: 3, maxLength: 5}), fc.option(fc.nat(40)))
        .map(([bytes, prefix]) => `${bytes.join('.')}${prefix === null ? '' : `/${prefix}`}`),
    )
    const says = (cidr: string) => {
      if (!Address4.isValid(cidr)) return undefined
      const address = new Address4(cidr)
      const [first, last] = [address.startAddress(), address.endAddress()]
      const network = `${first.correctForm()}/${address.subnetMask}`
      return {family: 4, prefix: address.subnetMask, address: address.correctForm(), network, first: first.bigInt(), last: last.bigInt()}
    }
    fc.assert(
      fc.property(text, cidr => {
        expect(parseCidr(cidr)).toEqual(says(cidr))
      }),
    )
  })
  const words = fc.array(fc.nat(0xffff), {minLength: 8, maxLength: 8})
  const v6 = fc.tuple(words, fc.nat(128)).map(([groups, prefix]) => {
    const bits = groups.map(group => group.toString(2).padStart(16, '0')).join('')
    return {text: `${groups.map(group => group.toString(16)).join(':')}/${prefix}`, bits: bits.slice(0, prefix), prefix}
  })
  test('overlap and containment of IPv6 networks, by their bits', () => {
    fc.assert(
      fc.property(v6, v6, (a, b) => {
        expect(overlap(a.text, b.text)).toBe(a.bits.startsWith(b.bits) || b.bits.startsWith(a.bits))
        expect(contains(a.text, b.text)).toBe(b.bits.startsWith(a.bits))
        expect(parseCidr(a.text)).toMatchObject({family: 6, prefix: a.prefix})
      }),
      {numRuns: 500},
    )
  })
  test('no text throws', () => {
    const near = fc.string({unit: fc.constantFrom(...'0123456789abcdef.:/% \n')})
    fc.assert(
      fc.property(fc.oneof(fc.string(), near), near, (a, b) => void [parseCidr(a), overlap(a, b), contains(b, a), networkOf(b)]),
      {numRuns: 2000},
    )
  })
})

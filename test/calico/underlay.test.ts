import {readFileSync} from 'node:fs'
import fc from 'fast-check'
import {expect, test} from 'vitest'
import type {Link} from '../../src/calico/link.ts'
import {isUnderlay, underlayOf} from '../../src/calico/underlay.ts'
import {exampleIpip, exampleNode, exampleLink as link} from '../../src/checks/example-cluster.ts'
import {readLinks} from '../../src/collectors/node/links.ts'

const recorded = (name: string): readonly Link[] => {
  const links = readLinks(readFileSync(new URL(`../fixtures/links/${name}.json`, import.meta.url), 'utf8'))
  return links.known ? links.value : []
}
const at = (ipv4: string, ipv6?: string) => exampleNode('a', 1, {annotations: {ipv4, ...(ipv6 && {ipv6})}})
const told = (node: ReturnType<typeof at>, links: readonly Link[], family: 4 | 6 = 4) => {
  const underlay = underlayOf(node, links, family)
  return isUnderlay(underlay) ? `${underlay.link.name} ${underlay.mtu}` : underlay.reason
}

test('a real node: NIC, IPv6, bridge over a NIC, point-to-point', () => {
  const links = recorded('veth-bridge-vxlan')
  expect(told(at('10.0.0.5/24', 'fd00:10::5/64'), links)).toBe('eth0 1500')
  expect(told(at('10.0.0.5/24', 'FD00:10:0::5/64'), links, 6)).toBe('eth0 1500')
  expect(told(at('10.2.0.5/24'), links)).toBe('br-ex 9000')
  expect(told(at('10.9.0.1/32'), links)).toBe('ens9 1500')
})
test('a VLAN on a bond', () => expect(told(at('10.1.0.5/24'), recorded('by-hand'))).toBe('bond0.100 1500'))

test('the narrowest interface below counts', () => {
  const links = [link('eth0', 1500), link('bond0', 9000, {kind: 'bond'}), link('eth1', 1500, {master: 'bond0'}), link('eth2', 1500, {master: 'bond0'})]
  const vlan = link('bond0.7', 9000, {kind: 'vlan', lower: 'bond0', addresses: ['10.0.0.5/24']})
  const underlay = underlayOf(at('10.0.0.5/24'), [...links, vlan], 4)
  expect(underlay).toMatchObject({mtu: 1500, text: 'bond0.7 mtu 9000 over eth1 mtu 1500'})
})
test("a virtual machine's port does not narrow a bridge", () => {
  const links = [
    link('br0', 9000, {kind: 'bridge', addresses: ['10.0.0.5/24']}),
    link('eno1', 9000, {master: 'br0'}),
    link('vnet0', 1500, {master: 'br0', kind: 'tun'}),
  ]
  expect(told(at('10.0.0.5/24'), links)).toBe('br0 9000')
})
test('without annotation the InternalIP tells', () => expect(told(exampleNode('a', 5, {annotations: {}}), recorded('veth-bridge-vxlan'))).toBe('eth0 1500'))

test.each([
  ['10.0.0.99/24', [link('eth0', 1500, {addresses: ['10.0.0.5/24']})], /no interface holds/],
  ['10.0.0.5/32', [link('lo', 65536, {addresses: ['10.0.0.5/32']}), link('eth0', 1500)], /up to its routes/],
  ['10.0.0.5/32', [link('loopback1', 1500, {kind: 'dummy', addresses: ['10.0.0.5/32']})], /up to its routes/],
  ['10.244.1.0/32', [{...exampleIpip(1480), addresses: ['10.244.1.0/32']}], /pod network itself/],
  ['nonsense', [], /no IPv4 address/],
])('%s: the reason is said', (ipv4, links, reason) => expect(told(at(ipv4), links)).toMatch(reason))

test('links that are each below the other end it', () => {
  const links = [link('a', 3000, {lower: 'b', addresses: ['10.0.0.5/24']}), link('b', 2000, {lower: 'a'})]
  expect(told(at('10.0.0.5/24'), links)).toBe('a 2000')
})
test('no links throw', () => {
  const name = fc.constantFrom('a', 'b', 'c')
  const some = fc.record({
    name,
    mtu: fc.nat(),
    up: fc.boolean(),
    operState: fc.string(),
    lower: name,
    master: name,
    addresses: fc.array(fc.oneof(fc.string(), fc.constant('10.0.0.5/24'))),
  })
  fc.assert(fc.property(fc.array(some), links => void underlayOf(at('10.0.0.5/24'), links, 4)))
})

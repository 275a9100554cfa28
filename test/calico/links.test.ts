import {readFileSync} from 'node:fs'
import fc from 'fast-check'
import {expect, test} from 'vitest'
import {readLinks} from '../../src/collectors/node/links.ts'

const fixture = (name: string) => readFileSync(new URL(`../fixtures/links/${name}.json`, import.meta.url), 'utf8')
const linksOf = (json: string) => {
  const links = readLinks(json)
  if (!links.known) throw new Error(links.detail)
  expect(links.partial).toBeUndefined()
  return new Map(links.value.map(link => [link.name, link]))
}

test('reads a real node with bridge, VXLAN for both families and a pod', () => {
  const links = linksOf(fixture('veth-bridge-vxlan'))
  expect(links.get('eth0')).toMatchObject({
    mtu: 1500,
    up: true,
    operState: 'UP',
    kind: 'veth',
    addresses: ['10.0.0.5/24', 'fd00:10::5/64', expect.stringMatching(/^fe80::/)],
  })
  expect(links.get('eth0')).not.toHaveProperty('lower')
  expect(links.get('vxlan.calico')).toMatchObject({mtu: 1450, kind: 'vxlan', lower: 'eth0', vxlan: {id: 4096, port: 4789, local: '10.0.0.5'}})
  expect(links.get('vxlan-v6.calico')).toMatchObject({vxlan: {id: 4096, port: 4789, local: 'fd00:10::5'}})
  expect(links.get('eno1')).toMatchObject({mtu: 9000, master: 'br-ex'})
  expect(links.get('br-ex')).toMatchObject({kind: 'bridge', mtu: 9000})
  expect(links.get('ens9')?.addresses[0]).toBe('10.9.0.1/32')
  expect(links.get('cali0a1b2c3d4e5')).toMatchObject({kind: 'veth', mtu: 1450})
})

test('reads bonds, VLANs, an unused tunl0 and WireGuard', () => {
  const links = linksOf(fixture('by-hand'))
  expect(links.get('bond0.100')).toMatchObject({kind: 'vlan', lower: 'bond0', mtu: 1500})
  expect(links.get('eno1')).toMatchObject({master: 'bond0'})
  expect(links.get('eno1')).not.toHaveProperty('kind')
  expect(links.get('tunl0')).toMatchObject({kind: 'ipip', up: false, operState: 'DOWN', mtu: 1480, addresses: []})
  expect(links.get('wireguard.cali')).toMatchObject({kind: 'wireguard', mtu: 1440, addresses: ['10.244.1.70/32']})
})

test('an interface that cannot be read makes the list partial', () => {
  expect(readLinks('[{"ifname":"lo","mtu":65536},{"ifname":"eth0"}]')).toMatchObject({known: true, partial: '1 interfaces could not be read'})
})

test.each(['', 'null', '{}', '[]', '[{}]', '[{"ifname":"eth0","mtu":15', 'ip: invalid option -- j'])('%j is failed, not empty', json =>
  expect(readLinks(json)).toMatchObject({known: false, why: 'failed'}),
)

test('a big node is read whole', () => {
  const pods = Array.from({length: 500}, (_, i) => ({ifname: `cali${i}`, mtu: 1450, linkinfo: {info_kind: 'veth'}, addr_info: []}))
  expect(linksOf(JSON.stringify(pods)).size).toBe(500)
})

test('no text and no JSON throws', () => {
  fc.assert(fc.property(fc.string(), text => void readLinks(text)))
  fc.assert(fc.property(fc.json(), json => void readLinks(json)))
  const field = fc.constantFrom('ifname', 'mtu', 'flags', 'linkinfo', 'addr_info', 'link', 'master', 'operstate')
  fc.assert(fc.property(fc.array(fc.dictionary(field, fc.jsonValue())), items => void readLinks(JSON.stringify(items))))
})

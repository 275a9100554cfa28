import fc from 'fast-check'
import {describe, expect, test} from 'vitest'
import {felixSetting} from '../../src/calico/felix-setting.ts'
import {defaultMtu, podMtu, tunnels, withHostEncryption, workloadLinks} from '../../src/calico/mtu.ts'
import {severalSubnets, type TunnelSources, tunnelsInUse} from '../../src/calico/mtu-tunnels.ts'
import type {IpPoolSpec} from '../../src/calico/resources.ts'
import {exampleEnv, exampleLink, exampleNode, examplePod, examplePool, exampleVxlan, manifestInstall} from '../../src/checks/example-cluster.ts'
import {known, unknown} from '../../src/engine/collected.ts'

const {ipip, vxlan, vxlanV6, wireguard, wireguardV6} = tunnels

// What Felix computes by itself (int_dataplane.go, and the documented tables for each network).
test.each([
  [1500, 1480, 1450, 1430, 1440, 1420],
  [9000, 8980, 8950, 8930, 8940, 8920],
  [1460, 1440, 1410, 1390, 1400, 1380],
  [9001, 8981, 8951, 8931, 8941, 8921],
  [1450, 1430, 1400, 1380, 1390, 1370],
])('a NIC of %i', (nic, ...expected) => {
  expect([ipip, vxlan, vxlanV6, wireguard, wireguardV6].map(tunnel => defaultMtu(tunnel, nic))).toEqual(expected)
  expect(podMtu(nic, [])).toBe(nic)
  expect(podMtu(nic, [ipip, wireguard])).toBe(expected[3])
})
test('WireGuard that encrypts hosts on AKS leaves 100 bytes more', () => {
  expect([wireguard, wireguardV6].map(tunnel => defaultMtu(withHostEncryption(tunnel), 1500))).toEqual([1340, 1320])
  expect(withHostEncryption(vxlan)).toEqual(vxlan)
})

test("pods' interfaces are veths with the prefix, tunnels are not", () => {
  const links = [examplePod(1450), exampleVxlan(1450), exampleLink('cali-lookalike', 1500), exampleLink('eni0a1b', 9001, {kind: 'veth'})]
  expect(workloadLinks(links, ['cali']).map(({name}) => name)).toEqual(['cali0a1b2c3d4e5'])
  expect(workloadLinks(links, ['eni', 'cali', '']).map(({name}) => name)).toEqual(['cali0a1b2c3d4e5', 'eni0a1b'])
})

describe('which tunnels are in use', () => {
  const oneSubnet = [exampleNode('a', 1), exampleNode('b', 2)]
  const twoSubnets = [exampleNode('a', 1), exampleNode('b', 2, {annotations: {ipv4: '10.0.7.2/24'}})]
  const sources = (spec: Partial<IpPoolSpec>, more: Partial<TunnelSources> = {}): TunnelSources => ({
    ipPools: [examplePool('p', '10.244.0.0/16', spec)],
    nodes: oneSubnet,
    felixConfigurations: known([]),
    nodeEnv: exampleEnv({}),
    install: manifestInstall,
    ...more,
  })
  const names = (given: TunnelSources) => tunnelsInUse(given).tunnels.map(({name}) => name)

  test.each<[string, Partial<IpPoolSpec>, Partial<TunnelSources>, string[]]>([
    ['IPIP', {ipipMode: 'Always'}, {}, ['ipip']],
    ['VXLAN', {vxlanMode: 'Always'}, {}, ['vxlan']],
    ['VXLAN of an IPv6 pool', {cidr: 'fd00::/64', vxlanMode: 'Always'}, {}, ['vxlanV6']],
    ['none', {ipipMode: 'Never', vxlanMode: 'Never'}, {}, []],
    ['a disabled pool', {ipipMode: 'Always', disabled: true}, {}, []],
    ['CrossSubnet in one subnet', {ipipMode: 'CrossSubnet'}, {}, []],
    ['CrossSubnet over two', {ipipMode: 'CrossSubnet'}, {nodes: twoSubnets}, ['ipip']],
    ['switched off in Felix', {vxlanMode: 'Always'}, {felixConfigurations: known([{name: 'default', spec: {vxlanEnabled: false}}])}, []],
    ['WireGuard', {}, {felixConfigurations: known([{name: 'default', spec: {wireguardEnabled: true}}])}, ['wireguard']],
    ['WireGuard by environment', {}, {nodeEnv: exampleEnv({FELIX_WIREGUARDENABLED: 'true'})}, ['wireguard']],
    ['canal', {}, {install: known({...manifestInstall.value, flavour: 'canal'})}, ['flannel']],
  ])('%s', (_name, spec, more, expected) => expect(names(sources(spec, more))).toEqual(expected))

  test('AKS with host encryption', () => {
    const felix = known([{name: 'default', spec: {wireguardEnabled: true, wireguardHostEncryptionEnabled: true, wireguardInterfaceName: 'wg0'}}])
    const install = known({...manifestInstall.value, provider: 'AKS'})
    expect(tunnelsInUse(sources({}, {felixConfigurations: felix, install})).tunnels).toEqual([{...wireguard, overhead: 160, device: 'wg0'}])
  })
  test('what could not be seen is said', () => {
    expect(tunnelsInUse(sources({})).unseen).toBeUndefined()
    expect(tunnelsInUse(sources({}, {felixConfigurations: unknown('forbidden', '403')})).unseen).toMatch(/WireGuard/)
    expect(tunnelsInUse(sources({}, {nodeEnv: unknown('forbidden', '403')})).unseen).toMatch(/WireGuard/)
  })
  test('an address without subnet is a subnet of its own', () => {
    expect(severalSubnets([exampleNode('a', 1, {annotations: {ipv4: '10.0.0.1/32'}}), exampleNode('b', 2, {annotations: {ipv4: '10.0.0.2/32'}})], 4)).toBe(true)
    expect(severalSubnets([exampleNode('a', 1, {annotations: {}}), exampleNode('b', 2)], 4)).toBe(false)
  })
  test('no pool crashes it', () => {
    fc.assert(fc.property(fc.record({cidr: fc.string(), ipipMode: fc.anything(), vxlanMode: fc.anything()}), spec => void names(sources(spec as never))))
  })
})

describe("Felix's settings", () => {
  const felixConfigurations = known([
    {name: 'default', spec: {vxlanMTU: 1400, ipipMTU: ''}},
    {name: 'node.a', spec: {vxlanMTU: 1300}},
  ])
  test('environment beats node beats default', () => {
    const nodeEnv = exampleEnv({felix_vxlanmtu: '0', FELIX_IPINIPMTU: ''})
    expect(felixSetting('vxlanMTU', {nodeEnv, felixConfigurations})).toMatchObject({setting: {value: '0', source: expect.stringContaining('FELIX_VXLANMTU')}})
    expect(felixSetting('vxlanMTU', {nodeEnv: exampleEnv({}), felixConfigurations}, 'a')).toMatchObject({setting: {value: '1300'}, known: true})
    expect(felixSetting('vxlanMTU', {nodeEnv: exampleEnv({}), felixConfigurations}, 'b')).toMatchObject({setting: {value: '1400'}})
  })
  test('empty is not set', () => expect(felixSetting('ipipMTU', {nodeEnv: exampleEnv({FELIX_IPINIPMTU: ''}), felixConfigurations}).setting).toBeUndefined())
  test('what is no value is shown as it is written', () => {
    const odd = known([{name: 'default', spec: {vxlanMTU: {toString: 0}}}])
    expect(felixSetting('vxlanMTU', {nodeEnv: exampleEnv({}), felixConfigurations: odd}).setting?.value).toBe('{"toString":0}')
  })
  test('unseen places are no answer, unless the environment has one', () => {
    const forbidden = unknown('forbidden', '403')
    expect(felixSetting('vxlanMTU', {nodeEnv: exampleEnv({}), felixConfigurations: forbidden}).known).toBe(false)
    expect(felixSetting('vxlanMTU', {nodeEnv: forbidden, felixConfigurations}).known).toBe(false)
    expect(felixSetting('vxlanMTU', {nodeEnv: exampleEnv({FELIX_VXLANMTU: '1'}), felixConfigurations: forbidden}).known).toBe(true)
    const unresolved = known({FELIX_VXLANMTU: {source: 'ConfigMap x', unresolved: '403'}})
    expect(felixSetting('vxlanMTU', {nodeEnv: unresolved, felixConfigurations}).known).toBe(false)
  })
})

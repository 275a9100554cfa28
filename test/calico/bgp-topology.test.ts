import {describe, expect, test} from 'vitest'
import {bgpNeeded} from '../../src/calico/bgp-needed.ts'
import {addressOwner, meshOf, meshSessions, peeringsOf, peerSelects} from '../../src/calico/bgp-topology.ts'
import type {BgpPeerSpec} from '../../src/calico/resources.ts'
import {exampleEnv, exampleNode} from '../../src/checks/example-cluster.ts'
import {known, unknown} from '../../src/engine/collected.ts'

const nodes = [
  exampleNode('a', 1, {labels: {rack: '1'}}),
  exampleNode('b', 2, {labels: {rack: '2'}, annotations: {ipv4: '192.168.7.2/24', ipv6: 'FD00:0:0::0002/64'}}),
  exampleNode('c', 3, {labels: {rack: '2', rr: ''}, annotations: {ipv4: '10.0.0.3/24', routeReflectorClusterId: '244.0.0.1'}}),
  exampleNode('d', 4, {annotations: {}}),
  exampleNode('virtual', 5, {virtual: true}),
]
const peer = (spec: BgpPeerSpec, name = 'p') => ({name, spec})

test('an address belongs to the node that Calico or Kubernetes gave it to', () => {
  const owner = addressOwner(nodes)
  expect(['10.0.0.1', '192.168.7.2', '10.0.0.2', 'fd00::2', 'fd00:0000::2', '10.0.0.4', '10.9.9.9', '', 'spine'].map(owner)).toEqual([
    'a',
    'b',
    'b',
    'b',
    'b',
    'd',
    undefined,
    undefined,
    undefined,
  ])
})

test('the mesh is who has an address of the family and no cluster id', () => {
  expect(meshOf(nodes, 4).map(({name}) => name)).toEqual(['a', 'b'])
  expect(meshOf(nodes, 6).map(({name}) => name)).toEqual(['b'])
  expect([0, 1, 2, 100].map(meshSessions)).toEqual([0, 0, 1, 4950])
})

test.each<[BgpPeerSpec, (boolean | undefined)[]]>([
  [{peerIP: '10.0.0.254'}, [true, true, true]],
  [{node: 'b', peerIP: '10.0.0.254'}, [false, true, false]],
  [{nodeSelector: "rack == '2'"}, [false, true, true]],
  [{nodeSelector: ''}, [true, true, true]],
  [{nodeSelector: 'rack = 2'}, [undefined, undefined, undefined]],
])('%j selects', (spec, selected) => expect(nodes.slice(0, 3).map(node => peerSelects(peer(spec), node))).toEqual(selected))

describe('who has sessions by BGPPeers', () => {
  const peered = (...specs: BgpPeerSpec[]) =>
    [
      ...peeringsOf(
        specs.map((spec, index) => peer(spec, `p${index}`)),
        nodes.slice(0, 3),
      ).byNode.keys(),
    ].sort()
  test.each<[string, BgpPeerSpec[], string[]]>([
    ['a router for all', [{peerIP: '10.0.0.254'}], ['a', 'b', 'c']],
    ['a router for a rack', [{nodeSelector: "rack == '1'", peerIP: '10.0.0.254'}], ['a']],
    ['reflectors', [{nodeSelector: '!has(rr)', peerSelector: 'has(rr)'}], ['a', 'b', 'c']],
    ['reflectors without the way back', [{nodeSelector: '!has(rr)', peerSelector: 'has(rr)', reversePeering: 'Manual'}], ['a', 'b']],
    ['a reflector with itself', [{nodeSelector: 'has(rr)', peerSelector: 'has(rr)'}], []],
    ['the address of a node, and back', [{nodeSelector: '!has(rr)', peerIP: '10.0.0.3'}], ['a', 'b', 'c']],
    ['the same without the way back', [{nodeSelector: '!has(rr)', peerIP: '10.0.0.3', reversePeering: 'Manual'}], ['a', 'b']],
    ['the address of a node that has another AS', [{nodeSelector: '!has(rr)', peerIP: '10.0.0.3', asNumber: 65001}], ['a', 'b']],
    ['the AS written in two parts', [{node: 'a', peerIP: '10.0.0.3', asNumber: '0.64512'}], ['a', 'c']],
    ['the IPv6 address of a node, with a port', [{node: 'a', peerIP: '[fd00::2]:1790', asNumber: 64512}], ['a', 'b']],
    ['the address of a node for all', [{peerIP: '10.0.0.3'}], ['a', 'b', 'c']],
    ['its own address', [{node: 'c', peerIP: '10.0.0.3'}], []],
    ['no address', [{peerIP: 'tor-1.example'}], []],
    ['nobody', [{nodeSelector: 'all()', peerSelector: 'has(reflector)'}], []],
    ['neither address nor selector', [{nodeSelector: 'all()'}], []],
    ['local workloads', [{localWorkloadSelector: 'all()'}], []],
  ])('%s', (_name, specs, names) => expect(peered(...specs)).toEqual(names))
  test('names the BGPPeers, and those that cannot be read', () => {
    const {byNode, unreadable} = peeringsOf(
      [peer({node: 'a', peerIP: '1.2.3.4'}, 'x'), peer({peerIP: '1.2.3.5'}, 'y'), peer({nodeSelector: '((', peerIP: '1.2.3.6'}, 'z')],
      nodes,
    )
    expect(byNode.get('a')).toEqual(['x', 'y'])
    expect(unreadable).toEqual(['z'])
  })
})

describe('BGP is needed', () => {
  const need = (title: string, minor: number, programClusterRoutes?: string) =>
    bgpNeeded({
      encapsulation: known({title, ipip: title.includes('IPIP'), vxlan: title.includes('VXLAN'), wireguard: false}),
      calicoVersion: known({version: `3.${minor}.0`, major: 3, minor, patch: 0, source: ''}),
      felixConfigurations: known([{name: 'default', spec: {...(programClusterRoutes && {programClusterRoutes})}}]),
      nodeEnv: exampleEnv({}),
    }).needed
  test.each<[string, number, string | undefined, boolean]>([
    ['VXLAN', 30, undefined, false],
    ['VXLAN CrossSubnet', 30, undefined, false],
    ['IPIP', 30, undefined, true],
    ['IPIP CrossSubnet', 32, undefined, true],
    ['IPIP CrossSubnet', 33, undefined, false],
    ['IPIP', 31, 'Enabled', false],
    ['IPIP', 33, 'Disabled', true],
    ['IPIP', 33, 'EnabledNoEncapOnly', true],
    ['none', 33, undefined, true],
    ['none', 33, 'Enabled', false],
    ['none', 33, 'EnabledNoEncapOnly', false],
    ['IPIP + VXLAN', 33, undefined, false],
    ['VXLAN + none', 33, undefined, true],
    ['VXLAN + WireGuard', 30, undefined, false],
    ['IPIP + WireGuard', 30, undefined, true],
    ['IPIP + WireGuard', 33, undefined, false],
    ['IPIP', 29, 'Enabled', true],
  ])('pools %s, v3.%i, programClusterRoutes %s: %s', (title, minor, setting, needed) => expect(need(title, minor, setting)).toBe(needed))
  test('or nobody knows', () => {
    const facts = {calicoVersion: unknown('failed'), felixConfigurations: known([]), nodeEnv: exampleEnv({})}
    expect(bgpNeeded({...facts, encapsulation: unknown('forbidden')}).needed).toBe(undefined)
    expect(bgpNeeded({...facts, encapsulation: known({title: 'IPIP', ipip: true, vxlan: false, wireguard: false})}).needed).toBe(undefined)
  })
})

import {readFileSync} from 'node:fs'
import fc from 'fast-check'
import {describe, expect, test} from 'vitest'
import {exampleNode, examplePool, manifestInstall} from '../../src/checks/example-cluster.ts'
import disagreement from '../../src/checks/mtu/config-disagreement.ts'
import inconsistent from '../../src/checks/mtu/inconsistent.ts'
import tooLarge from '../../src/checks/mtu/too-large.ts'
import {readLinks} from '../../src/collectors/node/links.ts'
import {known, unknown} from '../../src/engine/collected.ts'
import {examined} from './examined.ts'

const first = (check: {examples: Readonly<Record<string, {given: any}>>}, name: string) => check.examples[name]!.given

describe('mtu/too-large', () => {
  const healthy = first(tooLarge, 'VXLAN of 1450 on NICs of 1500')
  const broken = first(tooLarge, 'VXLAN of 1500 on NICs of 1500')

  test('names the number that fits, and the knob of the owner', () => {
    const [finding] = examined(tooLarge, broken).findings
    expect(finding?.fix[0]).toMatchObject({text: expect.stringContaining('veth_mtu'), command: expect.stringContaining('1450')})
    expect(finding?.evidence[0]).toBe('a: vxlan.calico mtu 1500; eth0 mtu 1500 holds 10.0.0.1 (ip -j -d addr)')
  })
  test('a value in FelixConfiguration is mended there first', () => {
    const felixConfigurations = known([{name: 'default', spec: {vxlanMTU: 1500}}])
    const [finding] = examined(tooLarge, {...broken, felixConfigurations}).findings
    expect(finding?.fix[0]).toMatchObject({command: `calicoctl patch felixconfiguration default -p '{"spec":{"vxlanMTU":1450}}'`})
  })
  test('with eBPF one number fits tunnels and node ports', () => {
    const ipip = {...first(tooLarge, 'pods left at 1500 beside an IPIP tunnel of 1480'), dataplane: known({kind: 'ebpf', source: 'env FELIX_BPFENABLED'})}
    const [finding] = examined(tooLarge, ipip).findings
    expect(finding?.fix[0]).toMatchObject({text: expect.stringContaining('node ports'), command: expect.stringContaining('"1450"')})
  })
  test('an address on no interface, a tunnel that is down, unseen WireGuard: unknown, with the reason', () => {
    expect(examined(tooLarge, first(tooLarge, 'the address is on no interface: cannot be told'))).toMatchObject({
      status: 'unknown',
      reasons: [expect.stringMatching(/node a: no interface holds/)],
    })
    const down = {...healthy.links, b: known(healthy.links.b.value.map((link: any) => (link.name === 'vxlan.calico' ? {...link, up: false} : link)))}
    expect(examined(tooLarge, {...healthy, links: down})).toMatchObject({status: 'unknown', reasons: ['node b: vxlan.calico, which VXLAN needs, is down']})
    expect(examined(tooLarge, {...healthy, felixConfigurations: unknown('forbidden', '403')})).toMatchObject({status: 'unknown'})
  })
  test('many nodes with the same numbers are one finding, and its text stays short', () => {
    const names = Array.from({length: 300}, (_, index) => `node-${index}`)
    const nodes = names.map(name => ({...broken.nodes[0], name}))
    const links = Object.fromEntries(names.map(name => [name, broken.links.a]))
    const {findings} = examined(tooLarge, {...broken, nodes, links})
    expect(findings).toHaveLength(1)
    expect(findings[0]?.message).toMatch(/300 nodes: node-0, node-1, node-10, … \+297/)
    expect(findings[0]?.evidence).toHaveLength(6)
  })
})

test('a recorded node: both families of VXLAN on a NIC of 1500 fit, and 20 bytes more do not', () => {
  const recorded = readFileSync(new URL('../fixtures/links/veth-bridge-vxlan.json', import.meta.url), 'utf8')
  const given = {
    ...first(tooLarge, 'VXLAN of 1450 on NICs of 1500'),
    nodes: [exampleNode('real', 5, {annotations: {ipv4: '10.0.0.5/24', ipv6: 'fd00:10::5/64'}})],
    ipPools: [examplePool('v4', '10.244.0.0/16', {vxlanMode: 'Always'}), examplePool('v6', 'fd00:244::/48', {vxlanMode: 'Always'})],
  }
  const findings = (json: string) => examined(tooLarge, {...given, links: {real: readLinks(json)}})
  // The recorded pod has 1450, and IPv6 leaves 1430.
  expect(findings(recorded).findings.map(({message}) => message)).toEqual([
    'Pods on node real have MTU up to 1450. VXLAN over IPv6 adds 70 bytes. The interface to other nodes carries 1500: 20 bytes too many.',
  ])
  expect(findings(recorded.replaceAll(/"mtu": ?1450/g, '"mtu":1430')).status).toBe('pass')
  expect(findings(recorded.replaceAll(/"mtu": ?1430/g, '"mtu":1450')).findings[0]?.message).toMatch(/^vxlan-v6\.calico has MTU 1450 on node real/)
})

test('no interfaces, pools or settings crash a check', () => {
  const name = fc.constantFrom('eth0', 'tunl0', 'vxlan.calico', 'cali1', '\u001b[2J', 'x'.repeat(10_000))
  const link = fc.record({
    name,
    mtu: fc.nat(),
    up: fc.boolean(),
    operState: fc.string(),
    kind: fc.constantFrom('veth', 'vxlan', 'ipip', 'dummy'),
    lower: name,
    addresses: fc.array(fc.oneof(fc.string(), fc.constant('10.0.0.1/24'))),
  })
  const spec = fc.record({
    cidr: fc.oneof(fc.string(), fc.constant('10.244.0.0/16')),
    ipipMode: fc.string(),
    vxlanMode: fc.constantFrom('Always', 'CrossSubnet', 'x'),
  })
  const settings = fc.dictionary(fc.constantFrom('vxlanMTU', 'ipipMTU', 'wireguardEnabled', 'interfacePrefix'), fc.jsonValue())
  fc.assert(
    fc.property(fc.array(link), fc.array(spec), settings, (links, specs, felix) => {
      const ipPools = specs.map(pool => ({name: 'p', spec: pool}))
      const felixConfigurations = known([{name: 'default', spec: felix}])
      const seen = {a: known(links), b: known(links)}
      for (const check of [tooLarge, inconsistent]) {
        const given = first(check, Object.keys(check.examples)[0]!)
        expect(examined(check, {...given, links: seen, ipPools, felixConfigurations}).status).toMatch(/^(pass|fail|unknown|not-applicable)$/)
      }
      const given = {...first(disagreement, 'automatic everywhere'), ipPools: known(ipPools), felixConfigurations}
      expect(examined(disagreement, given).status).toMatch(/^(pass|fail|unknown|not-applicable)$/)
    }),
  )
})

describe('mtu/inconsistent', () => {
  test('one Linux node and Windows nodes have nothing to compare', () => {
    const {nodes, ...rest} = first(inconsistent, 'NICs, tunnels and pods are the same everywhere')
    const windows = nodes.map((node: any, index: number) => (index === 0 ? node : {...node, operatingSystem: 'windows'}))
    expect(examined(inconsistent, {...rest, nodes: windows}).status).toBe('not-applicable')
  })
  test('most nodes are the rule, the others are named', () => {
    const [finding] = examined(inconsistent, first(inconsistent, 'one tunnel is smaller than the others')).findings
    expect(finding?.message).toBe('vxlan.calico differs between nodes: MTU 1450 on 2 nodes: a, b; 1400 on node c.')
  })
})

describe('mtu/config-disagreement', () => {
  const healthy = first(disagreement, 'automatic everywhere')
  test('places that are not there are no disagreement, places that were not seen are no agreement', () => {
    expect(
      examined(disagreement, {...healthy, mtuFile: known({a: unknown('absent', 'no file')}), cniConfig: known({a: unknown('absent', 'not mounted')})}).status,
    ).toBe('pass')
    expect(examined(disagreement, {...healthy, felixConfigurations: unknown('forbidden', '403')}).status).toBe('unknown')
    expect(examined(disagreement, {...healthy, mtuFile: unknown('not-collected', '')}).status).toBe('unknown')
  })
  test('a veth_mtu that is no number is no agreement', () => {
    const calicoConfig = known({namespace: 'kube-system', name: 'calico-config', data: {veth_mtu: 'auto'}})
    expect(examined(disagreement, {...healthy, calicoConfig})).toMatchObject({status: 'unknown', reasons: [expect.stringContaining('"auto"')]})
  })
  test('Kubespray writes the number into the CNI template', () => {
    const data = {cni_network_config: '{"plugins": [{"type": "calico", "mtu": 1430}]}'}
    const calicoConfig = known({namespace: 'kube-system', name: 'calico-config', data})
    const install = known({...manifestInstall.value, flavour: 'kubespray'})
    const {findings} = examined(disagreement, {...healthy, calicoConfig, install, cniConfig: known({a: known({mtu: 1450})}), mtuFile: known({a: known(1480)})})
    expect(findings.map(({messageId, message}) => [messageId, message])).toEqual([
      ['notRolledOut', expect.stringContaining('cni_network_config says 1430, and on node a the CNI configuration says 1450')],
    ])
  })
  test('one node of its own in FelixConfiguration is beaten by the environment too', () => {
    const broken = first(disagreement, 'FelixConfiguration is beaten by veth_mtu')
    const felixConfigurations = known([{name: 'node.a', spec: {ipipMTU: 1300}}])
    expect(examined(disagreement, {...broken, felixConfigurations}).findings[0]?.subjects).toEqual([{kind: 'FelixConfiguration', name: 'node.a'}])
  })
})

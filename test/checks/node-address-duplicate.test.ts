import fc from 'fast-check'
import {expect, test} from 'vitest'
import {addressFix, staleFix, staleNodes, tunnelFix} from '../../src/calico/node-address-duplicate-fix.ts'
import {rolesText, type Shared, sharing} from '../../src/calico/node-address-shared.ts'
import {exampleEnv, exampleNode, manifestInstall, operatorInstall} from '../../src/checks/example-cluster.ts'
import duplicate from '../../src/checks/node/address-duplicate.ts'
import {known, unknown} from '../../src/engine/collected.ts'
import {examine} from '../../src/engine/examine.ts'

const sources = {install: manifestInstall, nodeEnv: exampleEnv({IP: 'autodetect'})}
const docker0 = ['a', 'b', 'c'].map((name, index) => exampleNode(name, index + 1, {annotations: {ipv4: '172.17.0.1/16'}}))
const only = (nodes: Parameters<typeof sharing>[0]): Shared => {
  const {shared} = sharing(nodes)
  expect(shared).toHaveLength(1)
  return shared[0]!
}

test('roles say who has it as what', () =>
  expect(
    rolesText(
      only([
        exampleNode('b', 2, {annotations: {vxlanTunnel: '10.244.1.0', ipipTunnel: '10.244.1.0'}}),
        exampleNode('a', 1, {annotations: {ipipTunnel: '10.244.1.0'}}),
      ]),
    ),
  ).toBe('IPIP tunnel address of 2 nodes: a, b and VXLAN tunnel address of node b'))

test('docker0 on all nodes: have Calico take what Kubernetes knows', () => {
  const [method, clear] = addressFix(only(docker0), sources)
  expect(method?.command).toContain('IP_AUTODETECTION_METHOD=kubernetes-internal-ip')
  expect(clear?.command).toMatch(
    /^kubectl annotate node a b c projectcalico.org\/IPv4Address- && kubectl -n kube-system delete pod -l k8s-app=calico-node --field-sel/,
  )
})
test('told to take InternalIPs already: clearing what is left of before is all', () => {
  const shared = only([exampleNode('a', 1), exampleNode('b', 2, {annotations: {ipv4: '10.0.0.1/24'}})])
  expect(addressFix(shared, {...sources, nodeEnv: exampleEnv({IP_AUTODETECTION_METHOD: 'kubernetes-internal-ip'})}).map(({command}) => command)).toEqual([
    expect.stringMatching(/^kubectl annotate node b projectcalico.org\/IPv4Address- && kubectl/),
  ])
})
test('IPv6 has a knob of its own', () => {
  const v6 = only(['a', 'b'].map((name, index) => exampleNode(name, index, {annotations: {ipv6: 'fd00::1/64'}})))
  expect(addressFix(v6, sources)[0]?.command).toContain('IP6_AUTODETECTION_METHOD=kubernetes-internal-ip')
  expect(addressFix(v6, {...sources, install: operatorInstall})[0]?.command).toContain('nodeAddressAutodetectionV6')
})
test('more nodes than one names in a command restart with the rest', () => {
  const many = Array.from({length: 9}, (_, index) => exampleNode(`n${index}`, index, {annotations: {ipv4: '172.17.0.1/16'}}))
  expect(addressFix(only(many), sources)[1]?.command).toBe('kubectl -n kube-system rollout restart daemonset/calico-node')
})
test('an install that was not seen: nothing is restarted by guess', () =>
  expect(addressFix(only(docker0), {install: unknown('forbidden', '403'), nodeEnv: unknown('forbidden', '403')})[1]?.command).toBe(
    'kubectl annotate node a b c projectcalico.org/IPv4Address-',
  ))
test("RKE2's canal has a DaemonSet of another name, and pods with the usual label", () => {
  const rke2 = known({...manifestInstall.value, flavour: 'canal' as const, daemonSet: 'rke2-canal'})
  expect(addressFix(only(docker0), {...sources, install: rke2})[1]?.command).toContain('delete pod -l k8s-app=canal --field-selector spec.nodeName=a')
})
test('IP set for every node', () =>
  expect(addressFix(only(docker0), {...sources, nodeEnv: exampleEnv({IP: '172.17.0.1/16'})})).toEqual([
    {text: 'DaemonSet kube-system/calico-node sets IP to 172.17.0.1/16 for every node: set it to autodetect.'},
  ]))

test('of a renamed machine the Node object goes', () => {
  const shared = only([exampleNode('new', 1), exampleNode('gone; rm -rf /', 1, {ready: 'Unknown'})])
  expect(staleFix(shared, sources).map(({command}) => command)).toEqual([
    "kubectl delete node 'gone; rm -rf /'",
    'kubectl -n kube-system delete pod -l k8s-app=calico-node --field-selector spec.nodeName=new',
  ])
})
test("on an etcd datastore Calico's own Node goes with it", () => {
  const shared = only([exampleNode('new', 1, {calicoNode: 'new'}), exampleNode('gone', 1, {calicoNode: 'gone.example', ready: 'Unknown'})])
  expect(staleFix(shared, sources)[0]?.command).toBe('kubectl delete node gone && calicoctl delete node gone.example')
})
test('where no node is heard of, none is the leftover', () =>
  expect(staleNodes(only([exampleNode('a', 1, {ready: 'Unknown'}), exampleNode('b', 1, {ready: 'Unknown'})]))).toEqual([]))
test('a leftover beside two living nodes is deleted first', () => {
  const nodes = known([...docker0, exampleNode('gone', 4, {ready: 'Unknown', annotations: {ipv4: '172.17.0.1/16'}})])
  const verdict = examine(duplicate, {nodes, datastore: known({type: 'kubernetes', claims: []}), ...sources} as never)
  expect(verdict).toMatchObject({status: 'fail', findings: [{messageId: 'address', fix: [{command: 'kubectl delete node gone'}, {}, {}]}]})
})
test('tunnels: who owns the address, then clear and restart', () => {
  const shared = only(['a', 'b'].map((name, index) => exampleNode(name, index, {annotations: {vxlanTunnel: '10.244.1.0'}})))
  expect(tunnelFix(shared, sources).map(({command}) => command)).toEqual([
    'calicoctl ipam show --ip=10.244.1.0',
    expect.stringContaining('annotate node a b projectcalico.org/IPv4VXLANTunnelAddr-'),
  ])
})

test('a list that was cut is no pass', () =>
  expect(
    examine(duplicate, {
      nodes: known([exampleNode('a', 1)], 'the second page failed'),
      datastore: known({type: 'kubernetes', claims: []}),
      ...sources,
    } as never),
  ).toMatchObject({status: 'unknown'}))
test('no annotation anywhere, and who keeps the addresses was not seen', () =>
  expect(
    examine(duplicate, {nodes: known([exampleNode('a', 1, {annotations: {}})]), datastore: unknown('forbidden', '403'), ...sources} as never),
  ).toMatchObject({
    status: 'unknown',
    reasons: ['no node has an address of Calico, and where Calico keeps them was not seen: forbidden 403'],
  }))
test('any annotation is shared, alone or unread', () =>
  fc.assert(
    fc.property(fc.string({unit: 'binary'}), text => {
      const nodes = ['a', 'b'].map((name, index) => exampleNode(name, index, {annotations: {ipv4: text, vxlanMac: text}}))
      const {shared, unread} = sharing(nodes)
      expect(shared.flatMap(({holdings}) => holdings).length + unread.length).toBe(4)
    }),
  ))

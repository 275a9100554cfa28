import fc from 'fast-check'
import {describe, expect, test} from 'vitest'
import type {KubeNode} from '../../src/calico/kubernetes.ts'
import {holderOf} from '../../src/calico/node-address-holder.ts'
import {addressMethod} from '../../src/calico/node-address-method.ts'
import {type MismatchSources, mismatchLine, mismatchOf} from '../../src/calico/node-address-mismatch.ts'
import {mismatchFix} from '../../src/calico/node-address-mismatch-fix.ts'
import {exampleEnv, exampleLink, exampleLinks, exampleNode, manifestInstall, operatorInstall} from '../../src/checks/example-cluster.ts'
import mismatch from '../../src/checks/node/address-mismatch.ts'
import {known, unknown} from '../../src/engine/collected.ts'
import {examine} from '../../src/engine/examine.ts'

const absent = unknown('absent', '404')
const sources: MismatchSources = {links: absent, ipPools: absent, serviceCidrs: absent, nodeEnv: exampleEnv({}), installation: absent}
const node = (ipv4: string, more: Partial<KubeNode> = {}) => exampleNode('a', 1, {annotations: {ipv4}, ...more})
const kindOf = (one: KubeNode, more: Partial<MismatchSources> = {}) => mismatchOf(one, 4, {...sources, ...more})?.kind
const linksOfA = (links: ReturnType<typeof exampleLinks>, partial?: string) => known({a: known(links, partial)})

describe('the interface that holds an address', () => {
  const held = (name: string, more = {}) => exampleLink(name, 1500, {addresses: ['172.18.0.1/16'], ...more})
  test.each([
    ['docker0', {}, false],
    ['br-d710e33f6c1a', {kind: 'bridge'}, false],
    ['virbr0', {kind: 'bridge'}, false],
    ['tunl0', {kind: 'ipip'}, false],
    ['kube-ipvs0', {kind: 'dummy'}, false],
    ['cni0', {kind: 'bridge'}, false],
    ['weave', {}, false],
    ['eth1', {}, true],
    ['bond0.7', {kind: 'vlan'}, true],
    ['tailscale0', {kind: 'tun'}, true],
    ['lo', {}, true],
  ])('%s', (name, more, leadsOut) => expect(holderOf([held(name, more)], '172.18.0.1')?.leadsOut).toBe(leadsOut))
  test("a bridge with a NIC in it is the node's way out", () =>
    expect(holderOf([held('br-ex', {kind: 'bridge'}), exampleLink('eno1', 1500, {master: 'br-ex'})], '172.18.0.1')).toEqual({name: 'br-ex', leadsOut: true}))
  test('a bridge with machines only is not', () =>
    expect(holderOf([held('br0', {kind: 'bridge'}), exampleLink('veth1', 1500, {master: 'br0', kind: 'veth'})], '172.18.0.1')?.leadsOut).toBe(false))
  test('of a NIC and kube-ipvs0 the NIC', () =>
    expect(holderOf([held('kube-ipvs0', {kind: 'dummy'}), held('eth0')], '172.18.0.1')).toEqual({name: 'eth0', leadsOut: true}))
})

describe('what was not seen is not taken for not there', () => {
  test('no interface holds it', () => expect(kindOf(node('10.9.9.9/24'), {links: linksOfA(exampleLinks(1, 1500))})).toBe('notHeld'))
  test('interfaces that were seen in part', () =>
    expect(kindOf(node('10.9.9.9/24'), {links: linksOfA(exampleLinks(1, 1500), '1 interfaces could not be read')})).toBe('unexplained'))
  test('a node that did not answer', () => expect(kindOf(node('10.9.9.9/24'), {links: known({a: unknown('timeout', '15 s')})})).toBe('unexplained'))
  test('a node that was not asked', () => expect(kindOf(node('10.9.9.9/24'), {links: known({})})).toBe('unexplained'))
})

describe('how Calico finds its address', () => {
  test.each([
    [{}, 'first-found', false],
    [{IP_AUTODETECTION_METHOD: 'interface=eth.*'}, 'interface=eth.*', true],
    [{IP_AUTODETECTION_METHOD: 'kubernetes-internal-ip'}, 'kubernetes-internal-ip', false],
    [{IP: '10.0.0.5/24'}, 'IP=10.0.0.5/24', false],
    [{IP: 'autodetect', IP_AUTODETECTION_METHOD: 'can-reach=8.8.8.8'}, 'can-reach=8.8.8.8', true],
  ])('%j', (env, text, deliberate) => expect(addressMethod(4, {nodeEnv: exampleEnv(env), installation: absent})).toMatchObject({text, deliberate}))
  test.each([
    [{kubernetes: 'NodeInternalIP'}, 'kubernetes-internal-ip'],
    [{interface: 'eth1'}, 'interface=eth1'],
    [{skipInterface: 'docker.*'}, 'skip-interface=docker.*'],
    [{canReach: '10.0.0.1'}, 'can-reach=10.0.0.1'],
    [{cidrs: ['10.0.0.0/24', '10.0.1.0/24']}, 'cidr=10.0.0.0/24,10.0.1.0/24'],
    [{firstFound: true}, 'first-found'],
  ])('of the Installation: %j', (field, text) =>
    expect(addressMethod(6, {nodeEnv: unknown('forbidden'), installation: known({spec: {calicoNetwork: {nodeAddressAutodetectionV6: field}}})})).toMatchObject({
      text,
      source: 'Installation spec.calicoNetwork.nodeAddressAutodetectionV6',
    }),
  )
  test('not told where variables of a ConfigMap were not read', () =>
    expect(addressMethod(4, {nodeEnv: known({}, 'variables of ConfigMap x were not read'), installation: absent})).toBeUndefined())
})

describe('the fix', () => {
  const fixOf = (one: KubeNode, more: Partial<MismatchSources> = {}, install = manifestInstall) =>
    mismatchFix([mismatchOf(one, 4, {...sources, ...more})!], install).map(({command}) => command)
  test('take what Kubernetes knows', () => {
    expect(fixOf(node('172.17.0.1/16'))[0]).toBe(
      'kubectl -n kube-system set env daemonset/calico-node -c calico-node IP_AUTODETECTION_METHOD=kubernetes-internal-ip',
    )
    expect(fixOf(node('172.17.0.1/16'), {}, operatorInstall)[0]).toContain('"kubernetes":"NodeInternalIP"')
  })
  test('the method is right already: only what it left behind goes', () =>
    expect(fixOf(node('172.17.0.1/16'), {nodeEnv: exampleEnv({IP_AUTODETECTION_METHOD: 'kubernetes-internal-ip'})})).toEqual([
      'kubectl annotate node a projectcalico.org/IPv4Address- && kubectl -n kube-system delete pod -l k8s-app=calico-node --field-selector spec.nodeName=a',
    ]))
  test('across NAT an own network comes first', () =>
    expect(fixOf(node('54.64.9.64/32', {externalIps: ['54.64.9.64']}), {links: linksOfA(exampleLinks(1, 1500))})).toHaveLength(3))
})

test('evidence names its sources', () =>
  expect(mismatchLine(mismatchOf(node('172.17.0.1/16'), 4, {...sources, links: linksOfA(exampleLinks(1, 1500))})!)).toBe(
    'a: Calico has 172.17.0.1/16 (annotation projectcalico.org/IPv4Address), Kubernetes 10.0.0.1 (InternalIP); no interface holds it (ip -j -d addr)',
  ))

const verdictOf = (nodes: KubeNode[], more: object = {}) =>
  examine(mismatch, {nodes: known(nodes), ...sources, install: manifestInstall, datastore: known({type: 'kubernetes', claims: []}), ...more} as never)
test('nothing to compare with is said', () =>
  expect(verdictOf([exampleNode('a', 1, {internalIps: []})])).toMatchObject({
    status: 'unknown',
    reasons: ['Kubernetes lists no InternalIP to compare with: node a'],
  }))
test('an annotation that is no address is said', () => expect(verdictOf([node('autodetect')])).toMatchObject({status: 'unknown'}))
test('policy only', () => {
  const nodeEnv = exampleEnv({CALICO_NETWORKING_BACKEND: 'none'})
  expect(verdictOf([node('172.17.0.1/16')], {nodeEnv})).toMatchObject({status: 'not-applicable'})
  const vpp = exampleEnv({CALICO_NETWORKING_BACKEND: 'none', FELIX_DATAPLANEDRIVER: '/usr/local/bin/felix-api-proxy'})
  expect(verdictOf([node('172.17.0.1/16')], {nodeEnv: vpp})).toMatchObject({status: 'fail'})
})
test('an etcd datastore, and none was seen there', () =>
  expect(verdictOf([exampleNode('a', 1, {annotations: {}})], {datastore: known({type: 'etcdv3', claims: []})})).toMatchObject({
    status: 'unknown',
    reasons: ['Calico keeps the addresses of nodes in etcd, and none was seen there'],
  }))
test("an etcd datastore: evidence and commands name Calico's own Node", () => {
  const own = node('10.9.9.9/24', {calicoNode: 'calico-a'})
  const links = linksOfA(exampleLinks(1, 1500))
  const verdict = verdictOf([own], {datastore: known({type: 'etcdv3', claims: []}), links, install: manifestInstall})
  const [finding] = verdict.status === 'fail' ? verdict.findings : []
  expect(finding?.evidence).toContain(
    'a: Calico has 10.9.9.9/24 (spec.bgp.ipv4Address in etcd), Kubernetes 10.0.0.1 (InternalIP); no interface holds it (ip -j -d addr)',
  )
  expect(finding?.fix[0]).toEqual({
    text: "Clear spec.bgp.ipv4Address in Calico's own node calico-a and restart calico-node there: it finds its own and writes it again.",
    command: `calicoctl patch node calico-a -p '{"spec":{"bgp":{"ipv4Address":""}}}' && kubectl -n kube-system delete pod -l k8s-app=calico-node --field-selector spec.nodeName=a`,
  })
  expect(finding?.verify?.command).toBe('kubectl get nodes -o wide; calicoctl get nodes -o wide')
})
test('any annotation and any address are judged', () =>
  fc.assert(
    fc.property(fc.string({unit: 'binary'}), fc.array(fc.string({unit: 'binary'})), (ipv4, internalIps) => {
      expect(verdictOf([exampleNode('a', 1, {internalIps, annotations: {ipv4}})]).status).not.toBe('crashed')
    }),
  ))

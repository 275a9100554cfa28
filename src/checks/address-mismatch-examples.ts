import type {KubeNode} from '../calico/kubernetes.ts'
import type {Link} from '../calico/link.ts'
import {type Collected, known, type PerNode, unknown} from '../engine/collected.ts'
import {exampleEnv, exampleLink, exampleLinks, exampleNode, examplePool, manifestInstall} from './example-cluster.ts'

const docker0 = exampleLink('docker0', 1500, {kind: 'bridge', addresses: ['172.17.0.1/16']})
const eth1 = exampleLink('eth1', 1500, {addresses: ['192.168.7.1/24']})

export const addressMismatchExamples = {
  'both say the same': {given: given([exampleNode('a', 1), exampleNode('b', 2)]), finds: []},
  'one of several InternalIPs, with another prefix': {
    given: given([exampleNode('a', 1, {internalIps: ['10.0.0.1', '192.168.7.1'], annotations: {ipv4: '192.168.7.1/24'}})]),
    finds: [],
  },
  'docker0, on two nodes': {
    given: {
      ...given([at('a', 1, '172.17.0.1/16'), at('b', 2, '172.17.0.1/16'), exampleNode('c', 3)]),
      links: linksOf({a: docker0, b: docker0}),
    },
    finds: ['wrongInterface Node/a Node/b'],
  },
  'networks of docker, whose bridges have a name of their own on each node': {
    given: {
      ...given([at('a', 1, '172.18.0.1/16'), at('b', 2, '172.19.0.1/16')]),
      links: linksOf({
        a: exampleLink('br-d710e33f6c1a', 1500, {kind: 'bridge', addresses: ['172.18.0.1/16']}),
        b: exampleLink('br-0123456789ab', 1500, {kind: 'bridge', addresses: ['172.19.0.1/16']}),
      }),
    },
    finds: ['wrongInterface Node/a Node/b'],
  },
  "kind's nodes are in docker's range rightly": {
    given: given([exampleNode('kind-worker', 1, {internalIps: ['172.18.0.3'], annotations: {ipv4: '172.18.0.3/16'}})]),
    finds: [],
  },
  'the tunnel address, of which only the pool tells': {
    given: {...given([at('a', 1, '10.244.1.64/32')]), links: unknown('forbidden', '403')},
    finds: ['inside Node/a'],
  },
  "a Service's address on kube-ipvs0, which cidr= took": {
    given: {
      ...given([at('a', 1, '10.96.0.1/32')]),
      nodeEnv: exampleEnv({IP_AUTODETECTION_METHOD: 'cidr=10.0.0.0/8'}),
      links: unknown('timeout', '15 s'),
    },
    finds: ['inside Node/a'],
  },
  'an address that the node had before': {given: {...given([at('a', 1, '10.0.0.99/24')]), links: linksOf({a: eth1})}, finds: ['notHeld Node/a']},
  'the ExternalIP behind NAT': {
    given: {...given([exampleNode('a', 1, {externalIps: ['54.64.9.64'], annotations: {ipv4: '54.64.9.64/32'}})]), links: linksOf({a: eth1})},
    finds: ['notHeld Node/a'],
  },
  'the ExternalIP, by the API alone': {
    given: {...given([exampleNode('a', 1, {externalIps: ['54.64.9.64'], annotations: {ipv4: '54.64.9.64/32'}})]), links: unknown('forbidden', '403')},
    finds: ['external Node/a'],
  },
  'first-found took another NIC': {given: {...given([at('a', 1, '192.168.7.1/24')]), links: linksOf({a: eth1})}, finds: ['other Node/a']},
  'the other NIC was chosen': {
    given: {...given([at('a', 1, '192.168.7.1/24')]), links: linksOf({a: eth1}), nodeEnv: exampleEnv({IP_AUTODETECTION_METHOD: 'interface=eth1'})},
    finds: ['chosen Node/a'],
  },
  'the other NIC was chosen in the Installation, and interfaces were not seen': {
    given: {
      ...given([at('a', 1, '192.168.7.1/24')]),
      links: unknown('forbidden', '403'),
      nodeEnv: unknown('forbidden', '403'),
      installation: known({spec: {calicoNetwork: {nodeAddressAutodetectionV4: {cidrs: ['192.168.7.0/24']}}}}),
    },
    finds: ['other Node/a'],
  },
  "Kubespray's can-reach=$(NODEIP) is the node's own address, and chooses no other": {
    given: {
      ...given([at('a', 1, '192.168.7.1/24')]),
      links: linksOf({a: eth1}),
      nodeEnv: known({
        NODEIP: {source: 'DaemonSet kube-system/calico-node', unresolved: 'fieldRef status.hostIP'},
        IP_AUTODETECTION_METHOD: {value: 'can-reach=$(NODEIP)', source: 'DaemonSet kube-system/calico-node'},
      }),
    },
    finds: ['other Node/a'],
  },
  'by the API alone': {given: {...given([at('a', 1, '172.17.0.1/16')]), links: unknown('forbidden', '403')}, finds: ['unexplained Node/a']},
  'IPv6 that Kubernetes does not know is nothing to compare with': {
    given: given([exampleNode('a', 1, {annotations: {ipv4: '10.0.0.1/24', ipv6: 'fd00::1/64'}})], unknown('forbidden', '403')),
    finds: [],
  },
  'another IPv6 address': {
    given: given(
      [exampleNode('a', 1, {internalIps: ['10.0.0.1', 'fd00::1'], annotations: {ipv4: '10.0.0.1/24', ipv6: 'fd00:0:0::2/64'}})],
      unknown('timeout', '15 s'),
    ),
    finds: ['unexplained Node/a'],
  },
  'a new node, a virtual one and Windows without annotation': {
    given: given([
      exampleNode('a', 1),
      exampleNode('new', 2, {annotations: {}}),
      exampleNode('virtual', 3, {virtual: true, annotations: {}}),
      exampleNode('win', 4, {operatingSystem: 'windows', annotations: {}}),
    ]),
    finds: [],
  },
  'policy only, with what an earlier setup left on a node': {
    given: {...given([at('a', 1, '172.17.0.1/16')]), nodeEnv: exampleEnv({CALICO_NETWORKING_BACKEND: 'none'})},
    finds: [],
  },
  'a node without InternalIP: cannot be told': {given: given([exampleNode('a', 1, {internalIps: []})]), finds: []},
}

function at(name: string, number: number, ipv4: string): KubeNode {
  return exampleNode(name, number, {annotations: {ipv4}})
}

/** By node, lo, eth0 and one more interface. */
function linksOf(more: Readonly<Record<string, Link>>) {
  return known(Object.fromEntries(Object.entries(more).map(([name, link], index) => [name, known(exampleLinks(index + 1, 1500, [link]))])))
}

function given(nodes: readonly KubeNode[], links: Collected<PerNode<readonly Link[]>> = linksOf({})) {
  return {
    nodes,
    links,
    ipPools: known([examplePool('default-ipv4-ippool', '10.244.0.0/16')]),
    serviceCidrs: known({cidrs: [{cidr: '10.96.0.0/12', source: 'ConfigMap kube-system/kubeadm-config serviceSubnet'}], kubernetesIps: ['10.96.0.1']}),
    nodeEnv: exampleEnv({}),
    installation: unknown('absent', '404'),
    install: manifestInstall,
    datastore: known({type: 'kubernetes' as const, claims: []}),
  }
}

import type {BgpPeerSpec} from '../calico/resources.ts'
import {known} from '../engine/collected.ts'
import {exampleBgp, unseen} from './example-birds.ts'
import {exampleEnv, exampleNode, manifestInstall} from './example-cluster.ts'

export const noPeersExamples = {
  'mesh on': {given: given({mesh: true}), finds: []},
  'mesh off, all nodes peer with reflectors': {
    given: given({mesh: false, reflectors: ['c'], peers: [{nodeSelector: 'all()', peerSelector: 'has(rr)'}]}),
    finds: [],
  },
  'reflectors select the nodes, which peer back by themselves': {
    given: given({mesh: false, reflectors: ['c'], peers: [{nodeSelector: 'has(rr)', peerSelector: '!has(rr)'}]}),
    finds: [],
  },
  'mesh off, every node peers with its top-of-rack router': {given: given({mesh: false, peers: [{peerIP: '10.0.0.254', asNumber: 65000}]}), finds: []},
  'mesh off and nothing instead': {given: given({mesh: false}), finds: ['meshOff Node/a Node/b Node/c']},
  'mesh off, peers of local workloads are no way to other nodes': {
    given: given({mesh: false, peers: [{nodeSelector: 'all()', localWorkloadSelector: "app == 'bird'", asNumber: 65001}]}),
    finds: ['unselected Node/a Node/b Node/c'],
  },
  'mesh off, and the selector of the peers has a typing error': {
    given: given({mesh: false, reflectors: ['c'], peers: [{nodeSelector: 'all()', peerSelector: 'has(route-reflector)'}]}),
    finds: ['unselected Node/a Node/b Node/c'],
  },
  'mesh off, and one node is in no rack': {
    given: given({
      mesh: false,
      peers: [
        {node: 'a', peerIP: '10.0.0.254'},
        {nodeSelector: "kubernetes.io/hostname == 'b'", peerIP: '10.0.0.253'},
      ],
    }),
    finds: ['unselected Node/c'],
  },
  'mesh off, and reverse peering switched off': {
    given: given({mesh: false, reflectors: ['c'], peers: [{nodeSelector: 'has(rr)', peerSelector: 'all()', reversePeering: 'Manual'}]}),
    finds: ['unselected Node/a Node/b'],
  },
  'mesh off, all lead to the address of a reflector, which peers back by itself': {
    given: given({mesh: false, reflectors: ['c'], peers: [{nodeSelector: '!has(rr)', peerIP: '10.0.0.3:179', asNumber: 64512}]}),
    finds: [],
  },
  'mesh off, and the reflector has another AS than the peers expect, so that it does not peer back': {
    given: given({mesh: false, reflectors: ['c'], peers: [{nodeSelector: '!has(rr)', peerIP: '10.0.0.3', asNumber: 65001}]}),
    finds: ['unselected Node/c'],
  },
  'mesh off, and a node is led to its own address': {
    given: given({
      mesh: false,
      peers: [
        {node: 'a', peerIP: '10.0.0.1', asNumber: 64512},
        {nodeSelector: "kubernetes.io/hostname != 'a'", peerIP: '10.0.0.254', asNumber: 65000},
      ],
    }),
    finds: ['unselected Node/a'],
  },
  'mesh on, and one node got a cluster id without peers': {given: given({mesh: true, reflectors: ['c']}), finds: ['reflectorAlone Node/c']},
  'mesh on, and all but one are reflectors of each other': {
    given: given({mesh: true, reflectors: ['b', 'c'], peers: [{nodeSelector: 'has(rr)', peerSelector: 'has(rr)'}]}),
    finds: ['leftInMesh Node/a'],
  },
  'a selector that cannot be read': {given: given({mesh: false, peers: [{nodeSelector: 'rack = 1', peerIP: '10.0.0.254'}]}), finds: []},
  'VXLAN needs no BGP': {given: {...given({mesh: false}), encapsulation: pools('VXLAN')}, finds: []},
  'VXLAN under WireGuard needs none either': {given: {...given({mesh: false}), encapsulation: pools('VXLAN + WireGuard')}, finds: []},
  'IPIP is routed by Felix from v3.33 on': {given: {...given({mesh: false}), encapsulation: pools('IPIP'), calicoVersion: version(33)}, finds: []},
  'bare pods need BGP in v3.33 too': {
    given: {...given({mesh: false}), encapsulation: pools('none'), calicoVersion: version(33)},
    finds: ['meshOff Node/a Node/b Node/c'],
  },
  'encapsulation not seen': {given: {...given({mesh: false}), encapsulation: unseen('forbidden')}, finds: []},
  'backend without BIRD': {given: {...given({mesh: false}), bgpSettings: exampleBgp({backend: 'none'}).value}, finds: []},
  'one node': {given: {...given({mesh: false}), nodes: [exampleNode('a', 1)]}, finds: []},
  'a node that Calico did not reach yet': {
    given: {...given({mesh: true}), nodes: [exampleNode('a', 1), exampleNode('b', 2), exampleNode('c', 3, {annotations: {}})]},
    finds: [],
  },
}

/** Nodes a, b and c; reflectors have a cluster id and label rr. */
function given({
  mesh,
  reflectors = [],
  peers = [],
}: {
  readonly mesh: boolean
  readonly reflectors?: readonly string[]
  readonly peers?: readonly BgpPeerSpec[]
}) {
  return {
    nodes: ['a', 'b', 'c'].map((name, index) => {
      const reflects = reflectors.includes(name)
      const annotations = {ipv4: `10.0.0.${index + 1}/24`, ...(reflects && {routeReflectorClusterId: '244.0.0.1'})}
      return exampleNode(name, index + 1, {annotations, labels: {'kubernetes.io/hostname': name, ...(reflects && {rr: ''})}})
    }),
    bgpSettings: exampleBgp({mesh}).value,
    bgpPeers: peers.map((spec, index) => ({name: `peer-${index + 1}`, spec})),
    encapsulation: pools('IPIP'),
    felixConfigurations: known([]),
    nodeEnv: exampleEnv({}),
    calicoVersion: version(30),
    install: manifestInstall,
  }
}
function pools(title: string) {
  return known({title, ipip: title.includes('IPIP'), vxlan: title.includes('VXLAN'), wireguard: false})
}
function version(minor: number) {
  return known({version: `3.${minor}.0`, major: 3, minor, patch: 0, source: 'image docker.io/calico/node'})
}

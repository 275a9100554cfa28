import type {BgpPeerSpec} from '../calico/resources.ts'
import {known} from '../engine/collected.ts'
import {type ExampleSpeaker, exampleBgp, exampleNodePod, exampleSpeakers, stoppedBird, unseen} from './example-birds.ts'
import {manifestInstall} from './example-cluster.ts'

/** Nodes 10.0.0.1, 10.0.0.2, … and what their BIRDs say, in the mesh unless a row says otherwise. */
const given = (speakers: Readonly<Record<string, ExampleSpeaker>>) => ({
  ...exampleSpeakers(speakers),
  bgpSettings: exampleBgp(),
  bgpPeers: known([]),
  calicoPods: known(Object.keys(speakers).map(node => exampleNodePod(node))),
  install: manifestInstall,
})
const whileBStarts = (speakers: Parameters<typeof given>[0]) => ({
  ...given(speakers),
  calicoPods: known([exampleNodePod('a'), {...exampleNodePod('b'), age: 20, ready: false}]),
})
const bgpPeers = (name: string, spec: BgpPeerSpec) => known([{name, spec}])
/** A whole mesh of three. */
const mesh = {
  a: {v4: ['10.0.0.2 Established', '10.0.0.3 Established']},
  b: {v4: ['10.0.0.1 Established', '10.0.0.3 Established']},
  c: {v4: ['10.0.0.1 Established', '10.0.0.2 Established']},
}
const refused = 'Active Socket: Connection refused'

export const sessionDownExamples = {
  'a whole mesh': {given: given(mesh), finds: []},
  'a node alone has nobody to peer with': {given: given({a: {v4: []}}), finds: []},
  'two families, both whole': {
    given: given({a: {v4: ['10.0.0.2 Established'], v6: ['fd00::2 Established']}, b: {v4: ['10.0.0.1 Established'], v6: ['fd00::1 Established']}}),
    finds: [],
  },
  'no IPv6 anywhere, and bird6 does not run': {
    given: given({a: {v4: ['10.0.0.2 Established'], v6: stoppedBird(6), node: {annotations: {ipv4: '10.0.0.1/24'}}}, b: {v4: ['10.0.0.1 Established']}}),
    finds: [],
  },
  'an image without birdcl6 where nothing says IPv6': {
    given: {
      ...given({a: {v4: ['10.0.0.2 Established'], v6: unseen('absent', 'birdcl6: not in this image')}, b: {v4: ['10.0.0.1 Established']}}),
      nodes: unseen('forbidden'),
    },
    finds: [],
  },
  'bird6 is dead on a node of which nothing is known, and others have IPv6': {
    given: {
      ...given({a: {v4: ['10.0.0.2 Established'], v6: stoppedBird(6)}, b: {v4: ['10.0.0.1 Established'], v6: ['fd00::9 Established']}}),
      nodes: unseen('forbidden'),
    },
    finds: [],
  },
  'BIRD 2 serves both families, and the image has no birdcl6': {
    given: given({
      a: {v4: known({running: true, version: '2.0.12', sessions: []}), v6: unseen('absent', 'birdcl6: not in this image')},
    }),
    finds: [],
  },
  'a second session to a peer stays Idle while the first is up': {
    given: given({
      a: {v4: ['10.0.0.2 Established', 'Global_10_0_0_2 Idle', 'Node_10_0_0_2 Idle']},
      b: {v4: ['10.0.0.1 Established']},
    }),
    finds: [],
  },
  'a node that nobody seen says anything bad of': {
    given: given({...mesh, a: {v4: unseen()}}),
    finds: [],
  },
  'sessions that are just being opened are neither well nor a fault': {
    given: given({a: {v4: ['10.0.0.2 Passive']}, b: {v4: ['10.0.0.1 Active']}}),
    finds: [],
  },
  'a rolling restart: neighbours of a node that has just started call in vain': {
    given: whileBStarts({a: {v4: ['10.0.0.2 Active Socket: Connection refused']}, b: {v4: stoppedBird(4, 'No such file or directory')}}),
    finds: [],
  },
  'a wrong AS is wrong from the first moment': {
    given: whileBStarts({a: {v4: ['10.0.0.2 Idle BGP Error: Bad peer AS']}, b: {v4: ['10.0.0.1 Idle Received: Bad peer AS']}}),
    finds: ['badPeerAs Node/b Node/a'],
  },
  'the calling end was Established a moment after the waiting end was asked': {
    given: given({a: {v4: ['10.0.0.2 Passive']}, b: {v4: ['10.0.0.1 Established']}}),
    finds: [],
  },
  'one node refuses its callers, and those that it should call wait': {
    given: given({
      a: {v4: ['10.0.0.2 Passive', '10.0.0.3 Established']},
      b: {v4: unseen()},
      c: {v4: ['10.0.0.1 Established', `10.0.0.2 ${refused}`]},
    }),
    finds: ['refused Node/b Node/a Node/c'],
  },
  'BIRD of one node is dead, and the others wait or are refused': {
    given: given({
      a: {v4: ['10.0.0.2 Passive', '10.0.0.3 Established']},
      b: {v4: stoppedBird(4)},
      c: {v4: ['10.0.0.1 Established', `10.0.0.2 ${refused}`]},
    }),
    finds: ['peerDown Node/b Node/a Node/c'],
  },
  'calico-node of one node crashes': {
    given: {
      ...given({
        ...mesh,
        a: {v4: unseen('unreachable', 'calico-node is not running: CrashLoopBackOff')},
        b: {v4: [`10.0.0.1 ${refused}`, '10.0.0.3 Established']},
      }),
      calicoPods: known([exampleNodePod('a', 'waiting', 'CrashLoopBackOff'), exampleNodePod('b'), exampleNodePod('c')]),
    },
    finds: ['peerDown Node/a Node/b'],
  },
  'a node is gone': {
    given: given({
      a: {v4: unseen('unreachable'), node: {ready: 'Unknown'}},
      b: {v4: ['10.0.0.1 Active Socket: No route to host', '10.0.0.3 Established']},
      c: {v4: ['10.0.0.1 Connect BGP Error: Hold timer expired', '10.0.0.2 Established']},
    }),
    finds: ['peerDown Node/a Node/b Node/c'],
  },
  'a firewall drops TCP 179 to one node': {
    given: given({
      a: {v4: ['10.0.0.2 Passive', '10.0.0.3 Passive']},
      b: {v4: ['10.0.0.1 Connect', '10.0.0.3 Established']},
      c: {v4: ['10.0.0.1 Connect', '10.0.0.2 Established']},
    }),
    finds: ['silent Node/a Node/b Node/c'],
  },
  'a firewall drops TCP 179 everywhere': {
    given: given({
      a: {v4: ['10.0.0.2 Passive', '10.0.0.3 Passive', '10.0.0.4 Passive', '10.0.0.5 Passive']},
      b: {v4: ['10.0.0.1 Connect', '10.0.0.3 Passive', '10.0.0.4 Passive', '10.0.0.5 Passive']},
      c: {v4: ['10.0.0.1 Connect', '10.0.0.2 Connect', '10.0.0.4 Passive', '10.0.0.5 Passive']},
      d: {v4: ['10.0.0.1 Connect', '10.0.0.2 Connect', '10.0.0.3 Connect', '10.0.0.5 Passive']},
      e: {v4: ['10.0.0.1 Connect', '10.0.0.2 Connect', '10.0.0.3 Connect', '10.0.0.4 Connect']},
    }),
    finds: ['silent Node/a Node/b Node/c Node/d Node/e'],
  },
  'no way to a node': {
    given: given({a: {v4: ['10.0.0.2 Passive']}, b: {v4: ['10.0.0.1 Active Socket: No route to host']}}),
    finds: ['noRoute Node/a Node/b'],
  },
  'a deleted node is still in the mesh of the others': {
    given: given({a: {v4: ['10.0.0.2 Established', '10.0.0.9 Connect Socket: No route to host']}, b: {v4: ['10.0.0.1 Established']}}),
    finds: ['noRoute Node/a'],
  },
  'IPv6 alone is down': {
    given: given({a: {v4: ['10.0.0.2 Established'], v6: ['fd00::2 Passive']}, b: {v4: ['10.0.0.1 Established'], v6: ['fd00::1 Connect']}}),
    finds: ['silent Node/a Node/b'],
  },
  'a router that no node is': {
    given: given({
      a: {v4: ['10.0.0.2 Established', 'Global_10_0_0_254 Connect']},
      b: {v4: ['10.0.0.1 Established', 'Global_10_0_0_254 Connect']},
    }),
    finds: ['silent Node/a Node/b'],
  },
  'a peer with a password does not answer': {
    given: {
      ...given({a: {v4: ['Node_10_0_0_254 Connect']}}),
      bgpPeers: bgpPeers('tor', {peerIP: '10.0.0.254', asNumber: 65000, password: {secretKeyRef: {name: 'bgp', key: 'tor'}}}),
    },
    finds: ['password Node/a'],
  },
  'AS numbers differ': {
    given: given({a: {v4: ['10.0.0.2 Idle BGP Error: Bad peer AS']}, b: {v4: ['10.0.0.1 Idle Received: Bad peer AS']}}),
    finds: ['badPeerAs Node/b Node/a'],
  },
  'one router id twice': {
    given: given({a: {v4: ['10.0.0.2 Passive BGP Error: Bad BGP identifier']}, b: {v4: ['10.0.0.1 Idle BGP Error: Bad BGP identifier']}}),
    finds: ['badIdentifier Node/a Node/b'],
  },
  'a global peer leads a node to itself': {
    given: given({
      a: {v4: ['10.0.0.2 Established', 'Global_10_0_0_1 Idle BGP Error: Bad BGP identifier']},
      b: {v4: ['10.0.0.1 Established', 'Global_10_0_0_1 Idle']},
    }),
    finds: ['self Node/a'],
  },
  'the session is lost again and again': {
    given: given({a: {v4: ['10.0.0.2 Idle BGP Error: Hold timer expired']}, b: {v4: ['10.0.0.1 Idle Received: Hold timer expired']}}),
    finds: ['holdTimer Node/b Node/a'],
  },
  'the other end knows this node by another address': {
    given: given({a: {v4: ['10.0.0.2 Established']}, b: {v4: ['10.0.0.1 Established', '172.18.0.1 Active Socket: Connection closed']}}),
    finds: ['closed Node/b'],
  },
  'the other end has no session for this node': {
    given: given({a: {v4: ['Node_10_0_0_2 Passive']}, b: {v4: []}}),
    finds: ['waiting Node/b Node/a'],
  },
  'the node lost the address that it calls from': {
    given: given({a: {v4: ['10.0.0.2 Passive']}, b: {v4: ['10.0.0.1 Active Socket: Cannot assign requested address']}}),
    finds: ['cannotSpeak Node/a Node/b'],
  },
  'words that are not known': {
    given: given({a: {v4: ['uplink Idle Received: Unknown error 6.11']}}),
    finds: ['other Node/a'],
  },
  'shut down on the router': {
    given: given({a: {v4: ['Node_10_0_0_254 Idle Received: Administrative shutdown']}}),
    finds: ['shutDown Node/a'],
  },
  'backend without BIRD': {given: {...given({a: {v4: stoppedBird(4, 'No such file or directory')}}), bgpSettings: exampleBgp({backend: 'vxlan'})}, finds: []},
}

import {type Speaker, speakersOf} from '../../calico/bgp-speakers.ts'
import {undecidedSpeakers, unseenV6} from '../../calico/bgp-unseen.ts'
import type {Install} from '../../calico/cluster.ts'
import {firstLines} from '../../calico/evidence.ts'
import type {CalicoPod} from '../../calico/kubernetes.ts'
import {nodeList} from '../../calico/node-list.ts'
import {howToSet} from '../../calico/owner.ts'
import {shellWord} from '../../calico/owners/commands.ts'
import {startingNodes} from '../../calico/pod-trouble.ts'
import {runsFelix} from '../../calico/runs-felix.ts'
import {defineCheck, type Fix, type Message, undecided} from '../../engine/check.ts'
import {type Collected, known} from '../../engine/collected.ts'
import {type ExampleSpeaker, exampleBgp, exampleNodePod, exampleSpeakers, stoppedBird, unseen} from '../example-birds.ts'
import {manifestInstall} from '../example-cluster.ts'

interface Stopped {
  readonly family: 4 | 6
  readonly nodes: readonly string[]
  /** No node that was seen runs it. */
  readonly everywhere: boolean
  readonly fix: readonly Fix[]
}
const stopped: Message<Stopped> = {
  severity: 'error',
  text: ({family, nodes, everywhere}) =>
    `BIRD for IPv${family} does not run on ${nodeList(nodes)}${everywhere && nodes.length > 1 ? ', nor on any other node that was seen' : ''}: ` +
    'no route to pods there is announced, and none is learned.',
  fix: ({fix}) => fix,
  verify: ({nodes}) => ({text: 'BIRD answers with its sessions.', command: `calico-doctor node status ${shellWord(nodes[0]!)}`}),
}

const restarted = (pod: CalicoPod): CalicoPod => ({
  ...pod,
  age: 20,
  ready: false,
  containers: pod.containers.map(container => ({...container, restarts: 3})),
})

export default defineCheck({
  id: 'bgp/bird-not-running',
  title: 'BIRD runs on every node that should speak BGP',
  failureTitle: 'BIRD does not run where it should',
  why:
    'With backend bird, BIRD inside calico-node announces the routes to the pods of its node and learns those of all others. Where it does not run, the node has no way to pods ' +
    'elsewhere that BGP should bring. It does not run when its configuration is broken, its port is taken, or calico-node was started with another backend.',
  needs: ['birdV4'],
  uses: ['birdV6', 'nodes', 'bgpSettings', 'calicoPods', 'install'],
  notApplicable: ({bgpSettings}) =>
    bgpSettings.known && bgpSettings.value.backend !== 'bird' ? `Calico runs without BGP here (backend ${bgpSettings.value.backend})` : undefined,
  messages: {v4: stopped, v6: stopped},
  docs: [
    'https://docs.tigera.io/calico/latest/operations/troubleshoot/troubleshooting',
    'https://docs.tigera.io/calico/latest/reference/configure-calico-node',
  ],
  *run({birdV4, birdV6, nodes, bgpSettings, calicoPods, install}, report) {
    const speakers = speakersOf({birdV4, birdV6, nodes, bgpSettings})
    const starting = startingNodes(calicoPods)
    const fresh = speakers.filter(speaker => starting.has(speaker.node) && ([4, 6] as const).some(family => isDead(speaker, family, true)))
    const bgpRuns = speakers.some(speaker => speaker[4].state === 'runs')
    for (const family of [4, 6] as const) {
      const dead = speakers.filter(speaker => isDead(speaker, family, bgpRuns) && !starting.has(speaker.node))
      if (dead.length === 0) continue
      const names = dead.map(({node}) => node)
      const pods = podsOn(names, calicoPods)
      const everywhere = !speakers.some(speaker => speaker[family].state === 'runs')
      const where = {
        subjects: names.map(name => ({kind: 'Node', name})),
        evidence: [...firstLines(dead.map(linesOf(family))), ...firstLines(pods.map(podLine), 3)],
      }
      yield report[family === 4 ? 'v4' : 'v6']({family, nodes: names, everywhere, fix: fixOf(names[0]!, pods[0], install)}, where)
    }
    if (fresh.length > 0) yield undecided(`calico-node is just starting on ${nodeList(fresh.map(({node}) => node))}. Look again in a minute`)
    for (const line of [...unseenV6(speakers), ...undecidedSpeakers(speakers, bgpRuns ? [6] : [4, 6])]) yield undecided(line)
  },
  examples: {
    'BIRD runs everywhere': {given: given({a: {v4: ['10.0.0.2 Established']}, b: {v4: ['10.0.0.1 Established']}}), finds: []},
    'the socket is there and nobody listens': {
      given: given({a: {v4: ['10.0.0.2 Active Socket: Connection refused']}, b: {v4: stoppedBird(4)}}),
      finds: ['v4 Node/b'],
    },
    'no socket on any node': {
      given: given({a: {v4: stoppedBird(4, 'No such file or directory')}, b: {v4: stoppedBird(4, 'No such file or directory')}}),
      finds: ['v4 Node/a Node/b'],
    },
    'IPv6 is wanted and bird6 is dead': {
      given: given({
        a: {v4: ['10.0.0.2 Established'], v6: ['fd00::2 Active Socket: Connection refused']},
        b: {v4: ['10.0.0.1 Established'], v6: stoppedBird(6)},
      }),
      finds: ['v6 Node/b'],
    },
    'bird6 is off where no node has an IPv6 address': {
      given: given({
        a: {v4: ['10.0.0.2 Established'], v6: stoppedBird(6), node: v4Only(1)},
        b: {v4: ['10.0.0.1 Established'], v6: stoppedBird(6), node: v4Only(2)},
      }),
      finds: [],
    },
    'bird for IPv4 is off where nodes have IPv6 only': {
      given: given({
        a: {v4: stoppedBird(4), v6: ['fd00::2 Established'], node: v6Only(1)},
        b: {v4: stoppedBird(4), v6: ['fd00::1 Established'], node: v6Only(2)},
      }),
      finds: [],
    },
    'backend vxlan: no BIRD is right': {
      given: {...given({a: {v4: stoppedBird(4, 'No such file or directory')}}), bgpSettings: exampleBgp({backend: 'vxlan'})},
      finds: [],
    },
    'the backend was not seen, and other nodes run BIRD': {
      given: {...given({a: {v4: ['10.0.0.2 Active Socket: Connection refused']}, b: {v4: stoppedBird(4)}}), bgpSettings: unseen('forbidden')},
      finds: ['v4 Node/b'],
    },
    'the backend was not seen, and no node runs BIRD': {
      given: {...given({a: {v4: stoppedBird(4)}}), bgpSettings: unseen('forbidden')},
      finds: [],
    },
    'calico-node was started a moment ago': {
      given: {
        ...given({a: {v4: ['10.0.0.2 Active Socket: Connection refused']}, b: {v4: stoppedBird(4, 'No such file or directory')}}),
        calicoPods: known([exampleNodePod('a'), {...exampleNodePod('b'), age: 20, ready: false}]),
      },
      finds: [],
    },
    'a young pod whose container was restarted has had its time': {
      given: {
        ...given({a: {v4: ['10.0.0.2 Active Socket: Connection refused']}, b: {v4: stoppedBird(4, 'No such file or directory')}}),
        calicoPods: known([exampleNodePod('a'), restarted(exampleNodePod('b'))]),
      },
      finds: ['v4 Node/b'],
    },
    'a node that did not answer': {given: given({a: {v4: ['10.0.0.2 Established']}, b: {v4: unseen()}}), finds: []},
  },
})

/** Where the backend could not be seen, neighbours that run BIRD tell it. */
const isDead = (speaker: Speaker, family: 4 | 6, bgpRuns: boolean) =>
  speaker[family].state === 'stopped' || (family === 4 && bgpRuns && speaker[4].state === 'undecided')

const linesOf = (family: 4 | 6) => (speaker: Speaker) => {
  const daemon = speaker[family]
  return `${speaker.node}, ${family === 4 ? 'birdcl' : 'birdcl6'}: ${'detail' in daemon ? daemon.detail : ''}`
}

function podsOn(nodes: readonly string[], calicoPods: Collected<readonly CalicoPod[]>): CalicoPod[] {
  const wanted = new Set(nodes)
  const pods = calicoPods.known ? calicoPods.value : []
  return pods.filter(pod => runsFelix(pod) && pod.node !== undefined && wanted.has(pod.node))
}

function podLine({namespace, name, node, ready, containers}: CalicoPod): string {
  const restarts = containers.find(container => container.name === 'calico-node')?.restarts ?? 0
  return `Pod ${namespace}/${name} on ${node}: ${ready ? 'Ready' : 'not Ready'}, ${restarts} restarts`
}

function fixOf(node: string, pod: CalicoPod | undefined, install: Collected<Install>): Fix[] {
  const namespace = shellWord(pod?.namespace ?? (install.known ? install.value.namespace : 'kube-system'))
  const name = shellWord(pod?.name ?? `<calico-node pod on ${node}>`)
  return [
    {
      text: 'See why BIRD ends: a configuration that confd could not write or BIRD does not accept (often a BGPPeer or BGPFilter made lately), or a port that is taken.',
      command: `kubectl -n ${namespace} logs ${name} -c calico-node --tail 2000 | grep -iE 'bird|confd'`,
    },
    {text: `Another BGP speaker on the node takes TCP 179: MetalLB, FRR, kube-router, Cilium. See it on ${node}.`, command: "ss -ltnp 'sport = :179'"},
    {
      text: 'When the cause is mended, or calico-node was never restarted after a change of its backend: restart it.',
      command: `kubectl -n ${namespace} delete pod ${name}`,
    },
    {...howToSet(install, 'backend'), text: `Where BGP is not wanted at all: ${howToSet(install, 'backend').text}`},
  ]
}

function v4Only(number: number): ExampleSpeaker['node'] {
  return {annotations: {ipv4: `10.0.0.${number}/24`}}
}
function v6Only(number: number): ExampleSpeaker['node'] {
  return {internalIps: [`fd00::${number}`], annotations: {ipv6: `fd00::${number}/64`}}
}
function given(speakers: Readonly<Record<string, ExampleSpeaker>>) {
  const {birdV4, birdV6, nodes} = exampleSpeakers(speakers)
  const calicoPods = known(Object.keys(speakers).map(node => exampleNodePod(node)))
  return {birdV4, birdV6, nodes, bgpSettings: exampleBgp(), calicoPods, install: manifestInstall}
}

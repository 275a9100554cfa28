import type {BgpSessionDetail, Bird} from '../calico/bgp-session.ts'
import {readProtocols} from '../calico/bird-protocols.ts'
import type {BgpSettings} from '../calico/cluster.ts'
import type {CalicoPod, KubeNode} from '../calico/kubernetes.ts'
import {type Collected, type Known, known, type PerNode, type Unknown} from '../engine/collected.ts'
import {exampleNode} from './example-cluster.ts'

/** What the examples of BGP checks are made of. */

/** The usual install: BIRD, full mesh, AS 64512. */
export const exampleBgp = (more: Partial<BgpSettings> = {}): Known<BgpSettings> =>
  known({backend: 'bird', backendSource: 'ConfigMap kube-system/calico-config key calico_backend', mesh: true, asNumber: '64512', listenPort: 179, ...more})

/** A BIRD by its rows, without the columns that are always the same: `Mesh_10_0_0_2 Active Socket: Connection refused`. */
export function exampleBird(family: 4 | 6, ...rows: readonly string[]): Known<Bird> {
  const lines = rows.map(row => {
    const [name = '', info = ''] = row.split(/ (.*)/)
    const state = info.startsWith('Established') ? 'up' : info === '' ? 'down' : 'start'
    return `${name} BGP master ${state} 09:58:45 ${info}`
  })
  return known(readProtocols(['BIRD v0.3.3+birdv1.6.8 ready.', 'name proto table state since info', ...lines].join('\n'), family))
}
export const stoppedBird = (family: 4 | 6, errno = 'Connection refused'): Known<Bird> =>
  known({running: false, reason: `Unable to connect to server control socket (/var/run/calico/bird${family === 4 ? '' : '6'}.ctl): ${errno}`})

/** One node by what its BIRD for IPv4 and, where it has one, for IPv6 said. `10.0.0.2 Established` is short for a row of the mesh. */
export interface ExampleSpeaker {
  readonly v4: readonly string[] | Collected<Bird>
  readonly v6?: readonly string[] | Collected<Bird>
  readonly node?: Parameters<typeof exampleNode>[2]
}
export interface ExampleSpeakers {
  readonly birdV4: PerNode<Bird>
  readonly birdV6: Known<PerNode<Bird>>
  readonly birdDetailsV4: Known<PerNode<readonly BgpSessionDetail[]>>
  readonly birdDetailsV6: Known<PerNode<readonly BgpSessionDetail[]>>
  readonly nodes: Known<readonly KubeNode[]>
}

/** Nodes 10.0.0.1, 10.0.0.2, … in the order given; those with `v6` have fd00::1, fd00::2, … too. */
export function exampleSpeakers(speakers: Readonly<Record<string, ExampleSpeaker>>): ExampleSpeakers {
  const all = Object.entries(speakers)
  const perNode = <T>(read: (speaker: ExampleSpeaker) => Collected<T>) => Object.fromEntries(all.map(([name, speaker]) => [name, read(speaker)]))
  return {
    birdV4: perNode(({v4}) => birdOf(4, v4)),
    birdV6: known(perNode(({v6}) => (v6 === undefined ? exampleBird(6) : birdOf(6, v6)))),
    birdDetailsV4: known(perNode(() => known([]))),
    birdDetailsV6: known(perNode(() => known([]))),
    nodes: known(all.map(([name, {v6, node}], index) => exampleNode(name, index + 1, {...(v6 !== undefined && dualStack(index + 1)), ...node}))),
  }
}

const dualStack = (number: number) => ({
  internalIps: [`10.0.0.${number}`, `fd00::${number}`],
  annotations: {ipv4: `10.0.0.${number}/24`, ipv6: `fd00::${number}/64`},
})

function birdOf(family: 4 | 6, bird: readonly string[] | Collected<Bird>): Collected<Bird> {
  return 'known' in bird ? bird : exampleBird(family, ...bird.map(row => (/^[\da-f]+[.:]/.test(row) ? meshRow(row) : row)))
}
const meshRow = (row: string) => row.replace(/^\S+/, address => `Mesh_${address.replace(/[.:]/g, '_')}`)

/** The calico-node pod of a node. */
export const exampleNodePod = (node: string, state: 'running' | 'waiting' = 'running', reason?: string): CalicoPod => ({
  namespace: 'kube-system',
  name: `calico-node-${node}`,
  app: 'calico-node',
  node,
  phase: 'Running',
  ready: state === 'running',
  terminating: false,
  containers: [
    {name: 'calico-node', init: false, image: 'docker.io/calico/node:v3.30.2', ready: state === 'running', restarts: 0, state, ...(reason && {reason})},
  ],
})

export const unseen = (why: Unknown['why'] = 'timeout', detail = 'no complete answer in 15 s'): Unknown => ({known: false, why, detail})

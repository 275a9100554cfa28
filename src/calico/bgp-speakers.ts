import type {Collected, PerNode} from '../engine/collected.ts'
import type {BgpSession, BgpSessionDetail, Bird} from './bgp-session.ts'
import {birdExpected, type Expected} from './bird-expected.ts'
import type {BgpSettings} from './cluster.ts'
import type {KubeNode} from './kubernetes.ts'

/** What was seen of one node's BIRD, both families together. */
export interface Speaker {
  readonly node: string
  readonly sessions: readonly BgpSession[]
  /** By protocol name; of sessions that are not Established, where they were asked. */
  readonly details: ReadonlyMap<string, BgpSessionDetail>
  readonly 4: DaemonState
  readonly 6: DaemonState
}
/** `unseen` and `stopped` matter only where the daemon is wanted: `unwanted` says that it is not, `undecided` that nobody can tell. */
export type DaemonState =
  | {readonly state: 'runs'}
  | {readonly state: 'unwanted'}
  | {readonly state: 'stopped' | 'unseen' | 'undecided'; readonly detail: string}

export interface BgpFacts {
  readonly birdV4: PerNode<Bird>
  readonly birdV6: Collected<PerNode<Bird>>
  /** Without them sessions are told by `show protocols` alone. */
  readonly birdDetailsV4?: Collected<PerNode<readonly BgpSessionDetail[]>>
  readonly birdDetailsV6?: Collected<PerNode<readonly BgpSessionDetail[]>>
  readonly nodes: Collected<readonly KubeNode[]>
  readonly bgpSettings: Collected<BgpSettings>
}

/** Every node whose BIRD was wanted, in the order of the fact. */
export function speakersOf(facts: BgpFacts): Speaker[] {
  const byName = new Map(facts.nodes.known ? facts.nodes.value.map(node => [node.name, node]) : [])
  const anyV6 = facts.birdV6.known && Object.values(facts.birdV6.value).some(bird => sessionsOf(bird).length > 0)
  return Object.entries(facts.birdV4).map(([node, v4]) => speakerOf(node, v4, byName.get(node), anyV6, facts))
}

function speakerOf(node: string, v4: Collected<Bird>, kubeNode: KubeNode | undefined, anyV6: boolean, facts: BgpFacts): Speaker {
  const v6 = ofNode(facts.birdV6, node)
  const details = [facts.birdDetailsV4, facts.birdDetailsV6].flatMap(fact => {
    const collected = fact && ofNode(fact, node)
    return collected?.known ? collected.value.map(detail => [detail.name, detail] as const) : []
  })
  const settings = facts.bgpSettings
  return {
    node,
    sessions: [...sessionsOf(v4), ...sessionsOf(v6)],
    details: new Map(details),
    4: daemonState(v4, birdExpected('IPv4', settings, kubeNode?.calico)),
    6: speaksBoth(v4) ? {state: 'runs'} : daemonState(v6, expectedV6(v4, v6, birdExpected('IPv6', settings, kubeNode?.calico), anyV6)),
  }
}

/** Where nothing says whether a node has IPv6 and no node has a session of it, a node that runs bird alone is not missing bird6. */
function expectedV6(v4: Collected<Bird>, v6: Collected<Bird>, expected: Expected, anyV6: boolean): Expected {
  const alone = v4.known && v4.value.running && (v6.known ? !v6.value.running : v6.why === 'absent')
  return expected === 'unknown' && alone && !anyV6 ? 'no' : expected
}

function daemonState(bird: Collected<Bird>, expected: Expected): DaemonState {
  if (bird.known && bird.value.running) return bird.partial === undefined ? {state: 'runs'} : {state: 'unseen', detail: `seen in part: ${bird.partial}`}
  if (expected === 'no') return {state: 'unwanted'}
  if (!bird.known) return {state: 'unseen', detail: `${bird.why}: ${bird.detail}`}
  return {state: expected === 'yes' ? 'stopped' : 'undecided', detail: bird.value.running ? '' : bird.value.reason}
}

/** From BIRD 2 on one daemon serves both families, and the image has no birdcl6. */
export function speaksBoth(bird: Collected<Bird>): boolean {
  if (!bird.known || !bird.value.running) return false
  const major = /(\d+)\.\d+(?:\.\d+)?$/.exec(bird.value.version ?? '')?.[1]
  return Number(major ?? 1) >= 2 || bird.value.sessions.some(({family}) => family === 6)
}

const sessionsOf = (bird: Collected<Bird>) => (bird.known && bird.value.running ? bird.value.sessions : [])
const notAsked = {known: false, why: 'not-collected', detail: 'nobody asked'} as const
function ofNode<T>(fact: Collected<PerNode<T>>, node: string): Collected<T> {
  if (!fact.known) return fact
  return (Object.hasOwn(fact.value, node) ? fact.value[node] : undefined) ?? notAsked
}

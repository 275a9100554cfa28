import {type Collected, known, type PerNode, type Unknown} from '../engine/collected.ts'
import type {FactTable} from '../engine/facts.ts'
import type {BgpSessionDetail, Bird} from './bgp-session.ts'
import {portOf} from './bgp-settings.ts'
import {speaksBoth} from './bgp-speakers.ts'
import {birdExpected, type Expected} from './bird-expected.ts'
import type {CalicoNodeAnnotations} from './kubernetes.ts'
import type {DaemonStatus, Family, NodeSessions, NodeStatusOptions, NotSeen} from './node-status-model.ts'
import type {PeerNames} from './peer-names.ts'
import {inOrder, sessionRows} from './session-rows.ts'

/** What one node's two daemons came to: sessions to show, or not seen, or no BGP there by configuration. */
export interface NodeLook {
  readonly node: string
  readonly sessions?: NodeSessions
  readonly notSeen: readonly NotSeen[]
  readonly withoutBgp: boolean
}
export interface LookOptions extends NodeStatusOptions {
  readonly table: FactTable
  readonly peers: PeerNames
  /** By node. */
  readonly annotations: ReadonlyMap<string, CalicoNodeAnnotations>
}
interface Daemon {
  readonly family: Family
  readonly expected: Expected
  readonly bird: Collected<Bird>
  readonly details: Collected<readonly BgpSessionDetail[]>
}

export function lookAtNode(node: string, options: LookOptions): NodeLook {
  const daemons = oneForBoth(daemonOf(node, 'IPv4', options), daemonOf(node, 'IPv6', options))
  const runs = daemons.some(({bird}) => bird.known && bird.value.running)
  const notSeen = unseen(node, daemons, runs)
  const told = daemons.some(({bird, expected}) => bird.known && (bird.value.running || expected === 'yes'))
  const withoutBgp = !runs && daemons.every(({expected}) => expected === 'no')
  return {node, notSeen, withoutBgp, ...(told && {sessions: sessionsOf(node, daemons, notSeen.length === 0, options)})}
}

function daemonOf(node: string, family: Family, {table, annotations, wide}: LookOptions): Daemon {
  const [bird, details] =
    family === 'IPv4' ? [table.birdV4, wide ? table.birdWideV4 : table.birdDetailsV4] : [table.birdV6, wide ? table.birdWideV6 : table.birdDetailsV6]
  return {family, expected: birdExpected(family, table.bgpSettings, annotations.get(node)), bird: ofNode(bird, node), details: ofNode(details, node)}
}

/** Sessions of IPv6 are then among those of bird.ctl; bird6.ctl has nobody, or birdcl6 is not in the image. */
function oneForBoth(v4: Daemon, v6: Daemon): Daemon[] {
  const other = v6.bird.known && v6.bird.value.running
  if (other || !speaksBoth(v4.bird) || !v4.bird.known || !v4.bird.value.running) return [v4, v6]
  return [v4, {...v6, bird: known({...v4.bird.value, sessions: []}), details: known([])}]
}

const notAsked: Unknown = {known: false, why: 'not-collected', detail: 'nobody asked'}
function ofNode<T>(fact: Collected<PerNode<T>> | undefined, node: string): Collected<T> {
  if (!fact?.known) return fact ?? notAsked
  return (Object.hasOwn(fact.value, node) ? fact.value[node] : undefined) ?? notAsked
}

function unseen(node: string, daemons: readonly Daemon[], runs: boolean): NotSeen[] {
  const missing = daemons.flatMap((daemon): NotSeen[] => {
    const {bird, expected, family} = daemon
    if (bird.known) return [...cut(node, daemon), ...undecided(node, daemon, runs)]
    if (expected === 'no') return []
    // An image without birdcl6 on a node that runs BIRD for IPv4: nothing says that IPv6 is wanted there.
    if (family === 'IPv6' && expected === 'unknown' && bird.why === 'absent' && runs) return []
    return [{node, family, why: bird.why, detail: bird.detail}]
  })
  const [first, second] = missing
  const alike = first && (second ? first.why === second.why && first.detail === second.detail : daemons.every(({bird}) => !bird.known))
  return alike ? [{...first, family: null}] : missing
}

const cut = (node: string, {bird, family}: Daemon): NotSeen[] =>
  bird.known && bird.partial !== undefined ? [{node, family, why: 'failed', detail: `seen in part: ${bird.partial}`}] : []

/** No daemon at all runs and nothing says whether one should: neither well nor a fault. */
function undecided(node: string, {bird, expected}: Daemon, runs: boolean): NotSeen[] {
  if (runs || expected !== 'unknown' || !bird.known || bird.value.running) return []
  return [
    {node, family: null, why: 'absent', detail: 'BIRD does not run here, and whether it should could not be seen (Calico’s backend: bird, vxlan or none)'},
  ]
}

function sessionsOf(node: string, daemons: readonly Daemon[], whole: boolean, options: LookOptions): NodeSessions {
  const port = portOf(options.table.bgpSettings ?? notAsked)
  const rows = daemons.flatMap(({bird, details}) => (bird.known && bird.value.running ? sessionRows(bird.value.sessions, details, {...options, port}) : []))
  const count = (status: string) => rows.filter(row => row.status === status).length
  const noDetails = options.wide ? daemons.find(({bird, details}) => bird.known && bird.value.running && !details.known)?.details : undefined
  return {
    node,
    sessions: rows.length,
    established: count('established'),
    down: count('down'),
    whole,
    daemons: daemons.flatMap(statusOf),
    rows: inOrder(options.problemsOnly ? rows.filter(row => row.status === 'down') : rows),
    ...(noDetails && !noDetails.known && {detailsNotSeen: {why: noDetails.why, detail: noDetails.detail}}),
  }
}

function statusOf({family, expected, bird}: Daemon): DaemonStatus[] {
  if (!bird.known) return []
  const {value} = bird
  return [
    value.running
      ? {family, expected, running: true, version: value.version ?? null, reason: null}
      : {family, expected, running: false, version: null, reason: value.reason},
  ]
}

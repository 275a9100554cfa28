import type {FactTable} from '../engine/facts.ts'
import {type BgpSession, type Bird, isEstablished} from './bgp-session.ts'
import type {Compared, Peer, SessionChange} from './diff-model.ts'
import {both, namesIn, natural, type Presence, part} from './diff-values.ts'
import {addressKey, type PeerNames, peerNames} from './peer-names.ts'

type Family = SessionChange['family']
/** One session of one node. */
interface One {
  readonly node: string
  readonly family: Family
  readonly peer: string
  readonly before: string | null
  readonly after: string | null
}

/** Sessions that came, went, or changed between established and down, or in why they are down. */
export function diffSessions(a: FactTable, b: FactTable, present: Presence): Compared<SessionChange> {
  const peers = [peerNames(b.nodes), peerNames(a.nodes)]
  const peerNode: PeerNames = address => peers[0]!(address) ?? peers[1]!(address)
  const families = [ofFamily('IPv4', [a.birdV4, b.birdV4], present), ofFamily('IPv6', [a.birdV6, b.birdV6], present)]
  return {
    changes: families.flatMap(({ones, daemons}) => [...daemons, ...grouped(ones, peerNode)]),
    notComparable: families.flatMap(({notComparable}) => notComparable),
  }
}

interface OfFamily {
  readonly ones: One[]
  readonly daemons: SessionChange[]
  readonly notComparable: Compared<never>['notComparable'][number][]
}

function ofFamily(family: Family, [a, b]: readonly [FactTable['birdV4'], FactTable['birdV4']], present: Presence): OfFamily {
  const {changes, notComparable} = both(`${family} BGP sessions`, a, b)
  const found: OfFamily = {ones: [], daemons: [], notComparable: [...notComparable]}
  const [facts] = changes
  if (!facts) return found
  const [one, other] = [facts.a ?? {}, facts.b ?? {}]
  for (const node of namesIn(one, other, present)) {
    const birds = both(`${family} BGP sessions`, part(one, node), part(other, node), [node])
    found.notComparable.push(...birds.notComparable)
    for (const {a: before, b: after, ...parts} of birds.changes) compareBirds({node, family, before, after, parts}, found)
  }
  return found
}

interface Birds {
  readonly node: string
  readonly family: Family
  /** undefined: this image has no birdcl for the family, so nothing runs. */
  readonly before: Bird | undefined
  readonly after: Bird | undefined
  readonly parts: {readonly partOfA: boolean; readonly partOfB: boolean}
}

function compareBirds({node, family, before, after, parts}: Birds, found: OfFamily): void {
  const [ran, runs] = [before?.running === true, after?.running === true]
  if (ran !== runs) {
    found.daemons.push({sessions: 0, family, nodes: [node], peers: [], before: birdText(before), after: birdText(after), turn: runs ? 'better' : 'worse'})
    return
  }
  if (before?.running && after?.running) found.ones.push(...sessionChanges(node, family, before.sessions, after.sessions, parts))
}

const birdText = (bird: Bird | undefined): string | null => (bird === undefined ? null : bird.running ? 'BIRD runs' : `BIRD does not run (${bird.reason})`)

function sessionChanges(node: string, family: Family, a: readonly BgpSession[], b: readonly BgpSession[], parts: Birds['parts']): One[] {
  const before = new Map(a.map(session => [session.name, session]))
  const changes: One[] = []
  const add = (session: BgpSession, was: string | null, is: string | null) =>
    changes.push({node, family, peer: session.peer || session.name, before: was, after: is})
  for (const session of b) {
    const old = before.get(session.name)
    before.delete(session.name)
    if (old ? !sameState(old, session) : !parts.partOfA) add(session, old ? stateText(old) : null, stateText(session))
  }
  if (!parts.partOfB) for (const session of before.values()) add(session, stateText(session), null)
  return changes
}

/** Connect, Active and the states between are one thing, trying: BIRD goes from one to the other all the time. */
const sameState = (a: BgpSession, b: BgpSession) => isEstablished(a) === isEstablished(b) && (isEstablished(a) || a.error === b.error)
function stateText({bgpState, state, error}: BgpSession): string {
  const word = bgpState || state
  return error === '' ? word : `${word} (${error})`
}

/** By peer, then what is left by node: a node that is lost shows as one line of all that talked with it. Where that is most of a mesh, all of it is one line. */
function grouped(ones: readonly One[], peerNode: PeerNames): SessionChange[] {
  const alike = Map.groupBy(ones, ({before, after}) => JSON.stringify([before, after])).values()
  const changes = [...alike].flatMap(same => split(same)).map(group => changeOf(group, peerNode))
  return changes.sort((x, y) => turns.indexOf(x.turn) - turns.indexOf(y.turn) || y.sessions - x.sessions)
}

function split(same: readonly One[]): readonly (readonly One[])[] {
  const byPeer = [...Map.groupBy(same, ({peer}) => peer).values()]
  const single = byPeer.filter(group => group.length === 1).flat()
  const groups = [...byPeer.filter(group => group.length > 1), ...Map.groupBy(single, ({node}) => node).values()]
  return groups.length > mostGroups ? [same] : groups
}
const mostGroups = 10
const turns: readonly SessionChange['turn'][] = ['worse', 'other', 'better']

function changeOf(group: readonly One[], peerNode: PeerNames): SessionChange {
  const {family, before, after} = group[0]!
  const addresses = [...new Set(group.map(({peer}) => peer))].map(address => ({address, key: addressKey(address)})).sort((x, y) => (x.key < y.key ? -1 : 1))
  const peers: Peer[] = addresses.map(({address}) => ({address, node: peerNode(address)}))
  return {sessions: group.length, family, nodes: [...new Set(group.map(({node}) => node))].sort(natural), peers, before, after, turn: turnOf(before, after)}
}

/** A session that went is nothing bad by itself: its peer may be gone. */
function turnOf(before: string | null, after: string | null): SessionChange['turn'] {
  const [was, is] = [before === 'Established', after === 'Established']
  if (after !== null && was !== is) return is ? 'better' : 'worse'
  return before === null && !is ? 'worse' : 'other'
}

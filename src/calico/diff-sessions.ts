import type {FactTable} from '../engine/facts.ts'
import {type BgpSession, type Bird, isEstablished} from './bgp-session.ts'
import type {Compared, Peer, SessionChange} from './diff-model.ts'
import {both, namesIn, natural, type Presence, part} from './diff-values.ts'
import {addressKey, type PeerNames, peerNames} from './peer-names.ts'

type Family = SessionChange['family']
/** Sessions by how they were and how they are, then by peer: the nodes. There may be a million, so none gets an object of its own. */
type Found = Map<string, Map<string, string[]>>

/** Sessions that came, went, or changed between established and down, or in why they are down. */
export function diffSessions(a: FactTable, b: FactTable, present: Presence): Compared<SessionChange> {
  const peers = [peerNames(b.nodes), peerNames(a.nodes)]
  const peerNode: PeerNames = address => peers[0]!(address) ?? peers[1]!(address)
  const families = [ofFamily('IPv4', [a.birdV4, b.birdV4], present), ofFamily('IPv6', [a.birdV6, b.birdV6], present)]
  return {
    changes: families.flatMap(({family, found, daemons}) => [...daemons, ...grouped(family, found, peerNode)]),
    notComparable: families.flatMap(({notComparable}) => notComparable),
  }
}

interface OfFamily {
  readonly family: Family
  readonly found: Found
  readonly daemons: SessionChange[]
  readonly notComparable: Compared<never>['notComparable'][number][]
}

function ofFamily(family: Family, [a, b]: readonly [FactTable['birdV4'], FactTable['birdV4']], present: Presence): OfFamily {
  const {changes, notComparable} = both(`${family} BGP sessions`, a, b)
  const found: OfFamily = {family, found: new Map(), daemons: [], notComparable: [...notComparable]}
  const [facts] = changes
  if (!facts) return found
  const [one, other] = [facts.a ?? {}, facts.b ?? {}]
  for (const node of namesIn(one, other, present)) {
    const birds = both(`${family} BGP sessions`, part(one, node), part(other, node), [node])
    found.notComparable.push(...birds.notComparable)
    for (const {a: before, b: after, ...parts} of birds.changes) compareBirds({node, before, after, parts}, found)
  }
  return found
}

interface Birds {
  readonly node: string
  /** undefined: this image has no birdcl for the family, so nothing runs. */
  readonly before: Bird | undefined
  readonly after: Bird | undefined
  readonly parts: {readonly partOfA: boolean; readonly partOfB: boolean}
}

function compareBirds({node, before, after, parts}: Birds, {family, found, daemons}: OfFamily): void {
  const [ran, runs] = [before?.running === true, after?.running === true]
  if (ran !== runs) {
    daemons.push({sessions: 0, family, nodes: [node], peers: [], before: birdText(before), after: birdText(after), turn: runs ? 'better' : 'worse'})
    return
  }
  if (before?.running && after?.running) sessionChanges(node, [before.sessions, after.sessions], parts, found)
}

const birdText = (bird: Bird | undefined): string | null => (bird === undefined ? null : bird.running ? 'BIRD runs' : `BIRD does not run (${bird.reason})`)

function sessionChanges(node: string, [a, b]: readonly [readonly BgpSession[], readonly BgpSession[]], parts: Birds['parts'], found: Found): void {
  const before = new Map(a.map(session => [session.name, session]))
  for (const session of b) {
    const old = before.get(session.name)
    before.delete(session.name)
    if (old ? !sameState(old, session) : !parts.partOfA) add(found, node, session.peer || session.name, old, session)
  }
  if (!parts.partOfB) for (const session of before.values()) add(found, node, session.peer || session.name, session, undefined)
}

function add(found: Found, node: string, peer: string, before: BgpSession | undefined, after: BgpSession | undefined): void {
  const turn = `${stateText(before)}${parting}${stateText(after)}`
  const byPeer = found.get(turn) ?? new Map<string, string[]>()
  const nodes = byPeer.get(peer)
  if (nodes) nodes.push(node)
  else byPeer.set(peer, [node])
  found.set(turn, byPeer)
}
/** In no answer of BIRD's: it prints lines. */
const parting = '\n'

/** Connect, Active and the states between are one thing, trying: BIRD goes from one to the other all the time. */
const sameState = (a: BgpSession, b: BgpSession) => isEstablished(a) === isEstablished(b) && (isEstablished(a) || a.error === b.error)
function stateText(session: BgpSession | undefined): string {
  if (!session) return ''
  const word = session.bgpState || session.state || 'without a state'
  return session.error === '' ? word : `${word} (${session.error})`
}

/** By peer, then what is left by node: a node that is lost shows as one line of all that talked with it. Where that is most of a mesh, all of it is one line. */
function grouped(family: Family, found: Found, peerNode: PeerNames): SessionChange[] {
  const changes = [...found].flatMap(([turn, byPeer]) => {
    const [before = '', after = ''] = turn.split(parting)
    return split(byPeer).map(group => changeOf(group, {family, before: before || null, after: after || null}, peerNode))
  })
  return changes.sort((x, y) => turns.indexOf(x.turn) - turns.indexOf(y.turn) || y.sessions - x.sessions)
}

interface Group {
  readonly nodes: readonly string[]
  readonly peers: readonly string[]
  readonly sessions: number
}

function split(byPeer: ReadonlyMap<string, readonly string[]>): Group[] {
  const crowds = [...byPeer].filter(([, nodes]) => nodes.length > 1).map(([peer, nodes]) => ({nodes, peers: [peer], sessions: nodes.length}))
  const single = Map.groupBy(
    [...byPeer].filter(([, nodes]) => nodes.length === 1),
    ([, nodes]) => nodes[0]!,
  )
  const groups = [...crowds, ...[...single].map(([node, peers]) => ({nodes: [node], peers: peers.map(([peer]) => peer), sessions: peers.length}))]
  if (groups.length <= mostGroups) return groups
  const nodes = new Set<string>()
  for (const members of byPeer.values()) for (const node of members) nodes.add(node)
  return [{nodes: [...nodes], peers: [...byPeer.keys()], sessions: groups.reduce((sum, {sessions}) => sum + sessions, 0)}]
}
const mostGroups = 10

const turns: readonly SessionChange['turn'][] = ['worse', 'other', 'better']

function changeOf({nodes, peers, sessions}: Group, turn: Pick<SessionChange, 'family' | 'before' | 'after'>, peerNode: PeerNames): SessionChange {
  const addresses = peers.map(address => ({address, key: addressKey(address)})).sort((x, y) => (x.key < y.key ? -1 : 1))
  const named: Peer[] = addresses.map(({address}) => ({address, node: peerNode(address)}))
  return {sessions, ...turn, nodes: [...new Set(nodes)].sort(natural), peers: named, turn: turnOf(turn.before, turn.after)}
}

/** A session that went is nothing bad by itself: its peer may be gone. */
function turnOf(before: string | null, after: string | null): SessionChange['turn'] {
  const [was, is] = [before === 'Established', after === 'Established']
  if (after !== null && was !== is) return is ? 'better' : 'worse'
  return before === null && !is ? 'worse' : 'other'
}

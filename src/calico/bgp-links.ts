import {type BgpCause, type CauseOf, causeOf} from './bgp-cause.ts'
import {type BgpSession, isEstablished} from './bgp-session.ts'
import type {Speaker} from './bgp-speakers.ts'

/** A session that is down, as one end tells it. */
export interface LinkEnd extends CauseOf {
  readonly node: string
  readonly session: BgpSession
  /** BIRD's own word for the neighbour where details were asked, else the address in the protocol's name, else that name. */
  readonly peer: string
}
/** Two ends that should be in session and are not; or one of our nodes and a router outside. */
export interface Link {
  readonly family: 4 | 6
  /** Of the end that knows more. */
  readonly cause: BgpCause
  readonly words: string
  /** One, or both when both ends say that they are down; the one that knows more comes first. */
  readonly ends: readonly [LinkEnd, ...LinkEnd[]]
  /** The node at the other end of `ends[0]`; undefined when no node has that address. */
  readonly peerNode: string | undefined
  /** What the other end says: also down, up, that it has no such session, or nothing (not seen, or not our node). */
  readonly other: 'down' | 'established' | 'no-session' | 'unseen'
}

export interface LinkOptions {
  /** The node that has an address. */
  readonly owner: (address: string) => string | undefined
  /** Does a BGP password belong to this peer? */
  readonly password: (peer: string, session: BgpSession) => boolean
  /** The TCP port that it calls. */
  readonly port: (session: BgpSession) => number
}

/** Sessions that are not Established, both ends of one put together. */
export function brokenLinks(speakers: readonly Speaker[], options: LinkOptions): Link[] {
  const byNode = new Map(speakers.map(speaker => [speaker.node, speaker]))
  // By the two ends, the lesser first; two levels, as there may be half a million pairs and no need of a text for each.
  const pairs: Pairs = new Map()
  for (const speaker of speakers) {
    for (const end of downEnds(speaker, options)) {
      const other = options.owner(end.peer) ?? end.peer
      const [one, two] = end.node < other ? [end.node, other] : [other, end.node]
      const links = pairs.get(one) ?? new Map<string, [LinkEnd, ...LinkEnd[]]>()
      pairs.set(one, links)
      const key = end.session.family === 6 ? `6 ${two}` : two
      const [first, ...rest] = links.get(key) ?? []
      // A new list of just the size: one that grows takes room for seventeen.
      links.set(key, first ? [first, ...rest, end] : [end])
    }
  }
  return linksOf(pairs, both => linkOf(both, byNode, options))
}

type Pairs = Map<string, Map<string, [LinkEnd, ...LinkEnd[]]>>
/** What is put together is let go of. */
function linksOf(pairs: Pairs, link: (both: [LinkEnd, ...LinkEnd[]]) => Link): Link[] {
  const links: Link[] = []
  for (const [node, ends] of pairs) {
    for (const both of ends.values()) links.push(link(both))
    pairs.delete(node)
  }
  return links
}

/**
 * Sessions of one node that are down. Two protocols with one neighbour exclude each other: the second stays Idle for as long as the first exists (BIRD locks the neighbour's
 * address and port, proto/bgp/bgp.c), which is no outage. So of several with one neighbour only one counts, and none when one of them is up.
 */
function downEnds({node, sessions, details}: Speaker, {password, port}: LinkOptions): LinkEnd[] {
  const neighbours = new Set<string>()
  const neighbour = (session: BgpSession) => `${session.family} ${session.peer || session.name} ${port(session)}`
  const ends: LinkEnd[] = []
  for (const session of sessions) if (isEstablished(session)) neighbours.add(neighbour(session))
  for (const session of sessions.filter(session => !isEstablished(session)).sort((a, b) => silent(a) - silent(b))) {
    if (neighbours.has(neighbour(session))) continue
    neighbours.add(neighbour(session))
    const detail = details.get(session.name)
    const peer = detail?.neighborAddress ?? (session.peer || session.name)
    const {cause, words} = causeOf(session, detail, {password: password(peer, session)})
    ends.push({node, session, peer, cause, words})
  }
  return ends
}

const silent = ({bgpState, error}: BgpSession) => Number(bgpState === 'Idle' && error === '')

/** Waiting and starting say nothing of why; a caller knows more than who is called. */
const tells: Partial<Record<BgpCause, number>> = {unknown: 1, passive: 2, starting: 2, 'hold-timer': 3, closed: 3}
/** The end that refused the other (`BGP Error`) saw what was wrong, in whatever state it is when we look; else the end that calls. */
const rank = ({cause, session}: LinkEnd) => (tells[cause] ?? 4) * 4 + (session.error.startsWith('BGP Error') ? 2 : 0) + (session.bgpState === 'Passive' ? 0 : 1)

function linkOf(found: [LinkEnd, ...LinkEnd[]], byNode: ReadonlyMap<string, Speaker>, {owner}: LinkOptions): Link {
  const ends = found.length > 1 ? found.sort((a, b) => rank(b) - rank(a)) : found
  const [first, ...rest] = ends
  const peerNode = owner(first.peer)
  const other = rest.some(({node}) => node === peerNode) ? 'down' : otherEnd(first, peerNode === undefined ? undefined : byNode.get(peerNode), owner)
  const words = first.cause === 'passive' ? waitingFor[other] : first.words
  return {family: first.session.family, cause: first.cause, words, ends, peerNode, other}
}

const waitingFor: Readonly<Record<Link['other'], string>> = {
  down: 'both ends wait for the other to call',
  established: 'the other end is to call, and was in session',
  'no-session': 'the other end is to call, and has no such session',
  unseen: 'the other end is to call, and was not seen',
}

function otherEnd({node, session: {family}}: LinkEnd, peer: Speaker | undefined, owner: LinkOptions['owner']): Link['other'] {
  if (peer?.[family].state !== 'runs') return 'unseen'
  const back = peer.sessions.filter(session => session.family === family && owner(session.peer) === node)
  if (back.some(isEstablished)) return 'established'
  return back.length === 0 ? 'no-session' : 'down'
}

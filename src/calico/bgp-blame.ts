import type {Collected} from '../engine/collected.ts'
import type {BgpCause} from './bgp-cause.ts'
import {brokenLinks, type Link, type LinkOptions} from './bgp-links.ts'
import {type PeerTrouble, peerTrouble} from './bgp-peer-trouble.ts'
import type {BgpSession} from './bgp-session.ts'
import {portOf} from './bgp-settings.ts'
import {type BgpFacts, type Speaker, speakersOf} from './bgp-speakers.ts'
import {addressOwner, hostOf} from './bgp-topology.ts'
import {addressOf} from './cidr.ts'
import type {CalicoPod} from './kubernetes.ts'
import {startingNodes} from './pod-trouble.ts'
import type {BgpPeer} from './resources.ts'

/** What a link that is down comes from, once the rest of the cluster was asked about its other end. */
export type GroupCause = BgpCause | 'peer-down' | 'self'
export interface Blamed {
  readonly cause: GroupCause
  readonly link: Link
  readonly trouble?: PeerTrouble
}
export interface DownSessions {
  readonly blamed: readonly Blamed[]
  /** Links that are being opened: down at one look, and nothing went wrong; those of a calico-node that is just starting too. */
  readonly changing: readonly Link[]
  readonly speakers: readonly Speaker[]
}
export interface DownFacts extends BgpFacts {
  readonly calicoPods: Collected<readonly CalicoPod[]>
  readonly bgpPeers: Collected<readonly BgpPeer[]>
}

/** Every BGP session that is down, each with what it comes from. */
export function downSessions(facts: DownFacts): DownSessions {
  const speakers = speakersOf(facts)
  const nodes = facts.nodes.known ? facts.nodes.value : []
  const byName = new Map(speakers.map(speaker => [speaker.node, speaker]))
  const kubeNodes = new Map(nodes.map(node => [node.name, node]))
  const troubles = new Map<string, PeerTrouble | undefined>()
  const troubleOf = (name: string, family: 4 | 6) => {
    const [key, node] = [`${name} ${family}`, kubeNodes.get(name)]
    if (!troubles.has(key)) troubles.set(key, node && peerTrouble(byName.get(name), family, node, facts.calicoPods))
    return troubles.get(key)
  }
  const starting = startingNodes(facts.calicoPods)
  const blamed: Blamed[] = []
  const changing: Link[] = []
  for (const link of brokenLinks(speakers, {owner: addressOwner(nodes), password: passwordOf(facts.bgpPeers), port: portOf(facts.bgpSettings)})) {
    const fresh = explains.has(link.cause) && [link.peerNode, ...link.ends.map(({node}) => node)].some(node => node !== undefined && starting.has(node))
    const trouble = link.peerNode !== undefined && explains.has(link.cause) ? troubleOf(link.peerNode, link.family) : undefined
    if (link.peerNode === link.ends[0].node) blamed.push({cause: 'self', link})
    else if (fresh) changing.push(link)
    else if (trouble) blamed.push({cause: 'peer-down', link, trouble})
    else if (isChanging(link)) changing.push(link)
    else blamed.push({cause: link.cause, link})
  }
  return {blamed, changing, speakers}
}

/** What a peer that is not there looks like from here. */
const explains: ReadonlySet<BgpCause> = new Set<BgpCause>([
  'refused',
  'no-route',
  'filtered',
  'password-or-filtered',
  'closed',
  'hold-timer',
  'passive',
  'starting',
  'unknown',
])

/** Seen in the second in which it comes up; or by its other end seen a moment later, or before. */
const isChanging = ({cause, other}: Link) => cause === 'starting' || (other === 'established' && (cause === 'passive' || cause === 'closed'))

/** Mesh passwords (BGPConfiguration nodeMeshPassword) are not among the facts; those of BGPPeers are. */
function passwordOf(bgpPeers: Collected<readonly BgpPeer[]>): LinkOptions['password'] {
  const withPassword = bgpPeers.known ? bgpPeers.value.filter(({spec}) => spec.password?.secretKeyRef) : []
  const addresses = new Set(withPassword.map(({spec}) => addressOf(hostOf(spec.peerIP ?? ''))))
  const anywhere = withPassword.some(({spec}) => spec.peerSelector)
  return (peer: string, {type}: BgpSession) => type !== 'mesh' && (anywhere || addresses.has(addressOf(peer)))
}

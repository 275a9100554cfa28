import {type Blamed, downSessions, type GroupCause} from '../../calico/bgp-blame.ts'
import {downFix} from '../../calico/bgp-fix.ts'
import {groupLinks, type LinkGroup} from '../../calico/bgp-groups.ts'
import type {LinkEnd} from '../../calico/bgp-links.ts'
import {portOf} from '../../calico/bgp-settings.ts'
import {unseenSpeakers} from '../../calico/bgp-unseen.ts'
import {type DownArgs, downText} from '../../calico/bgp-words.ts'
import {addressOf} from '../../calico/cidr.ts'
import type {BgpSettings, Install} from '../../calico/cluster.ts'
import {shellWord} from '../../calico/owners/commands.ts'
import {defineCheck, type Message, type Severity, undecided, type Where} from '../../engine/check.ts'
import type {Collected} from '../../engine/collected.ts'
import {sessionDownExamples} from '../session-down-examples.ts'

const down = (severity: Severity): Message<DownArgs> => ({
  severity,
  text: downText,
  fix: ({fix}) => fix,
  verify: ({look}) => ({text: `Every session of ${look} reads Established.`, command: `calico-doctor node status ${shellWord(look)}`}),
})

const messageOf = {
  'peer-down': 'peerDown',
  refused: 'refused',
  'no-route': 'noRoute',
  filtered: 'silent',
  password: 'password',
  'password-or-filtered': 'password',
  'bad-peer-as': 'badPeerAs',
  'bad-identifier': 'badIdentifier',
  self: 'self',
  'hold-timer': 'holdTimer',
  closed: 'closed',
  'no-address': 'cannotSpeak',
  'no-listener': 'cannotSpeak',
  incompatible: 'other',
  limit: 'other',
  'admin-down': 'shutDown',
  passive: 'waiting',
  starting: 'other',
  unknown: 'other',
} as const satisfies Record<GroupCause, string>

export default defineCheck({
  id: 'bgp/session-down',
  title: 'Every BGP session is established',
  failureTitle: 'BGP sessions are down',
  why:
    'Where BGP carries the routes, a node learns the way to the pods of another only through a session with it or with a route reflector. Behind a session that is down ' +
    'pods of different nodes do not reach each other, while calico-node stays Ready as long as one session is up.',
  needs: ['birdV4'],
  uses: ['birdV6', 'birdDetailsV4', 'birdDetailsV6', 'nodes', 'bgpSettings', 'bgpPeers', 'calicoPods', 'install'],
  notApplicable: ({bgpSettings}) =>
    bgpSettings.known && bgpSettings.value.backend !== 'bird' ? `Calico runs without BGP here (backend ${bgpSettings.value.backend})` : undefined,
  messages: {
    peerDown: down('error'),
    refused: down('error'),
    silent: down('error'),
    noRoute: down('error'),
    closed: down('error'),
    waiting: down('error'),
    holdTimer: down('error'),
    password: down('error'),
    badPeerAs: down('error'),
    badIdentifier: down('error'),
    self: down('error'),
    cannotSpeak: down('error'),
    other: down('error'),
    shutDown: down('warning'),
  },
  docs: ['https://docs.tigera.io/calico/latest/networking/configuring/bgp', 'https://docs.tigera.io/calico/latest/operations/troubleshoot/troubleshooting'],
  *run(facts, report) {
    const {blamed, changing, speakers} = downSessions(facts)
    const nodesSeen = facts.nodes.known && facts.nodes.partial === undefined
    const ours = new Set(speakers.map(({node}) => node))
    for (const group of groupLinks(blamed)) {
      yield report[messageOf[group.cause]](argsOf(group, {...facts, nodesSeen}), whereOf(group, ours))
    }
    if (changing.length > 0) yield undecided(`BGP sessions that are just being opened: ${changing.length}. Look again in a minute`)
    for (const line of unseenSpeakers(speakers)) yield undecided(line)
  },
  examples: sessionDownExamples,
})

interface Around {
  readonly install: Collected<Install>
  readonly bgpSettings: Collected<BgpSettings>
  readonly nodesSeen: boolean
}

function argsOf({cause, members, centre, direction, nodes}: LinkGroup, {install, bgpSettings, nodesSeen}: Around): DownArgs {
  const {link, trouble} = members[0]!
  const {node: caller, peer: address, session} = link.ends[0]
  const port = portOf(bgpSettings)(session)
  return {
    cause,
    centre: centre === undefined ? null : centreText(centre, members, nodesSeen),
    direction,
    nodes,
    sessions: members.length,
    families: [...new Set(members.map(member => member.link.family))].sort(),
    port,
    words: trouble?.words ?? link.words,
    look: caller,
    fix: downFix(cause, {caller, address, called: link.peerNode, port, nodeDown: trouble?.nodeDown ?? false, nodesSeen, protocol: session.name, install}),
  }
}

function centreText(centre: string, members: readonly Blamed[], nodesSeen: boolean): string {
  const called = members.find(({link}) => link.peerNode === centre)?.link.ends[0].peer
  if (called !== undefined) return `${centre} (${called})`
  return nodesSeen && addressOf(centre) !== undefined ? `${centre} (no node has this address)` : centre
}

function whereOf({members, centre, nodes}: LinkGroup, ours: ReadonlySet<string>): Where {
  const isNode = centre !== undefined && (ours.has(centre) || members.some(({link}) => link.peerNode === centre))
  const troubles = new Set(members.flatMap(({trouble}) => (trouble ? [trouble.evidence] : [])))
  const ends = members.flatMap(({link}) => link.ends)
  return {subjects: [...(isNode ? [centre] : []), ...nodes].map(name => ({kind: 'Node', name})), evidence: [...troubles, ...firstOf(ends)]}
}

/** A mesh that is down as a whole has a million ends: only those shown become text. */
function firstOf(ends: readonly LinkEnd[], shown = 5): string[] {
  const rest = ends.length - shown
  return rest > 1 ? [...ends.slice(0, shown).map(lineOf), `… and ${rest} more like these`] : ends.map(lineOf)
}

const lineOf = ({node, session: {family, name, state, since, bgpState, error}}: LinkEnd) =>
  `${node}, ${family === 4 ? 'birdcl' : 'birdcl6'} show protocols: ${[name, state, since, bgpState, error].filter(Boolean).join(' ')}`

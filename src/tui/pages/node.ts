import type {EnvValue} from '../../calico/cluster.ts'
import type {Collected} from '../../engine/collected.ts'
import {whyText} from '../../reporters/causes.ts'
import {ageText} from '../ages.ts'
import {empty, type Line, line, padded, safe} from '../line.ts'
import {field, heading} from '../page.ts'
import type {Kept, State} from '../state.ts'
import {markCell} from '../tables/marks.ts'
import type {NodeRow} from '../tables/nodes.ts'
import {type PeerRow, peers} from '../tables/peers.ts'

/** One node: what it is, its MTUs, its sessions, and the environment that calico-node is given. */
export function nodePage(row: NodeRow, state: State, width: number): Line[] {
  const {entry, mark, info} = row
  const {facts} = entry
  const show = (label: string, text: string) => field(label, safe(text, state.look, 1_000), width)
  return [
    line(markCell(mark, state.look), ' ', {text: safe(entry.name, state.look), style: 'strong'}),
    ...(info === '' ? [] : show('What is wrong', info)),
    ...(facts
      ? [
          ...show('Ready', facts.ready),
          ...show('Address', facts.address ?? 'none'),
          ...show('Kernel', `${facts.kernel}, ${facts.osImage}`),
          ...show('calico-node', podText(facts.pod)),
        ]
      : show('Kubernetes', 'the API has no such node, or nodes could not be listed')),
    ...show('Seen', seenText(entry.bgp, state)),
    empty,
    heading('MTU'),
    ...mtuLines(row, state, width),
    empty,
    heading('BGP sessions'),
    ...sessionLines(row, state, width),
    empty,
    heading('Environment of calico-node'),
    ...envLines(state, width),
  ]
}

const podText = (pod: NonNullable<NodeRow['entry']['facts']>['pod']) =>
  pod.known
    ? `${pod.value.version}, ${pod.value.namespace}/${pod.value.name}, ${pod.value.state}, ${pod.value.ready ? 'ready' : 'not ready'}, ${pod.value.restarts} restarts`
    : unseenText(pod)
const unseenText = ({why, detail}: {why: keyof typeof whyText; detail: string}) => `not seen: ${whyText[why]}, ${detail}`

/** When, and since when no more. */
export function seenText({at, trouble, partial}: Kept<unknown>, {now, frozen}: Pick<State, 'now' | 'frozen'>): string {
  const seen = at === undefined ? 'never' : frozen ? 'when the bundle was made' : `${ageText(now - at)} ago`
  const lost = trouble ? `; not since ${ageText(now - trouble.since)}: ${whyText[trouble.why]}, ${trouble.detail}` : ''
  return `${seen}${lost}${partial === undefined ? '' : `; in part: ${partial}`}`
}

function mtuLines({entry: {mtus}}: NodeRow, state: State, width: number): Line[] {
  const show = (label: string, text: string) => field(label, safe(text, state.look, 500), width)
  const {value} = mtus
  if (!value) return show('', mtus.trouble ? unseenText(mtus.trouble) : 'not asked yet')
  return [
    ...show('NIC', value.nic ? `${value.nic.mtu} (${value.nic.name})` : 'could not be told'),
    ...value.tunnels.flatMap(({name, mtu}) => show(name, String(mtu))),
    ...show('Pods', value.pods === null ? 'no pod has an interface here' : `${value.pods}, the largest`),
    ...show('Felix computed', value.felix.known ? `${value.felix.value} (/var/lib/calico/mtu)` : unseenText(value.felix)),
    ...value.untold.flatMap(text => show('', text)),
    ...(mtus.trouble ? show('Seen', seenText(mtus, state)) : []),
  ]
}

/** So many in a page; the view of all peers has a filter. */
const mostSessions = 500
function sessionLines({entry}: NodeRow, state: State, width: number): Line[] {
  const rows = (peers.rows(state) as readonly PeerRow[]).filter(row => row.entry === entry)
  const lines = rows
    .slice(0, mostSessions)
    .map(({session, info, mark, flaps}) =>
      line(
        '  ',
        markCell(mark, state.look),
        ` ${padded(safe(session?.peerNode ?? session?.peerAddress ?? '-', state.look), 24, state.look)}  ${padded(safe(session?.peerAddress ?? '', state.look), 16, state.look)}  ${flaps ? `${flaps.count} flaps  ` : ''}`,
        safe(info, state.look).slice(0, width),
      ),
    )
  if (rows.length > mostSessions) lines.push(line(`  +${rows.length - mostSessions} more: key 2, then /${safe(entry.name, state.look)}`))
  const {value} = entry.bgp
  return lines.length > 0
    ? lines
    : [line(`  ${value?.off !== undefined ? `no BGP here: ${safe(value.off, state.look)}` : value ? 'none that is worth a line' : 'not seen'}`)]
}

function envLines({cluster, look}: State, width: number): Line[] {
  const env: Collected<Readonly<Record<string, EnvValue>>> | undefined = cluster?.env
  if (!env?.known) return [line(`  ${env ? safe(unseenText(env), look) : 'not asked yet'}`)]
  return Object.entries(env.value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([name, {value, source, unresolved}]) => envLine(name, value ?? `(${unresolved ?? 'from elsewhere'})`, source, look, width))
}
const envLine = (name: string, value: string, source: string, look: State['look'], width: number): Line[] => [
  line('  ', safe(`${name}=${value}`, look, Math.max(20, width - 4)), {text: `  ${safe(source, look)}`, style: 'dim'}),
]

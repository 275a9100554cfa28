import {whyText} from '../../reporters/causes.ts'
import {ageText} from '../ages.ts'
import {type Line, line, type Span, safe} from '../line.ts'
import {field} from '../page.ts'
import type {State} from '../state.ts'
import {markCell} from '../tables/marks.ts'
import type {PeerRow} from '../tables/peers.ts'

/** All that is known of one session. */
export function sessionPage({entry, session, mark, info, flaps}: PeerRow, state: State, width: number): Line[] {
  const {look, now} = state
  const {bgp} = entry
  const show = (label: string, text: string | number | null | undefined, sign?: Span) =>
    text === null || text === undefined ? [] : field(label, safe(String(text), look, 1_000), width, sign && {mark: sign})
  const title = session ? `${safe(entry.name, look)} to ${safe(session.peerNode ?? session.peerAddress, look)}` : safe(entry.name, look)
  const daemon = bgp.value?.daemons.find(({family}) => family === session?.family)
  return [
    line(markCell(mark, look), ' ', {text: title, style: 'strong'}),
    ...show('Info', info),
    ...(session
      ? [
          ...show('Protocol state', session.state),
          ...show('Since', `${session.since} (the daemon's clock)`),
          ...show('Type', session.peerType),
          ...show('Peer', `${session.peerAddress}${session.peerPort === null ? '' : ` port ${session.peerPort}`}`),
          ...show('Peer node', session.peerNode ?? 'none of this cluster has that address'),
          ...show('Family', session.family),
          ...wideFields(session.wide, show),
        ]
      : []),
    ...show('BIRD', daemon?.version),
    ...show('Flaps', flaps ? `${flaps.count} since ${ageText(now - state.startedAt)}, the last ${ageText(now - flaps.last)} ago` : 'none seen since the start'),
    ...show('Seen', bgp.at === undefined ? 'never' : state.frozen ? 'when the bundle was made' : `${ageText(now - bgp.at)} ago`),
    ...(bgp.trouble
      ? show('Not seen since', `${ageText(now - bgp.trouble.since)}: ${whyText[bgp.trouble.why]}, ${bgp.trouble.detail}`, markCell('unknown', look))
      : []),
  ]
}

type Show = (label: string, text: string | number | null | undefined) => Line[]
function wideFields(wide: NonNullable<PeerRow['session']>['wide'], show: Show): Line[] {
  if (!wide) return show('Routes', 'not asked (bundle collect --wide asks for every session in full)')
  return [
    ...show('AS', wide.as),
    ...show('Routes in', wide.imported),
    ...show('Routes out', wide.exported),
    ...show('Hold timer', wide.holdTimer),
    ...show('Last error', wide.lastError),
  ]
}

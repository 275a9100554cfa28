import type {Collected} from '../engine/collected.ts'
import {type BgpSession, type BgpSessionDetail, isEstablished} from './bgp-session.ts'
import {keep} from './keep.ts'
import type {NodeStatusOptions, PeerType, SessionRow, WideColumns} from './node-status-model.ts'
import {addressKey, type PeerNames} from './peer-names.ts'

/** One row a session, as operators know them from calicoctl. */
export function sessionRows(
  sessions: readonly BgpSession[],
  details: Collected<readonly BgpSessionDetail[]>,
  {peers, wide, port}: Pick<NodeStatusOptions, 'wide'> & {readonly peers: PeerNames; readonly port: (session: BgpSession) => number},
): SessionRow[] {
  const speaker = (session: BgpSession) => `${session.peer || session.name} ${port(session)}`
  const byName = new Map(details.known ? details.value.map(detail => [detail.name, detail]) : [])
  const established = new Set(sessions.filter(isEstablished).map(speaker))
  return sessions.map(session => {
    const detail = byName.get(session.name)
    // BIRD's own word for the neighbour is authoritative; the name is what confd made of it.
    const peerAddress = detail?.neighborAddress ?? (session.peer || session.name)
    return {
      family: session.family === 4 ? 'IPv4' : 'IPv6',
      peerAddress,
      peerPort: session.port ?? null,
      peerType: peerTypes[session.type],
      peerNode: peers(peerAddress),
      state: session.state,
      since: session.since,
      // BIRD's words are shared between sessions: nothing is made anew for a million that are well.
      info: session.error === '' ? session.bgpState : keep(`${session.bgpState} ${session.error}`.trimStart()),
      status: isEstablished(session) ? 'established' : established.has(speaker(session)) ? 'duplicate' : 'down',
      ...(wide && {wide: wideOf(detail)}),
    }
  })
}

const peerTypes: Readonly<Record<BgpSession['type'], PeerType>> = {
  mesh: 'node-to-node mesh',
  node: 'node specific',
  global: 'global',
  'local-workload': 'local workload',
  other: 'other',
}

const wideOf = (detail: BgpSessionDetail | undefined): WideColumns => ({
  as: detail?.neighborAs ?? null,
  imported: detail?.imported ?? null,
  exported: detail?.exported ?? null,
  holdTimer: detail?.holdTimer ?? null,
  lastError: detail?.lastError ?? null,
})

/** Sessions that are down first, then by family and address. */
export function inOrder(rows: readonly SessionRow[]): SessionRow[] {
  const keyed = rows.map(row => ({row, key: `${rank[row.status]} ${row.family} ${addressKey(row.peerAddress)} ${row.peerType}`}))
  return keyed.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0)).map(({row}) => row)
}
const rank = {down: 0, duplicate: 1, established: 2}

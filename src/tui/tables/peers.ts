import {daemonsDown, type PeerType, type SessionRow} from '../../calico/node-status-model.ts'
import {addressKey} from '../../calico/peer-names.ts'
import {whyText} from '../../reporters/causes.ts'
import type {Mark} from '../../reporters/screen.ts'
import {ageCell, isStale} from '../ages.ts'
import {sessionKey} from '../flaps.ts'
import {inOrderOf, naturalKey} from '../natural.ts'
import {remember, rememberEach} from '../remember.ts'
import type {Flaps, NodeEntry} from '../state.ts'
import type {Table} from '../table.ts'
import {markCell, rankOf} from './marks.ts'

/** One session; or a node of which there is something to say instead: BIRD does not run, or was never seen. */
export interface PeerRow {
  readonly key: string
  readonly entry: NodeEntry
  readonly session?: SessionRow
  readonly mark: Mark
  readonly info: string
  readonly flaps?: Flaps
  readonly order: string
}

/** A mesh of 1,000 nodes has a million sessions: beyond so many, those that are well are counted only. */
const mostRows = 20_000

const rowsOfNode = rememberEach((entry: NodeEntry): readonly PeerRow[] => [...withoutSession(entry), ...sessionsOf(entry, false)])
/** A million rows that are not shown would take 300 MB. */
const problemsOfNode = rememberEach((entry: NodeEntry): readonly PeerRow[] => [...withoutSession(entry), ...sessionsOf(entry, true)])

function sessionsOf(entry: NodeEntry, problemsOnly: boolean): PeerRow[] {
  return (entry.bgp.value?.rows ?? []).flatMap((session, index) => {
    if (problemsOnly && session.status === 'established') return []
    const own = sessionKey(session)
    const flaps = Object.hasOwn(entry.flaps, own) ? entry.flaps[own] : undefined
    const mark = session.status === 'down' ? 'error' : session.status === 'duplicate' ? 'not-applicable' : 'pass'
    const info = session.status === 'duplicate' ? `${session.info} (this peer is established already)` : session.info
    const order = orderOf(mark, entry, addressKey(session.peerAddress))
    return [{key: `${entry.name} ${own} ${index}`, entry, session, mark, info, order, ...(flaps && {flaps})}]
  })
}

/** A node that tells nothing must not be missing without a word. */
function withoutSession(entry: NodeEntry): PeerRow[] {
  const {bgp, name} = entry
  if (!bgp.value) {
    if (!bgp.trouble) return []
    return [
      {key: `${name} unseen`, entry, mark: 'unknown', info: `not seen: ${whyText[bgp.trouble.why]}, ${bgp.trouble.detail}`, order: orderOf('unknown', entry)},
    ]
  }
  return daemonsDown(bgp.value).map(({family, reason}) => ({
    key: `${name} ${family} daemon`,
    entry,
    mark: 'error',
    info: `BIRD for ${family} is not running: ${reason ?? ''}`,
    // Its peers' sessions are down because of it: it comes first.
    order: `${rankOf('error')}!${orderOf('error', entry)}`,
  }))
}

const orderOf = (mark: Mark, {name}: NodeEntry, rest = '') => `${rankOf(mark)}"${naturalKey(name)} ${rest}`

const counted = remember((nodes: ReadonlyMap<string, NodeEntry>) => {
  let sessions = 0
  for (const {bgp} of nodes.values()) sessions += bgp.value?.rows.length ?? 0
  return {sessions, tooMany: sessions > mostRows}
})

const peerRows = remember((nodes: ReadonlyMap<string, NodeEntry>): readonly PeerRow[] => {
  const rowsOf = counted(nodes).tooMany ? problemsOfNode : rowsOfNode
  const rows: PeerRow[] = []
  for (const entry of nodes.values()) rows.push(...rowsOf(entry))
  return inOrderOf(rows)
})

const shortType: Readonly<Record<PeerType, string>> = {
  'node-to-node mesh': 'mesh',
  'node specific': 'node',
  global: 'global',
  'local workload': 'local',
  other: 'other',
}
const addressOf = ({session}: PeerRow) => (session ? session.peerAddress + (session.peerPort === null ? '' : ` ${session.peerPort}`) : '-')
const count = (value: number | null | undefined) => (value === null || value === undefined ? '-' : String(value))

export const peers: Table<PeerRow> = {
  columns: [
    {title: '', min: 1, cell: (row, {look}) => markCell(row.mark, look)},
    {title: 'NODE', min: 9, wanted: row => row.entry.name, cell: row => row.entry.name, sort: row => naturalKey(row.entry.name)},
    {title: 'PEER', min: 10, wanted: addressOf, cell: addressOf, sort: row => addressKey(row.session?.peerAddress ?? '')},
    {
      title: 'PEER NODE',
      min: 9,
      wanted: row => row.session?.peerNode ?? '',
      cell: row => row.session?.peerNode ?? '-',
      sort: row => naturalKey(row.session?.peerNode ?? ''),
    },
    {
      title: 'TYPE',
      min: 6,
      drop: 5,
      cell: row => (row.session ? shortType[row.session.peerType] : '-'),
      sort: row => (row.session ? shortType[row.session.peerType] : undefined),
    },
    {title: 'STATE', min: 5, drop: 6, cell: row => row.session?.state ?? '-', sort: row => row.session?.state},
    {title: 'SINCE', min: 8, wanted: row => row.session?.since ?? '', cell: row => row.session?.since ?? '-', sort: row => row.session?.since},
    {
      title: 'IN',
      min: 5,
      align: 'right',
      drop: 8,
      cell: row => count(row.session?.wide?.imported),
      sort: row => row.session?.wide?.imported ?? undefined,
    },
    {
      title: 'OUT',
      min: 5,
      align: 'right',
      drop: 8,
      cell: row => count(row.session?.wide?.exported),
      sort: row => row.session?.wide?.exported ?? undefined,
    },
    {
      title: 'FLAPS',
      min: 5,
      align: 'right',
      drop: 1,
      cell: row => (row.flaps ? {text: String(row.flaps.count), style: 'warn'} : row.session ? '0' : '-'),
      sort: row => row.flaps?.count ?? 0,
    },
    {title: 'AGE', min: 4, align: 'right', cell: (row, state) => ageCell(row.entry.bgp, state), sort: row => row.entry.bgp.at},
    {
      title: 'INFO AND LAST ERROR',
      min: 18,
      cell: row => ({text: infoText(row), ...(row.mark === 'error' && {style: 'bad' as const})}),
      sort: row => row.info,
    },
  ],
  rows: ({nodes}) => peerRows(nodes),
  key: row => row.key,
  text: ({entry, session, info}) =>
    `${entry.name} ${session?.peerAddress ?? ''} ${session?.peerNode ?? ''} ${session?.peerType ?? ''} ${session?.state ?? ''} ${info} ${session?.wide?.lastError ?? ''}`,
  across: row => (row.session ? undefined : {from: 2, text: infoText(row), ...(row.mark === 'error' && {style: 'bad' as const})}),
  stale: (row, state) => isStale(row.entry.bgp, state),
  none: ({nodes}) => (nodes.size === 0 ? 'No node was seen yet.' : noSessions(nodes)),
  note: ({nodes}) =>
    counted(nodes).tooMany
      ? `over ${mostRows.toLocaleString('en')} sessions: only those that are not established, of ${counted(nodes).sessions.toLocaleString('en')}`
      : undefined,
}

/** What broke the session last, where it is up again; and why the node says no more. */
function infoText({info, session, entry}: PeerRow): string {
  const {trouble} = entry.bgp
  const last = session?.wide?.lastError && !info.includes(session.wide.lastError) ? `; last error ${session.wide.lastError}` : ''
  return trouble && entry.bgp.value ? `[${whyText[trouble.why]}] ${info}${last}` : `${info}${last}`
}

function noSessions(nodes: ReadonlyMap<string, NodeEntry>): string {
  const entries = [...nodes.values()]
  if (counted(nodes).tooMany) return 'Every session is established.'
  const off = entries.find(({bgp}) => bgp.value?.off !== undefined)?.bgp.value?.off
  if (off !== undefined) return `No BGP here: ${off}.`
  return entries.some(({bgp}) => bgp.value) ? 'No node has a BGP session.' : 'The nodes were not asked yet.'
}

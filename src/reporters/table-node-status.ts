import {nodeList} from '../calico/node-list.ts'
import {daemonsDown, type NodeSessions, type NodeStatus, type SessionRow} from '../calico/node-status-model.ts'
import {causes, whyText} from './causes.ts'
import {type Mark, type Pen, penFor, type Screen} from './screen.ts'
import {sessionsByWords} from './sessions-by-words.ts'
import {grid} from './table-grid.ts'
import {columns, wrap} from './wrap.ts'

/** Above so many rows only totals and problems are shown: a mesh of 1,000 nodes has a million sessions. */
const mostRows = 2_000

/** The BGP sessions of every node: totals, then node by node, those with problems first. */
export function nodeStatusTable(status: NodeStatus, screen: Screen): string {
  const pen = penFor(screen)
  const brief = hasMany(status.nodes) || status.problemsOnly
  const shown = status.nodes.map(node => (brief ? problemsOf(node) : node)).filter(node => !brief || isProblem(node))
  const sections = [
    [...headline(status, pen), ...(hasMany(status.nodes) ? pen.lines(hasMany(shown) ? tooManyDown : tooMany) : [])],
    ...nodeBlocks(shown, pen),
    brief ? well(status, pen) : [],
    notSeen(status, pen),
    withoutBgp(status, pen),
  ].filter(section => section.length > 0)
  return pen.page(sections.flatMap((section, index) => (index > 0 ? ['', ...section] : section)))
}
const hasMany = (nodes: readonly NodeSessions[]) => nodes.reduce((sum, {rows}) => sum + rows.length, 0) > mostRows
/** More than a page shows one by one. */
export const isHuge = ({totals}: Pick<NodeStatus, 'totals'>): boolean => totals.sessions > mostRows
const limit = mostRows.toLocaleString('en')
const tooMany = `Over ${limit} sessions: totals and problems only; -o json has them all.`
const tooManyDown = `Over ${limit} sessions are down: counted by what BIRD says of them; -o json has them all.`

const isProblem = (node: NodeSessions) => node.down > 0 || daemonsDown(node).length > 0
const problemsOf = (node: NodeSessions): NodeSessions => ({...node, rows: node.rows.filter(row => row.status === 'down')})

function headline({totals, withoutBgp: off}: NodeStatus, pen: Pen): string[] {
  const {sessions, established, down, daemonsDown: dead, nodes, seen} = totals
  if (sessions === 0 && dead === 0 && off && off.nodes.length === nodes) return []
  const bad = down > 0 || dead > 0
  const mark = bad ? 'error' : seen < nodes || nodes === 0 ? 'unknown' : sessions === 0 ? 'not-applicable' : 'pass'
  const parts = [
    sessions === 0 ? (seen < nodes || nodes === 0 ? 'no BGP session was seen' : 'no BGP sessions') : `${established} of ${sessions} BGP sessions established`,
    ...(down > 0 ? [`${down} down`] : []),
    ...(sessions - established - down > 0 ? [`${sessions - established - down} duplicate`] : []),
    ...(dead > 0 ? [`${dead} BIRD ${dead === 1 ? 'daemon' : 'daemons'} not running`] : []),
    `${seen} of ${nodes} ${nodes === 1 ? 'node' : 'nodes'} seen`,
  ]
  return pen.lines(parts.join(', '), `${pen.mark(mark)} `, 2)
}

function nodeBlocks(nodes: readonly NodeSessions[], pen: Pen): string[][] {
  if (hasMany(nodes)) return nodes.map(node => [...nodeLines(node, pen), ...sessionsByWords(node.rows, pen)])
  const widths = widthsOf(
    nodes.flatMap(node => node.rows),
    pen,
  )
  return nodes.map(node => [...nodeLines(node, pen), ...sessionTable(node.rows, widths, pen)])
}

function nodeLines(node: NodeSessions, pen: Pen): string[] {
  const {detailsNotSeen: unseen} = node
  return [
    ...pen.lines(totalsLine(node, pen), `${pen.mark(markOf(node))} `, 2),
    ...daemonLines(node, pen),
    ...(unseen ? pen.lines(`details not seen (${whyText[unseen.why]}): ${pen.safe(unseen.detail)}`, '  ? ') : []),
  ]
}

function sessionTable(rows: readonly SessionRow[], widths: readonly (number | null)[], pen: Pen): string[] {
  const [first] = rows
  if (!first) return []
  return grid([headOf(first, pen), ...rows.map(row => wrapInfo(cellsOf(row, pen), widths, pen))], {indent: 2, widths})
}

/** No session at all is neither well nor ill: a single node has none. */
function markOf(node: NodeSessions): Mark {
  if (isProblem(node)) return 'error'
  if (!node.whole) return 'unknown'
  return node.sessions === 0 ? 'not-applicable' : 'pass'
}

function totalsLine({node, sessions, established, down, whole}: NodeSessions, pen: Pen): string {
  const duplicates = sessions - established - down
  const text = sessions === 0 ? 'no BGP sessions' : `${established} of ${sessions} sessions established`
  return `${pen.name(node)}: ${text}${duplicates > 0 ? `, ${duplicates} duplicate` : ''}${whole ? '' : ', not all of it seen'}`
}

function daemonLines(node: NodeSessions, pen: Pen): string[] {
  return node.daemons.flatMap(({running, expected, family, reason}) => {
    if (running || expected === 'no') return []
    const doubt = expected === 'unknown' ? ` Whether this node uses ${family} could not be seen.` : ''
    return pen.lines(`BIRD for ${family} is not running: ${pen.safe(reason ?? '')}.${doubt}`, `  ${pen.mark(expected === 'yes' ? 'error' : 'unknown')} `, 4)
  })
}

function headOf({wide}: SessionRow, pen: Pen): string[] {
  const head = [
    '',
    'Peer address',
    'Peer node',
    'Peer type',
    'State',
    'Since',
    'Info',
    ...(wide ? ['AS', 'Imported', 'Exported', 'Hold timer', 'Last error'] : []),
  ]
  return head.map(word => (word === '' ? word : pen.dim(word)))
}

function cellsOf(row: SessionRow, pen: Pen): string[] {
  const {peerAddress, peerPort, peerNode, peerType, state, since, wide} = row
  const address = peerPort === null ? peerAddress : peerAddress.includes(':') ? `[${peerAddress}]:${peerPort}` : `${peerAddress}:${peerPort}`
  const cells = [row.status === 'down' ? pen.mark('error') : ' ', pen.name(address), pen.name(peerNode ?? '-'), peerType, pen.name(state), pen.name(since)]
  const info = `${pen.safe(row.info)}${row.status === 'duplicate' ? ' (this peer is established already)' : ''}`
  if (!wide) return [...cells, info]
  const cell = (value: string | number | null) => (value === null ? '-' : pen.name(String(value)))
  return [...cells, info, cell(wide.as), cell(wide.imported), cell(wide.exported), cell(wide.holdTimer), cell(wide.lastError)]
}

/** The last column gets what the others leave of the line; `-o wide` is as wide as it is. */
function wrapInfo(row: readonly string[], widths: readonly (number | null)[], {screen}: Pen): string[] {
  if (row.length > infoColumn + 1) return [...row]
  const others = widths.slice(0, infoColumn).reduce<number>((sum, width) => sum + (width ?? 0), 2)
  return [...row.slice(0, infoColumn), wrap(row[infoColumn]!, Math.max(20, screen.width - others)).join('\n')]
}
const infoColumn = 6

/** Columns shared by the tables of all nodes. */
function widthsOf(rows: readonly SessionRow[], pen: Pen): number[] {
  if (rows.length === 0) return []
  const plain = {...pen, mark: () => ' ', dim: (text: string) => text}
  const cells = [headOf(rows[0]!, plain), ...rows.map(row => cellsOf(row, plain))]
  return cells[0]!
    .slice(0, cells[0]!.length === infoColumn + 1 ? -1 : undefined)
    .map((_, column) => cells.reduce((widest, row) => Math.max(widest, columns(row[column]!)), 1) + 2)
}

function well({totals: {healthy}}: NodeStatus, pen: Pen): string[] {
  return healthy > 0 ? pen.lines(`${healthy} ${healthy === 1 ? 'node' : 'nodes'}: no session down`, `${pen.mark('pass')} `, 2) : []
}

function notSeen({notSeen: unseen}: NodeStatus, pen: Pen): string[] {
  if (unseen.length === 0) return []
  const items = unseen.map(({node, why, detail, family}) => ({why, detail: family === null ? detail : `${family}: ${detail}`, node: node ?? undefined}))
  return [`${pen.mark('unknown')} Not seen`, ...causes(items, pen).flatMap(line => pen.lines(line, '  '))]
}

function withoutBgp({withoutBgp: off}: NodeStatus, pen: Pen): string[] {
  return off ? pen.lines(`No BGP on ${nodeList(off.nodes.map(pen.name))}: ${pen.safe(off.reason)}`, `${pen.mark('not-applicable')} `, 2) : []
}

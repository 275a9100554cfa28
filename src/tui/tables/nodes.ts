import {daemonsDown} from '../../calico/node-status-model.ts'
import {whyText} from '../../reporters/causes.ts'
import type {Mark} from '../../reporters/screen.ts'
import {ageCell, isStale} from '../ages.ts'
import {inOrderOf, naturalKey} from '../natural.ts'
import {remember, rememberEach} from '../remember.ts'
import type {NodeEntry} from '../state.ts'
import type {Beside, Cell, Table} from '../table.ts'
import {markCell, rankOf} from './marks.ts'

export interface NodeRow {
  readonly entry: NodeEntry
  readonly mark: Mark
  readonly sessions: {readonly up: number; readonly total: number} | undefined
  /** Columns in which this node differs from nearly all others. */
  readonly odd: ReadonlySet<Compared>
  readonly info: string
  readonly order: string
}
/** What should be the same on all nodes, as text; undefined: not seen. */
const compared = {
  version: ({facts}: NodeEntry) => (facts?.pod.known ? facts.pod.value.version : undefined),
  nic: ({mtus}: NodeEntry) => textOf(mtus.value?.nic?.mtu),
  tunnel: ({mtus}: NodeEntry) => (mtus.value && mtus.value.tunnels.length > 0 ? mtus.value.tunnels.map(({mtu}) => mtu).join('/') : undefined),
  pods: ({mtus}: NodeEntry) => textOf(mtus.value?.pods ?? undefined),
  kernel: ({facts}: NodeEntry) => facts?.kernel,
}
type Compared = keyof typeof compared
const textOf = (value: number | undefined) => (value === undefined ? undefined : String(value))

/** What more than half of the nodes have in common; of fewer than three nothing is odd. */
const usual = remember((nodes: ReadonlyMap<string, NodeEntry>): Common => {
  const entries = [...nodes.values()]
  return Object.fromEntries(
    (Object.keys(compared) as Compared[]).flatMap(field => {
      const values = entries.flatMap(entry => compared[field](entry) ?? [])
      const [most] = [...Map.groupBy(values, value => value)].sort(([, a], [, b]) => b.length - a.length)
      return most && values.length > 2 && most[1].length > values.length / 2 ? [[field, most[0]]] : []
    }),
  )
})

const nodeRows = remember((nodes: ReadonlyMap<string, NodeEntry>): readonly NodeRow[] => {
  const row = rowsBeside(JSON.stringify(usual(nodes)))
  return inOrderOf(Array.from(nodes.values(), row))
})
/** A row changes with its node, and with what is usual. */
const rowsBeside = remember((common: string) => {
  const parsed = JSON.parse(common) as Common
  return rememberEach((entry: NodeEntry) => rowOf(entry, parsed))
})
type Common = Readonly<Partial<Record<Compared, string>>>

function rowOf(entry: NodeEntry, common: Common): NodeRow {
  const fields = Object.keys(compared) as Compared[]
  const odd = new Set(
    fields.filter(field => {
      const value = compared[field](entry)
      return value !== undefined && common[field] !== undefined && value !== common[field]
    }),
  )
  const rows = entry.bgp.value?.rows
  const sessions = rows && {up: rows.filter(({status}) => status !== 'down').length, total: rows.length}
  const [mark, info] = judged(entry, sessions, odd)
  return {entry, sessions, odd, mark, info, order: `${rankOf(mark)}${weightOf(entry, sessions)} ${naturalKey(entry.name)}`}
}

/** When one node is ill, a session of each other node is down too: the one that causes it comes first. */
function weightOf({facts, bgp}: NodeEntry, sessions: NodeRow['sessions']): number {
  const pod = facts?.pod
  if ((facts && facts.ready !== 'True') || (pod?.known && !pod.value.ready) || (bgp.value && daemonsDown(bgp.value).length > 0)) return 0
  return sessions && sessions.up === 0 && sessions.total > 0 ? 1 : 2
}

/** The worst that is to say of the node, in a few words. */
function judged(entry: NodeEntry, sessions: NodeRow['sessions'], odd: ReadonlySet<Compared>): [Mark, string] {
  const {facts, bgp} = entry
  const pod = facts?.pod
  const dead = bgp.value ? daemonsDown(bgp.value) : []
  const bad = [
    ...(facts && facts.ready !== 'True' ? [facts.ready === 'Unknown' ? 'its kubelet is silent' : 'not ready'] : []),
    ...(pod?.known && pod.value.state !== 'running' ? [`calico-node ${pod.value.state}`] : pod?.known && !pod.value.ready ? ['calico-node is not ready'] : []),
    ...(pod && !pod.known && pod.why === 'absent' ? [pod.detail] : []),
    ...dead.map(({family}) => `BIRD for ${family} is not running`),
    ...(sessions && sessions.up < sessions.total ? [`${sessions.total - sessions.up} sessions down`.replace(/^1 sessions/, '1 session')] : []),
  ]
  const unseen = [
    ...(bgp.trouble ? [`${bgp.value ? 'last state' : 'not seen'}: ${whyText[bgp.trouble.why]}, ${bgp.trouble.detail}`] : []),
    ...(pod && !pod.known && pod.why !== 'absent' ? [`pod not seen: ${whyText[pod.why]}`] : []),
    ...(bgp.partial === undefined ? [] : [bgp.partial]),
  ]
  const strange = odd.size > 0 ? [`differs in ${[...odd].map(field => words[field]).join(', ')}`] : []
  const info = [...bad, ...unseen, ...strange].join('; ')
  const mark = bad.length > 0 ? 'error' : odd.size > 0 ? 'warning' : unseen.length > 0 || !bgp.at ? 'unknown' : 'pass'
  return [mark, info]
}
const words: Readonly<Record<Compared, string>> = {version: 'version', nic: 'NIC MTU', tunnel: 'tunnel MTU', pods: 'pod MTU', kernel: 'kernel'}

/** `1430!`: odd ones have a sign beside the colour. */
function comparedCell(field: Compared): (row: NodeRow) => Cell {
  return ({entry, odd}) => {
    const value = compared[field](entry) ?? '-'
    return odd.has(field) ? {text: `${value}!`, style: 'warn'} : {text: value}
  }
}
const sortOf = (field: Compared) => (row: NodeRow) => naturalKey(compared[field](row.entry) ?? '')

const readyCell = ({entry: {facts}}: NodeRow): Cell =>
  !facts ? {text: '-'} : facts.ready === 'True' ? {text: 'yes'} : {text: facts.ready === 'False' ? 'NO' : '?', style: 'bad'}
const restartsOf = ({entry: {facts}}: NodeRow) => (facts?.pod.known ? facts.pod.value.restarts : undefined)
const sessionsText = ({sessions, entry}: NodeRow) => (sessions ? `${sessions.up}/${sessions.total}` : entry.bgp.value?.off === undefined ? '-' : 'off')
const dataplaneText = (_: NodeRow, {cluster}: Beside) => (cluster?.cluster.dataplane.known ? cluster.cluster.dataplane.value : '-')

export const nodes: Table<NodeRow> = {
  columns: [
    {title: '', min: 1, cell: (row, {look}) => markCell(row.mark, look)},
    {title: 'NODE', min: 9, wanted: row => row.entry.name, cell: row => row.entry.name, sort: row => naturalKey(row.entry.name)},
    {title: 'READY', min: 5, cell: readyCell, sort: row => row.entry.facts?.ready},
    {title: 'VERSION', min: 8, wanted: row => `${compared.version(row.entry) ?? ''}!`, cell: comparedCell('version'), sort: sortOf('version')},
    {
      title: 'BGP UP',
      min: 6,
      align: 'right',
      cell: row => ({text: sessionsText(row), ...(row.sessions && row.sessions.up < row.sessions.total && {style: 'bad' as const})}),
      sort: row => row.sessions && row.sessions.total - row.sessions.up,
    },
    {title: 'RST', min: 3, align: 'right', drop: 2, cell: row => textOf(restartsOf(row)) ?? '-', sort: restartsOf},
    {title: 'NIC', min: 5, align: 'right', drop: 3, cell: comparedCell('nic'), sort: sortOf('nic')},
    {title: 'TUNNEL', min: 6, align: 'right', drop: 4, cell: comparedCell('tunnel'), sort: sortOf('tunnel')},
    {title: 'PODS', min: 5, align: 'right', drop: 3, cell: comparedCell('pods'), sort: sortOf('pods')},
    {title: 'KERNEL', min: 10, drop: 7, wanted: row => `${row.entry.facts?.kernel ?? ''}!`, cell: comparedCell('kernel'), sort: sortOf('kernel')},
    {title: 'DATAPLANE', min: 9, drop: 8, cell: dataplaneText},
    {title: 'AGE', min: 4, align: 'right', cell: (row, state) => ageCell(row.entry.bgp, state), sort: row => row.entry.bgp.at},
    {title: 'WHAT IS WRONG', min: 22, cell: row => ({text: row.info, ...(row.mark === 'error' && {style: 'bad' as const})}), sort: row => row.info},
  ],
  rows: ({nodes}) => nodeRows(nodes),
  key: row => row.entry.name,
  text: ({entry, info}) => `${entry.name} ${(Object.keys(compared) as Compared[]).map(field => compared[field](entry) ?? '').join(' ')} ${info}`,
  stale: (row, state) => isStale(row.entry.bgp, state),
  none: ({cluster}) =>
    cluster && !cluster.nodes.known ? `Nodes were not seen: ${whyText[cluster.nodes.why]}, ${cluster.nodes.detail}` : 'No node was seen yet.',
}

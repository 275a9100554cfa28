import type {Collected} from '../../engine/collected.ts'
import {whyText} from '../../reporters/causes.ts'
import type {Mark} from '../../reporters/screen.ts'
import {ageCell, isStale} from '../ages.ts'
import {bytesText, countText, secondsText, shareText} from '../amounts.ts'
import type {FelixNumbers} from '../model.ts'
import {inOrderOf, naturalKey} from '../natural.ts'
import {remember, rememberEach} from '../remember.ts'
import {spark} from '../spark.ts'
import type {NodeEntry, Series} from '../state.ts'
import type {Cell, Column, Table} from '../table.ts'
import {markCell, rankOf} from './marks.ts'

export interface FelixRow {
  readonly entry: NodeEntry
  readonly mark: Mark
  readonly info: string
  readonly order: string
}

const rowOf = rememberEach((entry: NodeEntry): FelixRow => {
  const [mark, info] = judged(entry)
  return {entry, mark, info, order: `${rankOf(mark)} ${naturalKey(entry.name)}`}
})
const felixRows = remember((nodes: ReadonlyMap<string, NodeEntry>): readonly FelixRow[] => inOrderOf(Array.from(nodes.values(), rowOf)))

function judged({felix, history}: NodeEntry): [Mark, string] {
  const {value, trouble} = felix
  if (!value) return trouble ? ['unknown', `not seen: ${whyText[trouble.why]}, ${trouble.detail}`] : ['unknown', 'not asked yet']
  const rising = Object.entries(history.errorRates).filter(([, rate]) => rate > 0)
  const resync = value.resyncState.known && value.resyncState.value !== 'in-sync' ? [`not in sync with the datastore: ${value.resyncState.value}`] : []
  const errors = rising.map(([kind, rate]) => `${kind} errors, ${countText(rate)}/min`)
  const unseen = trouble ? [`last state: ${whyText[trouble.why]}, ${trouble.detail}`] : []
  const info = [...resync, ...errors, ...unseen].join('; ')
  return [errors.length > 0 || resync.length > 0 ? 'warning' : unseen.length > 0 ? 'unknown' : 'pass', info]
}

/** What was not seen says why, in one word; it is never 0. */
function cellOf<T>(entry: NodeEntry, of: (numbers: FelixNumbers) => Collected<T>, text: (value: T) => string): Cell {
  const {value} = entry.felix
  const collected = value && of(value)
  if (!collected) return {text: '-'}
  return collected.known ? {text: text(collected.value)} : {text: whyText[collected.why], style: 'dim'}
}
const numberOf = (entry: NodeEntry, of: (numbers: FelixNumbers) => Collected<number>) => {
  const collected = entry.felix.value && of(entry.felix.value)
  return collected?.known ? collected.value : undefined
}
/** Of all programs of a kind: `iptables` and `nft`, `ipsets`, `routes`. */
const programmed =
  (kinds: RegExp) =>
  ({programmed: all}: FelixNumbers): Collected<number> => {
    if (!all.known) return all
    const counts = Object.entries(all.value).flatMap(([kind, count]) => (kinds.test(kind) ? [count] : []))
    return counts.length > 0
      ? {known: true, value: counts.reduce((sum, count) => sum + count, 0)}
      : {known: false, why: 'absent', detail: 'Felix has no such metric'}
  }

interface Measured {
  readonly title: string
  readonly drop?: number
  readonly of: (numbers: FelixNumbers) => Collected<number>
  readonly text: (value: number) => string
}
const number = ({title, drop, of, text}: Measured): Column<FelixRow> => ({
  title,
  min: 6,
  align: 'right',
  ...(drop !== undefined && {drop}),
  cell: ({entry}) => cellOf(entry, of, text),
  sort: ({entry}) => numberOf(entry, of),
})
const sparkWidth = 6
const sparkline = (drop: number, of: (entry: NodeEntry) => Series): Column<FelixRow> => ({
  title: '',
  min: sparkWidth,
  drop,
  cell: ({entry}, {look}) => ({text: spark(of(entry), sparkWidth, look), style: 'good'}),
})
/** Rates are made of two samples. */
const rate = (title: string, of: (entry: NodeEntry) => Series, text: (value: number) => string): Column<FelixRow> => ({
  title,
  min: 7,
  align: 'right',
  cell: ({entry}) => {
    const last = of(entry).at(-1)
    return last === undefined ? '-' : text(last)
  },
  sort: ({entry}) => of(entry).at(-1),
})

export const felix: Table<FelixRow> = {
  columns: [
    {title: '', min: 1, cell: (row, {look}) => markCell(row.mark, look)},
    {title: 'NODE', min: 9, wanted: row => row.entry.name, cell: row => row.entry.name, sort: row => naturalKey(row.entry.name)},
    {
      title: 'SYNC',
      min: 9,
      cell: ({entry}) =>
        cellOf(
          entry,
          ({resyncState}) => resyncState,
          state => state,
        ),
    },
    number({title: 'ENDPTS', of: ({endpoints}) => endpoints, text: countText}),
    number({title: 'POLICY', drop: 3, of: ({policies}) => policies, text: countText}),
    number({title: 'APPLY', of: ({applySeconds}) => applySeconds, text: secondsText}),
    sparkline(6, ({history}) => history.applySeconds),
    rate('CPU', ({history}) => history.cpu, shareText),
    sparkline(8, ({history}) => history.cpu),
    number({title: 'MEM', of: ({memoryBytes}) => memoryBytes, text: bytesText}),
    sparkline(9, ({history}) => history.memoryBytes),
    rate('ERR/MIN', ({history}) => history.errorRate, countText),
    sparkline(7, ({history}) => history.errorRate),
    number({title: 'RULES', drop: 5, of: programmed(/rules/), text: countText}),
    number({title: 'IPSETS', drop: 10, of: programmed(/^ipsets$/), text: countText}),
    number({title: 'ROUTES', drop: 11, of: programmed(/routes/), text: countText}),
    {title: 'AGE', min: 4, align: 'right', drop: 1, cell: ({entry}, state) => ageCell(entry.felix, state), sort: ({entry}) => entry.felix.at},
    {title: 'WHAT IS WRONG', min: 13, drop: 4, cell: row => row.info, sort: row => row.info},
  ],
  rows: ({nodes}) => felixRows(nodes),
  key: row => row.entry.name,
  text: ({entry, info}) => `${entry.name} ${info}`,
  across: ({entry, info}) => (entry.felix.value ? undefined : {from: 2, text: info}),
  stale: ({entry}, state) => isStale(entry.felix, state),
  none: () => 'No node was seen yet.',
}

import {type Collected, valueOf} from '../../engine/collected.ts'
import {whyText} from '../../reporters/causes.ts'
import type {Mark} from '../../reporters/screen.ts'
import {isStale} from '../ages.ts'
import {countText, secondsText} from '../amounts.ts'
import type {PoolUse, TyphaPod} from '../model.ts'
import {remember} from '../remember.ts'
import type {Kept, PoolPoint, State} from '../state.ts'
import type {Cell, Table} from '../table.ts'
import {markCell} from './marks.ts'

/** A Typha, or an IP pool; `unseen` stands for what of the two was not seen at all. */
export interface CapacityRow {
  readonly key: string
  readonly kind: 'Typha' | 'pool'
  readonly name: string
  readonly mark: Mark
  readonly typha?: TyphaPod
  readonly pool?: PoolUse
  readonly growth?: Growth
  readonly unseen?: string
}
/** A minute. */
export interface Growth {
  readonly used?: number
  readonly blocks?: number
}

const capacityRows = remember((typha: State['typha'], ipam: State['ipam'], pools: State['pools']): readonly CapacityRow[] => [
  ...unseenRow('Typha', typha),
  ...(typha?.value ?? []).map(typhaRow),
  ...unseenRow('pool', ipam),
  ...(ipam?.value ?? []).map(pool => poolRow(pool, growthOf(pools.get(pool.name) ?? []))),
])

function unseenRow(kind: CapacityRow['kind'], kept: Kept<readonly unknown[]> | undefined): CapacityRow[] {
  const name = kind === 'Typha' ? 'Typha' : 'IP pools'
  const row = {key: `${kind} unseen`, kind, name}
  if (!kept) return [{...row, mark: 'unknown', unseen: 'not asked yet'}]
  const {trouble, value} = kept
  if (trouble) {
    const none = trouble.why === 'absent'
    return [
      {
        ...row,
        mark: none ? 'not-applicable' : 'unknown',
        unseen: none ? trouble.detail : `${value ? 'last state' : 'not seen'}: ${whyText[trouble.why]}, ${trouble.detail}`,
      },
    ]
  }
  return value?.length === 0 ? [{...row, mark: 'not-applicable', unseen: 'none'}] : []
}

const typhaRow = (typha: TyphaPod, index: number): CapacityRow => ({
  key: `Typha ${typha.name} ${index}`,
  kind: 'Typha',
  name: typha.name,
  typha,
  mark: typha.ready ? (typha.clients.known ? 'pass' : 'unknown') : 'error',
})

function poolRow(pool: PoolUse, growth: Growth, index = 0): CapacityRow {
  return {key: `pool ${pool.name} ${index}`, kind: 'pool', name: pool.name, pool, growth, mark: poolMark(pool)}
}

/** Above nine tenths of its addresses or of its blocks a pool is nearly used up. */
function poolMark({disabled, used, size, blocks, maxBlocks}: PoolUse): Mark {
  if (disabled) return 'not-applicable'
  const fullest = Math.max((valueOf(used) ?? 0) / size, (valueOf(blocks) ?? 0) / maxBlocks)
  if (fullest >= 1) return 'error'
  if (fullest > 0.9) return 'warning'
  return used.known && blocks.known ? 'pass' : 'unknown'
}

/** Between the first and the last point that has the number. */
function growthOf(points: readonly PoolPoint[]): Growth {
  const [used, blocks] = [perMinute(points, 'used'), perMinute(points, 'blocks')]
  return {...(used !== undefined && {used}), ...(blocks !== undefined && {blocks})}
}
function perMinute(points: readonly PoolPoint[], of: 'used' | 'blocks'): number | undefined {
  const seen = points.filter(point => point[of] !== undefined)
  const [first, last] = [seen[0], seen.at(-1)]
  return first && last && last.at > first.at ? ((last[of]! - first[of]!) * 60_000) / (last.at - first.at) : undefined
}

const cellOf = <T>(collected: Collected<T> | undefined, text: (value: T) => string): Cell =>
  !collected ? {text: '-'} : collected.known ? {text: text(collected.value)} : {text: whyText[collected.why], style: 'dim'}
const signed = (value: number | undefined) => (value === undefined ? '-' : `${value > 0 ? '+' : ''}${countText(value)}`)
const percent = ({pool}: CapacityRow) => (pool?.used.known ? pool.used.value / pool.size : undefined)

/** `[####----]`, ten wide. */
function bar(share: number): string {
  const full = Math.max(0, Math.min(10, Math.round(share * 10)))
  return `[${'#'.repeat(full)}${'-'.repeat(10 - full)}]`
}

export const capacity: Table<CapacityRow> = {
  columns: [
    {title: '', min: 1, cell: (row, {look}) => markCell(row.mark, look)},
    {title: 'KIND', min: 5, cell: row => row.kind, sort: row => row.kind},
    {title: 'NAME', min: 20, wanted: row => row.name, cell: row => row.name, sort: row => row.name},
    {title: 'NODE OR CIDR', min: 14, wanted: row => where(row), cell: row => where(row), sort: row => where(row)},
    {title: 'CLIENTS', min: 9, align: 'right', cell: ({typha}) => cellOf(typha?.clients, countText), sort: ({typha}) => typha && valueOf(typha.clients)},
    {
      title: 'PING',
      min: 9,
      align: 'right',
      drop: 2,
      cell: ({typha}) => cellOf(typha?.pingSeconds, secondsText),
      sort: ({typha}) => typha && valueOf(typha.pingSeconds),
    },
    {title: 'USED', min: 9, align: 'right', cell: ({pool}) => cellOf(pool?.used, countText), sort: ({pool}) => pool && valueOf(pool.used)},
    {title: 'OF', min: 6, align: 'right', cell: ({pool}) => (pool ? countText(pool.size) : '-'), sort: ({pool}) => pool?.size},
    {title: '%', min: 4, align: 'right', cell: row => percentText(percent(row)), sort: percent},
    {title: '', min: 12, drop: 6, cell: row => barOf(percent(row))},
    {title: 'BLOCKS', min: 9, align: 'right', drop: 3, cell: ({pool}) => cellOf(pool?.blocks, countText), sort: ({pool}) => pool && valueOf(pool.blocks)},
    {title: 'OF', min: 6, align: 'right', drop: 4, cell: ({pool}) => (pool ? countText(pool.maxBlocks) : '-'), sort: ({pool}) => pool?.maxBlocks},
    {title: 'USED/MIN', min: 8, align: 'right', drop: 1, cell: row => signed(row.growth?.used), sort: row => row.growth?.used},
    {title: 'BLOCKS/MIN', min: 10, align: 'right', drop: 5, cell: row => signed(row.growth?.blocks), sort: row => row.growth?.blocks},
  ],
  rows: ({typha, ipam, pools}) => capacityRows(typha, ipam, pools),
  key: row => row.key,
  text: row => `${row.kind} ${row.name} ${where(row)} ${row.unseen ?? ''}`,
  across: ({unseen}) => (unseen === undefined ? undefined : {from: 3, text: unseen}),
  stale: (row, state) => isStale((row.kind === 'Typha' ? state.typha : state.ipam) ?? {}, state),
  none: () => 'Nothing was seen yet.',
}

const where = ({typha, pool}: CapacityRow) => typha?.node ?? pool?.cidr ?? '-'
const percentText = (share: number | undefined) => (share === undefined ? '-' : `${Math.floor(share * 100)}%`)
const barOf = (share: number | undefined): Cell => (share === undefined ? {text: ''} : {text: bar(share), style: share > 0.9 ? 'warn' : 'good'})

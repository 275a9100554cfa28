import type {Collected} from '../../engine/collected.ts'
import {whyText} from '../../reporters/causes.ts'
import {countText, secondsText} from '../amounts.ts'
import {type Line, line, safe} from '../line.ts'
import {field} from '../page.ts'
import {spark} from '../spark.ts'
import type {State} from '../state.ts'
import type {CapacityRow} from '../tables/capacity.ts'
import {markCell} from '../tables/marks.ts'
import {seenText} from './node.ts'

/** One Typha or one pool. */
export function capacityPage({kind, name, mark, typha, pool, growth, unseen}: CapacityRow, state: State, width: number): Line[] {
  const show = (label: string, text: string | undefined) => (text === undefined ? [] : field(label, safe(text, state.look, 500), width))
  const kept = kind === 'Typha' ? state.typha : state.ipam
  const points = pool ? (state.pools.get(pool.name) ?? []) : []
  const sparkOf = (of: 'used' | 'blocks') =>
    spark(
      points.map(point => point[of]),
      Math.min(60, width - 20),
      state.look,
    ).trimStart()
  return [
    line(markCell(mark, state.look), ' ', {text: `${kind} ${safe(name, state.look)}`, style: 'strong'}),
    ...show('', unseen),
    ...(typha
      ? [
          ...show('Node', typha.node ?? 'none yet'),
          ...show('Ready', typha.ready ? 'yes' : 'no'),
          ...show('Clients', textOf(typha.clients, countText)),
          ...show('Ping', `${textOf(typha.pingSeconds, secondsText)}${typha.pingKind === undefined ? '' : ` (${typha.pingKind})`}`),
        ]
      : []),
    ...(pool
      ? [
          ...show('CIDR', `${pool.cidr}${pool.disabled ? ', disabled' : ''}`),
          ...show('Addresses used', `${textOf(pool.used, countText)} of ${countText(pool.size)}${perMinute(growth?.used)}`),
          ...show('', sparkOf('used')),
          ...show('Blocks', `${textOf(pool.blocks, countText)} of ${countText(pool.maxBlocks)}${perMinute(growth?.blocks)}`),
          ...show('', sparkOf('blocks')),
        ]
      : []),
    ...show('Seen', kept && seenText(kept, state)),
  ]
}

const perMinute = (growth: number | undefined) => (growth === undefined ? '' : `, ${growth > 0 ? '+' : ''}${countText(growth)} a minute`)
const textOf = <T>(collected: Collected<T>, text: (value: T) => string) =>
  collected.known ? text(collected.value) : `not seen (${whyText[collected.why]}${collected.detail === '' ? '' : `, ${collected.detail}`})`

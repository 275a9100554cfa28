import type {Collected} from '../../engine/collected.ts'
import {whyText} from '../../reporters/causes.ts'
import {bytesText, countText, secondsText, shareText} from '../amounts.ts'
import {empty, type Line, line, safe} from '../line.ts'
import {field, heading} from '../page.ts'
import {spark} from '../spark.ts'
import type {Series, State} from '../state.ts'
import type {FelixRow} from '../tables/felix.ts'
import {markCell} from '../tables/marks.ts'
import {seenText} from './node.ts'

/** All numbers of one Felix, the newest and how they went. */
export function felixPage({entry, mark, info}: FelixRow, state: State, width: number): Line[] {
  const {look} = state
  const {felix, history} = entry
  const show = (label: string, text: string) => field(label, safe(text, look, 500), width)
  const {value} = felix
  const title = line(markCell(mark, look), ' ', {text: safe(entry.name, look), style: 'strong'})
  if (!value) return [title, ...show('Felix', info)]
  return [
    title,
    ...(info === '' ? [] : show('What is wrong', info)),
    ...show('Seen', seenText(felix, state)),
    ...show('Resync', textOf(value.resyncState, String)),
    ...show('Endpoints', textOf(value.endpoints, countText)),
    ...show('Policies', textOf(value.policies, countText)),
    empty,
    heading('Over time'),
    ...series('Dataplane apply', history.applySeconds, textOf(value.applySeconds, secondsText), state, width),
    ...series('CPU of one core', history.cpu, lastOf(history.cpu, shareText), state, width),
    ...series('Memory', history.memoryBytes, textOf(value.memoryBytes, bytesText), state, width),
    ...series('Errors a minute', history.errorRate, lastOf(history.errorRate, countText), state, width),
    empty,
    heading('Errors since Felix started'),
    ...counts(value.errors, kind => rateText(history.errorRates, kind), show),
    empty,
    heading('Programmed'),
    ...counts(value.programmed, () => '', show),
  ]
}

const textOf = <T>(collected: Collected<T>, text: (value: T) => string) =>
  collected.known ? text(collected.value) : `not seen: ${whyText[collected.why]}${collected.detail === '' ? '' : `, ${collected.detail}`}`
const lastOf = (series: Series, text: (value: number) => string) => {
  const last = series.at(-1)
  return last === undefined ? 'needs two samples in a row' : text(last)
}
const rateText = (rates: Readonly<Record<string, number>>, kind: string) => (Object.hasOwn(rates, kind) ? `, ${countText(rates[kind]!)} a minute now` : '')

function series(label: string, values: Series, newest: string, {look}: State, width: number): Line[] {
  const room = Math.max(10, Math.min(60, width - 50))
  return [line('  ', {text: label.padEnd(17), style: 'dim'}, ' ', {text: spark(values, room, look), style: 'good'}, `  ${safe(newest, look)}`)]
}

function counts(all: Collected<Readonly<Record<string, number>>>, more: (kind: string) => string, show: (label: string, text: string) => Line[]): Line[] {
  if (!all.known) return show('', textOf(all, String))
  const entries = Object.entries(all.value).sort(([a], [b]) => (a < b ? -1 : 1))
  return entries.length === 0 ? show('', 'none') : entries.flatMap(([kind, count]) => show(kind, `${countText(count)}${more(kind)}`))
}

import {safePart} from '../bundle/paths.ts'
import {at, number, text, textAt} from '../collectors/fields.ts'
import {mapKnown} from '../collectors/map-known.ts'
import type {Collected} from '../engine/collected.ts'
import type {Cluster, ListOptions, Resource} from '../engine/collector.ts'
import {type Asked, ask, missed, originOf} from './api-ask.ts'
import {commandOf, costOf} from './api-list.ts'
import {newestWithin} from './api-newest.ts'
import {plain} from './api-plain.ts'
import {yamlOf} from './api-yaml.ts'
import type {Evidence, EvidenceContext, EvidenceTask} from './task.ts'

/** One event, for a line of a table. */
export interface EventRow {
  /** ISO 8601, when it was last seen; '' where the event does not say. */
  readonly at: string
  readonly count: number
  readonly type: string
  readonly reason: string
  /** `Pod/calico-node-x7k2p`. */
  readonly object: string
  readonly message: string
}

/** Where events are asked for; those of nodes are in namespace default. */
interface EventPlace {
  readonly namespace: string
  readonly fieldSelector?: string
  /** Of the file: `events/kube-system`. */
  readonly name: string
}
export const nodeEvents: EventPlace = {namespace: 'default', fieldSelector: 'involvedObject.kind=Node', name: 'nodes'}
export const namespaceEvents = (namespace: string): EventPlace => ({namespace, name: `namespace-${namespace}`})

interface Events {
  readonly rows: readonly EventRow[]
  /** The same as YAML, newest first. */
  readonly documents: readonly string[]
  readonly seen: number
}

/** The newest first, as a table to look at and in full. */
export const eventsTask = (context: EvidenceContext, place: EventPlace): EvidenceTask => ({
  what: `events: ${place.name}`,
  ...costOf(context, 200),
  async *run({signal}): AsyncGenerator<Evidence> {
    const half = Math.floor(context.options.maxFileBytes / 2)
    const asked = await ask(signal, () => eventsAt(context.cluster, place, {rowBytes: half, documentBytes: context.options.maxFileBytes, signal}))
    const source = sourceOf(place)
    if (!asked.answer.known) return yield missed(source, asked.answer)
    if (asked.answer.partial !== undefined) yield missed(source, {why: 'failed', detail: asked.answer.partial})
    yield* filesOf(place, source, asked, asked.answer.value, asked.answer.partial !== undefined)
  },
})

function* filesOf({name}: EventPlace, source: string, asked: Asked<unknown>, {rows, documents, seen}: Events, partial: boolean): Generator<Evidence> {
  const origin = (ending: string, kept: number) => ({...originOf(`events/${safePart(name)}.${ending}`, source, asked), truncated: partial || kept < seen})
  yield {file: {...origin('txt', rows.length), text: tableOf(rows, seen)}}
  if (documents.length > 0) yield {file: {...origin('yaml', documents.length), text: documents.join('---\n')}}
}

interface Bounds {
  readonly rowBytes: number
  /** 0: none are kept. */
  readonly documentBytes: number
  readonly signal: AbortSignal | undefined
}

/** What kubelets, the scheduler and controllers said; Kubernetes keeps it for an hour. */
export async function eventsAt(cluster: Cluster, place: EventPlace, {rowBytes, documentBytes, signal}: Bounds): Promise<Collected<Events>> {
  const [rows, documents] = [newestWithin<EventRow>(rowBytes), newestWithin<string>(documentBytes)]
  const project = (item: unknown): true => {
    if (signal?.aborted) throw new Error('the overall time was over')
    const row = rowOf(item)
    const when = Date.parse(row.at) || 0
    rows.add(row, when, 200 + row.message.length)
    const document = documentBytes > 0 ? yamlOf(item, {apiVersion: 'v1', kind: 'Event'}).text : ''
    documents.add(document, when, document.length + 4)
    return true
  }
  const {namespace, fieldSelector} = place
  const resource: Resource = {group: '', version: 'v1', resource: 'events', namespace}
  const options: ListOptions<true> = {project, ...(fieldSelector !== undefined && {fieldSelector})}
  const answer = await cluster.list(resource, options)
  return mapKnown(answer, () => ({rows: rows.kept(), documents: documents.kept(), seen: rows.seen}))
}

/** Old writers count in the event, new ones in a series, and leave the other fields empty (api: core/v1 Event). */
function rowOf(item: unknown): EventRow {
  const times = [at(item, 'series', 'lastObservedTime'), at(item, 'lastTimestamp'), at(item, 'eventTime'), at(item, 'firstTimestamp')]
  return {
    at: times.map(text).find(time => time !== undefined) ?? textAt(item, 'metadata', 'creationTimestamp'),
    count: number(at(item, 'series', 'count')) ?? number(at(item, 'count')) ?? 1,
    type: plain(textAt(item, 'type'), 20),
    reason: plain(textAt(item, 'reason'), 60),
    object: plain(`${textAt(item, 'involvedObject', 'kind')}/${textAt(item, 'involvedObject', 'name')}`, 300),
    message: plain(textAt(item, 'message'), 1_000),
  }
}

export const eventLine = ({at: when, count, type, reason, message}: EventRow): string =>
  `${when.padEnd(20)}  ${`${count}x`.padStart(6)}  ${type.padEnd(7)}  ${reason.padEnd(16)}  ${message}`

function tableOf(rows: readonly EventRow[], seen: number): string {
  const lines = rows.map(row => {
    const [head, message] = [eventLine({...row, message: ''}).trimEnd(), row.message]
    return `${head.padEnd(56)}  ${row.object}: ${message}\n`
  })
  const rest = rows.length < seen ? `(the newest ${rows.length} of ${seen})\n` : ''
  return `LAST SEEN              TIMES  TYPE     REASON            OBJECT: MESSAGE\n${lines.join('')}${seen === 0 ? '(none)\n' : rest}`
}

const sourceOf = ({namespace, fieldSelector}: EventPlace) =>
  `${commandOf({group: '', resource: 'events'}, namespace)}${fieldSelector === undefined ? '' : ` --field-selector ${fieldSelector}`}`

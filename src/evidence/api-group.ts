import {at, listAt, text, textsAt} from '../collectors/fields.ts'
import {mapKnown} from '../collectors/map-known.ts'
import type {Collected} from '../engine/collected.ts'
import type {Cluster} from '../engine/collector.ts'
import {ask, missed} from './api-ask.ts'
import type {Kind} from './api-kinds.ts'
import {type Listing, listed, listTask} from './api-list.ts'
import type {Evidence, EvidenceContext, EvidenceTask} from './task.ts'

/** One group of custom resources, and which of its kinds we know by name. */
export interface Group {
  readonly group: string
  readonly version: string
  readonly kinds: readonly Kind[]
  /** Who serves the same to those who may not read this. */
  readonly instead?: Pick<Group, 'group' | 'version'>
  readonly expected: (resource: string) => number
}

/**
 * A task for each kind, and one for what an older or newer release has besides: what is not served is one line for the whole group. Who is served is asked
 * once (discovery needs no right); where that fails every kind is asked for.
 */
export function groupTasks(context: EvidenceContext, group: Group): EvidenceTask[] {
  const served = once(() => servedBy(context.cluster, group))
  return [...group.kinds.map(kind => kindTask(context, group, kind, served)), othersTask(context, group, served)]
}

type Served = () => Promise<Collected<readonly Kind[]>>

function kindTask(context: EvidenceContext, group: Group, kind: Kind, served: Served): EvidenceTask {
  const listing = {...group, ...kind, expected: group.expected(kind.resource)}
  return {
    ...listTask(context, listing),
    async *run({signal}) {
      const {answer} = await ask(signal, served)
      if (answer.known ? isAmong(kind, answer.value) : answer.why !== 'absent') yield* orInstead(context, listing, group.instead, signal)
    },
  }
}

/** The aggregated API server shows the same to those who have rights there only. */
async function* orInstead(context: EvidenceContext, listing: Listing, instead: Group['instead'], signal: AbortSignal | undefined): AsyncGenerator<Evidence> {
  for await (const one of listed(context, listing, signal))
    yield* instead && 'missed' in one && one.missed.why === 'forbidden' ? seenThere(context, {...listing, ...instead}, one, signal) : [one]
}

async function* seenThere(context: EvidenceContext, listing: Listing, refusal: Evidence, signal: AbortSignal | undefined): AsyncGenerator<Evidence> {
  let seen = false
  for await (const one of listed(context, listing, signal)) {
    seen ||= 'file' in one
    if (seen) yield one
  }
  if (!seen) yield refusal
}

function othersTask(context: EvidenceContext, group: Group, served: Served): EvidenceTask {
  const {group: name, version, kinds} = group
  return {
    ...listTask(context, {group: name, version, resource: '', kind: '', expected: 0}),
    what: `other kinds of ${name}`,
    async *run({signal}) {
      const {answer} = await ask(signal, served)
      if (!answer.known) return yield missed(`kinds of ${name}/${version}`, answer)
      const not = kinds.filter(kind => !isAmong(kind, answer.value)).map(({resource}) => resource)
      if (not.length > 0) yield missed(`${not.join(', ')} (${name})`, {why: 'absent', detail: `the API serves ${name}/${version} without these`})
      for (const kind of answer.value.filter(one => !isAmong(one, kinds))) yield* listed(context, {...group, ...kind, expected: 0}, signal)
    },
  }
}

const isAmong = ({resource}: Kind, kinds: readonly Kind[]) => kinds.some(kind => kind.resource === resource)

/** Kinds that can be listed; subresources have a slash. */
async function servedBy(cluster: Cluster, {group, version}: Group): Promise<Collected<readonly Kind[]>> {
  const answer = await cluster.get(`/apis/${group}/${version}`)
  const kindOf = (item: unknown): Kind | undefined => {
    const [resource, kind] = [text(at(item, 'name')), text(at(item, 'kind'))]
    const isListed = resource !== undefined && kind !== undefined && !resource.includes('/') && textsAt(item, 'verbs').includes('list')
    return isListed ? {resource, kind} : undefined
  }
  return mapKnown(answer, found => listAt(kindOf, found, 'resources'))
}

export function once<T>(question: () => Promise<T>): () => Promise<T> {
  let answer: Promise<T> | undefined
  return () => (answer ??= question())
}

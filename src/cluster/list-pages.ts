import {type Collected, known, type Unknown, unknown} from '../engine/collected.ts'
import type {ListOptions, Resource} from '../engine/collector.ts'
import type {Bounds} from './deadline.ts'
import {askJson} from './json-api.ts'
import type {Wire} from './wire.ts'

/** kubectl's and client-go's own page size. */
const pageSize = 500
const metadataList = 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1'

/**
 * A whole list by pages, each projected before the next is asked for. A continue token lives some five minutes; when it has expired (410) the list is
 * read once more from the beginning. What stops later pages leaves what came before them, marked as partial.
 */
export async function listPages<T>(wire: Wire, resource: Resource, options: ListOptions<T>, bounds: Bounds): Promise<Collected<T[]>> {
  const first = await readThrough(wire, resource, options, bounds)
  const read = first.expired ? await readThrough(wire, resource, options, bounds) : first
  if (!read.stopped) return known(read.items)
  return read.pages === 0 ? read.stopped : known(read.items, `only the first ${read.items.length}: ${read.stopped.detail}`)
}

export interface Read<T> {
  readonly items: T[]
  readonly pages: number
  /** resourceVersion of the list: a watch goes on from there. */
  readonly version: string
  readonly stopped?: Unknown
  readonly expired?: boolean
}

export async function readThrough<T>(wire: Wire, resource: Resource, options: ListOptions<T>, bounds: Bounds): Promise<Read<T>> {
  const items: T[] = []
  let [token, version] = ['', '']
  for (let pages = 0; ; pages++) {
    const {status, json} = await askJson(wire, {path: pageOf(resource, options, token), ...(options.metadataOnly && {accept: metadataList}), ...bounds})
    const stopped = json.known ? addPage(items, json.value, options, pathOf(resource)) : json
    if (stopped) return {items, pages, version, stopped, expired: status === 410 && token !== ''}
    const {continue: next, resourceVersion}: {continue?: unknown; resourceVersion?: unknown} = (json.known && json.value.metadata) || {}
    if (typeof resourceVersion === 'string') version = resourceVersion
    if (typeof next !== 'string' || next === '') return {items, pages, version}
    if (next === token) return {items, pages: pages + 1, version, stopped: unknown('failed', 'the server gives the same page again')}
    token = next
  }
}

/** Go writes an empty list as `[]` or, from a nil slice, as null. */
function addPage<T>(items: T[], page: any, {project}: ListOptions<T>, path: string): Unknown | undefined {
  const found: unknown = page?.items ?? (page?.items === null ? [] : undefined)
  if (!Array.isArray(found)) return unknown('failed', `GET ${path}: the answer is no list`)
  try {
    for (const item of found) {
      const projected = project(item)
      if (projected !== undefined) items.push(projected)
    }
    return undefined
  } catch (error) {
    return unknown('failed', `GET ${path}: an item cannot be read: ${(error as Error).message}`)
  }
}

function pageOf(resource: Resource, {labelSelector, fieldSelector}: ListOptions<unknown>, token: string): string {
  const selectors = {...(labelSelector && {labelSelector}), ...(fieldSelector && {fieldSelector})}
  return `${pathOf(resource)}?${new URLSearchParams({limit: String(pageSize), ...selectors, ...(token && {continue: token})})}`
}

export function pathOf({group, version, resource, namespace}: Resource): string {
  const root = group === '' ? `/api/${version}` : `/apis/${group}/${version}`
  return `${root}${namespace === undefined ? '' : `/namespaces/${encodeURIComponent(namespace)}`}/${resource}`
}

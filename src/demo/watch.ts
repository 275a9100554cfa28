import type {ServerResponse} from 'node:http'
import {acceptedForm} from './accept.ts'
import type {ApiResource} from './api-resources.ts'
import type {ClusterState, KubeObject} from './cluster-state.ts'
import {selectedObjects} from './list.ts'
import {isTrue, type RequestInfo} from './request-info.ts'
import {requireWatchVersion} from './resource-version.ts'
import {metadataOnly, typed} from './serialise.ts'
import {statusOf} from './status.ts'

type WatchEvent = {readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR'; readonly object: object}
export interface Watch {
  readonly events: readonly WatchEvent[]
  /** What changed since it was asked last. */
  readonly changes: () => readonly WatchEvent[]
  /** 0: for ever. */
  readonly seconds: number
}

/** What came after the resourceVersion that was given, or all there is; a bookmark where asked; then every change. Throws StatusError. */
export function watchOf(state: ClusterState, resource: ApiResource, info: RequestInfo, accept: string | undefined): Watch {
  const {query} = info
  requireWatchVersion(query)
  const version = query.get('resourceVersion') ?? ''
  if (isForgotten(state, version))
    return {events: [{type: 'ERROR', object: statusOf(410, `too old resource version: ${version}`)}], changes: () => [], seconds: 1}
  const shape = acceptedForm(accept) === 'metadata' ? metadataOnly : (object: KubeObject) => typed(resource, object)
  const now = selectedObjects(state, resource, info)
  const bookmark = typed(resource, {metadata: {name: '', resourceVersion: state.resourceVersion}})
  return {
    events: [
      ...since(version, now).map(object => ({type: 'ADDED' as const, object: shape(object)})),
      ...(isTrue(query, 'allowWatchBookmarks') ? [{type: 'BOOKMARK' as const, object: bookmark}] : []),
    ],
    changes: changesOf(now, () => selectedObjects(state, resource, info), shape),
    seconds: Number(query.get('timeoutSeconds') ?? 0),
  }
}

/** Something was deleted since, and nobody remembers what. */
const isForgotten = ({forgottenBefore}: ClusterState, version: string) =>
  Number(version) > 0 && forgottenBefore !== undefined && Number(version) < forgottenBefore

/** What came later came as it is, in the order of versions. */
function since(version: string, objects: readonly KubeObject[]): readonly KubeObject[] {
  if (version === '' || version === '0') return objects
  const versionOf = ({metadata: {resourceVersion}}: KubeObject) => Number(resourceVersion ?? 0)
  return objects.filter(object => versionOf(object) > Number(version)).toSorted((a, b) => versionOf(a) - versionOf(b))
}

/** An object that was changed is another object: nothing is changed in place. */
function changesOf(from: readonly KubeObject[], current: () => readonly KubeObject[], shape: (object: KubeObject) => object): Watch['changes'] {
  let known = new Map(from.map(object => [keyOf(object), object]))
  return () => {
    const now = new Map(current().map(object => [keyOf(object), object]))
    const events = [
      ...[...known].filter(([key]) => !now.has(key)).map(([, object]) => ({type: 'DELETED' as const, object: shape(object)})),
      ...[...now].flatMap(([key, object]) => {
        const before = known.get(key)
        return before === object ? [] : [{type: before ? ('MODIFIED' as const) : ('ADDED' as const), object: shape(object)}]
      }),
    ]
    known = now
    return events
  }
}

const keyOf = ({metadata: {namespace, name}}: KubeObject) => `${namespace ?? ''}/${name}`

/** How soon a watcher hears of a change. */
const tellEveryMs = 100

/** Then the connection stays open, and tells what changes, until its time is over. */
export function serveWatch({events, changes, seconds}: Watch, response: ServerResponse): void {
  response.writeHead(200, {'Content-Type': 'application/json', 'Cache-Control': 'no-cache, private'})
  const tell = (some: readonly WatchEvent[]) => some.forEach(event => response.write(`${JSON.stringify(event)}\n`))
  tell(events)
  response.flushHeaders()
  const telling = setInterval(() => tell(changes()), tellEveryMs).unref()
  response.on('close', () => clearInterval(telling))
  if (seconds > 0) setTimeout(() => response.end(), seconds * 1000).unref()
}

import type {ServerResponse} from 'node:http'
import {acceptedForm} from './accept.ts'
import type {ApiResource} from './api-resources.ts'
import type {ClusterState, KubeObject} from './cluster-state.ts'
import {selectedObjects} from './list.ts'
import {isTrue, type RequestInfo} from './request-info.ts'
import {requireWatchVersion} from './resource-version.ts'
import {metadataOnly, typed} from './serialise.ts'

export interface Watch {
  readonly events: readonly {readonly type: 'ADDED' | 'BOOKMARK'; readonly object: object}[]
  /** 0: for ever. */
  readonly seconds: number
}

/** What came after the resourceVersion that was given, or all there is; a bookmark where asked. Throws StatusError. */
export function watchOf(state: ClusterState, resource: ApiResource, info: RequestInfo, accept: string | undefined): Watch {
  const {query} = info
  requireWatchVersion(query)
  const shape = acceptedForm(accept) === 'metadata' ? metadataOnly : (object: KubeObject) => typed(resource, object)
  const objects = since(query.get('resourceVersion') ?? '', selectedObjects(state, resource, info))
  const bookmark = typed(resource, {metadata: {name: '', resourceVersion: state.resourceVersion}})
  return {
    events: [
      ...objects.map(object => ({type: 'ADDED' as const, object: shape(object)})),
      ...(isTrue(query, 'allowWatchBookmarks') ? [{type: 'BOOKMARK' as const, object: bookmark}] : []),
    ],
    seconds: Number(query.get('timeoutSeconds') ?? 0),
  }
}

/** Nothing is changed or deleted here: what came later came as it is, in the order of versions. */
function since(version: string, objects: readonly KubeObject[]): readonly KubeObject[] {
  if (version === '' || version === '0') return objects
  const versionOf = ({metadata: {resourceVersion}}: KubeObject) => Number(resourceVersion ?? 0)
  return objects.filter(object => versionOf(object) > Number(version)).toSorted((a, b) => versionOf(a) - versionOf(b))
}

/** Then the connection stays open until its time is over. */
export function serveWatch({events, seconds}: Watch, response: ServerResponse): void {
  response.writeHead(200, {'Content-Type': 'application/json', 'Cache-Control': 'no-cache, private'})
  for (const event of events) response.write(`${JSON.stringify(event)}\n`)
  response.flushHeaders()
  if (seconds > 0) setTimeout(() => response.end(), seconds * 1000).unref()
}

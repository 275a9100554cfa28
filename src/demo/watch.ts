import type {ServerResponse} from 'node:http'
import {acceptedForm} from './accept.ts'
import type {ApiResource} from './api-resources.ts'
import type {ClusterState} from './cluster-state.ts'
import {selectedObjects} from './list.ts'
import type {RequestInfo} from './request-info.ts'
import {metadataOnly, typed} from './serialise.ts'

/** Existing objects as ADDED when no resourceVersion was given, a bookmark where asked, then an open connection until `timeoutSeconds`. */
export function serveWatch(state: ClusterState, resource: ApiResource, info: RequestInfo, accept: string | undefined, response: ServerResponse): void {
  const shape = acceptedForm(accept) === 'metadata' ? metadataOnly : (object: Parameters<typeof metadataOnly>[0]) => typed(resource, object)
  response.writeHead(200, {'Content-Type': 'application/json', 'Cache-Control': 'no-cache, private'})
  const event = (type: string, object: object) => response.write(`${JSON.stringify({type, object})}\n`)
  const version = info.query.get('resourceVersion') ?? ''
  if (version === '' || version === '0') for (const object of selectedObjects(state, resource, info)) event('ADDED', shape(object))
  if (info.query.get('allowWatchBookmarks') === 'true') event('BOOKMARK', typed(resource, {metadata: {name: '', resourceVersion: state.resourceVersion}}))
  response.flushHeaders()
  const seconds = Number(info.query.get('timeoutSeconds') ?? 0)
  if (seconds > 0) setTimeout(() => response.end(), seconds * 1000).unref()
}

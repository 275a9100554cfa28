import type {ApiResource} from './api-resources.ts'
import {noSuchPath, type PlainError, pageNotFound, type StatusError} from './status.ts'

/** What a request is about, as authorisation sees it (k8s.io/apiserver/pkg/endpoints/request). */
export interface RequestInfo {
  readonly path: string
  readonly query: URLSearchParams
  readonly method: string
  /** get, list, watch, create, update, patch, delete, deletecollection. */
  readonly verb: string
  readonly group: string
  readonly version: string
  /** '' for paths that are no resource: `/version`, `/apis/apps/v1`. */
  readonly resource: string
  readonly subresource: string
  readonly namespace: string
  readonly name: string
}

const verbs: Record<string, string> = {POST: 'create', PUT: 'update', PATCH: 'patch', DELETE: 'delete', GET: 'get', HEAD: 'get'}

/** `url` is what stands in the request line. */
export function requestInfo(method: string, url: string): RequestInfo {
  const [path = '', ...search] = url.split('?')
  const query = new URLSearchParams(search.join('?'))
  const none = {path, query, method, group: '', version: '', resource: '', subresource: '', namespace: '', name: ''}
  const parts = path.split('/').filter(Boolean).map(decoded)
  const [root, ...rest] = parts
  const plain = {...none, verb: method === 'GET' ? 'get' : method.toLowerCase()}
  if (root !== 'api' && root !== 'apis') return plain
  const group = root === 'api' ? '' : rest.shift()
  const version = rest.shift()
  if (group === undefined || version === undefined || rest.length === 0) return plain
  const inNamespace = rest[0] === 'namespaces' && rest.length > 2 && rest[2] !== 'status' && rest[2] !== 'finalize'
  const namespace = inNamespace ? rest[1]! : ''
  const [resource = '', name = '', subresource = ''] = inNamespace ? rest.slice(2) : rest
  const about = {...none, group, version, resource, name, subresource, namespace: resource === 'namespaces' ? name : namespace}
  return {...about, verb: verbOf(method, name, query)}
}

function verbOf(method: string, name: string, query: URLSearchParams): string {
  const verb = verbs[method] ?? ''
  if (verb === 'delete' && name === '') return 'deletecollection'
  if (verb !== 'get' || name !== '') return verb
  return isTrue(query, 'watch') ? 'watch' : 'list'
}

/** What is there is true unless it says `false` or `0` (apimachinery: Convert_Slice_string_To_bool). */
export const isTrue = (query: URLSearchParams, name: string): boolean => !['0', 'false'].includes((query.get(name) ?? 'false').toLowerCase())

/** A broken escape stays as it was sent. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}

/** What a request is about. Throws a 404 also where the resource has no such scope: nodes of a namespace, a pod of none. */
export function servedResource(resources: readonly ApiResource[], info: RequestInfo): ApiResource {
  const found = resources.find(one => one.resource === info.resource && one.group === info.group && one.version === info.version)
  if (!found || !isInScope(found, info)) throw notServed(resources, info.group)
  return found
}

const isInScope = ({namespaced, resource}: ApiResource, {namespace, name}: RequestInfo) =>
  namespaced ? namespace !== '' || name === '' : namespace === '' || resource === 'namespaces'

/** Built-in groups say so in a Status; what may be a custom resource ends at a mux that knows plain words only. */
export const notServed = (resources: readonly ApiResource[], group: string): StatusError | PlainError =>
  group === '' || resources.some(one => one.group === group && !one.custom) ? noSuchPath() : pageNotFound()

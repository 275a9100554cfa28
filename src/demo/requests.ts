import type {RequestInfo} from './request-info.ts'

/** One request as it was seen, so that a test can tell what was asked for and with which right. */
export interface RecordedRequest {
  readonly method: string
  readonly path: string
  /** Without the question mark. */
  readonly query: string
  /** As authorisation sees it: get, list, watch, create. */
  readonly verb: string
  readonly group: string
  readonly resource: string
  readonly subresource: string
  readonly namespace: string
  readonly name: string
  /** User, or '' when nobody was known by the token. */
  user: string
  /** HTTP status; 101 for an upgrade, 0 while or where none was sent. */
  status: number
}

export function record({method, path, query, verb, group, resource, subresource, namespace, name}: RequestInfo): RecordedRequest {
  return {method, path, query: query.toString(), verb, group, resource, subresource, namespace, name, user: '', status: 0}
}

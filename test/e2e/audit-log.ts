import {readFile} from 'node:fs/promises'

/** Everything is logged when it begins to be answered (watches, exec) and when it is over, without bodies. */
export const auditPolicy = JSON.stringify({apiVersion: 'audit.k8s.io/v1', kind: 'Policy', omitStages: ['RequestReceived'], rules: [{level: 'Metadata'}]})

/** One request as kube-apiserver logged it. */
export interface AuditEntry {
  readonly user: string
  readonly groups: readonly string[]
  /** get, list, watch, create, update, patch, delete, deletecollection; for paths that are no resource the method in lower case. */
  readonly verb: string
  /** Path and query. */
  readonly uri: string
  readonly group: string
  /** Plural; '' for paths that are no resource. */
  readonly resource: string
  readonly subresource: string
  readonly namespace: string
  readonly name: string
  /** HTTP status; 0 when nothing was answered. */
  readonly status: number
  /** `ResponseStarted` while a watch or exec goes on, else `ResponseComplete` or `Panic`. */
  readonly stage: string
  readonly userAgent: string
  /** ISO 8601, microseconds. */
  readonly at: string
}

/** The log as one entry a request, in the order in which they came. Entries come when requests are over, so the last may be missing for a moment. */
export async function readAuditLog(file: string): Promise<AuditEntry[]> {
  const lines = (await readFile(file, 'utf8')).split('\n')
  // What follows the last newline is a line that is being written.
  const events = lines
    .slice(0, -1)
    .filter(Boolean)
    .map(line => JSON.parse(line))
  const latest = new Map<string, any>(events.map(event => [event.auditID, event]))
  return [...latest.values()].map(entryOf).sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0))
}

function entryOf({user, verb, requestURI, objectRef = {}, responseStatus, stage, userAgent, requestReceivedTimestamp}: any): AuditEntry {
  const {apiGroup = '', resource = '', subresource = '', namespace = '', name = ''} = objectRef
  return {
    user: user?.username ?? '',
    groups: user?.groups ?? [],
    verb,
    uri: requestURI,
    group: apiGroup,
    resource,
    subresource,
    namespace,
    name,
    status: responseStatus?.code ?? 0,
    stage,
    userAgent: userAgent ?? '',
    at: requestReceivedTimestamp,
  }
}

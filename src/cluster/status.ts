import {type Unknown, unknown} from '../engine/collected.ts'
import {CredentialError} from './credential.ts'
import type {Answer} from './exchange.ts'
import {NoAnswer} from './no-answer.ts'
import {oneLine} from './words.ts'

/** metav1.Status, as far as it is read. */
export interface Status {
  readonly status?: unknown
  readonly message?: unknown
  readonly reason?: unknown
  readonly code?: unknown
  readonly details?: {readonly causes?: readonly {readonly reason?: unknown; readonly message?: unknown}[] | null} | null
}

/** An answer that is a no. `what` names the request: `GET /api/v1/nodes`. Credentials that are refused from the start end the run before any other request. */
export function unknownFor({status, body}: Pick<Answer, 'status' | 'body'>, what: string): Unknown {
  const meanwhile = status === 401 ? ' (the credentials were good at the start: expired or withdrawn)' : ''
  return unknown(whyOf(status), `${what}: ${numbered(status, oneLine(messageOf(body)))}${meanwhile}`)
}

/** `403 nodes is forbidden`. Plain words bring their number along: `404 page not found` (Go: net/http.NotFound). */
export const numbered = (status: number, message: string): string => (message.startsWith(`${status} `) ? message : `${status} ${message}`.trimEnd())

/** Why of an HTTP status, as kube-apiserver means it; 504 is a request that ran out of the server's own time. */
export function whyOf(status: number): Unknown['why'] {
  if (status === 401 || status === 403) return 'forbidden'
  if (status === 404) return 'absent'
  return status === 504 ? 'timeout' : 'failed'
}

/** No answer at all. What else is thrown on the way (a token that is no header) is an answer that cannot be had. */
export function unknownBecause(error: unknown, what: string): Unknown {
  if (error instanceof NoAnswer) return unknown(error.why, `${what}: ${error.message}`)
  if (error instanceof CredentialError) return unknown('forbidden', `${what}: ${error.message}`)
  return unknown('failed', `${what}: ${oneLine(error instanceof Error ? error.message : String(error))}`)
}

/** The message of a Status, or the first of another text: a proxy's page, a kubelet's line. */
export function messageOf(body: Buffer): string {
  const text = body.subarray(0, 65_536).toString()
  const parsed = jsonOf(text) as Status | undefined
  if (typeof parsed?.message === 'string') return parsed.message
  return text.replace(/<[^>]*>/g, ' ').slice(0, 300)
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

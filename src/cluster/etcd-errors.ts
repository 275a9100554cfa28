import type {Unknown, Why} from '../engine/collected.ts'
import {unknown} from '../engine/collected.ts'
import type {EtcdPems, EtcdSettings} from './etcd-settings.ts'
import type {Answer} from './exchange.ts'
import {NoAnswer} from './no-answer.ts'
import {messageOf} from './status.ts'
import {expiryOf, isClientCertificateAlert, isUntrusted} from './tls-errors.ts'
import {oneLine} from './words.ts'

/** Why one endpoint did not answer, and what may help. */
export interface Refusal {
  readonly why: Why
  /** `connection refused`, `it wants a client certificate`. */
  readonly text: string
  readonly next?: string
  /** Members are choosing a leader: over in a second or two, if enough of them are there. */
  readonly passing?: true
}
/** Who we are there. */
export interface Identity extends EtcdPems {
  readonly settings: EtcdSettings
}

const elsewhere = 'Run this where etcd can be reached, or give endpoints that can be with --etcd-endpoints.'
const noQuorum = 'Most of its members must be there to agree: Calico cannot read it either. etcdctl endpoint status --cluster shows them.'
const ownersCertificate = "Give one that etcd's own CA has signed with --etcd-cert-file."
const ownCertificate = "Give --etcd-cert-file and --etcd-key-file; calico-node's own are in a Secret, which is never read."

/** No answer: the connection, TLS, the time. */
export function refusalOf(error: unknown, url: string, {certificate, settings}: Identity): Refusal {
  const code = error instanceof NoAnswer ? (error.code ?? '') : ''
  const reason = oneLine(error instanceof Error ? error.message : String(error))
  const expired = expiryOf(certificate)
  // Some servers hang up where others send an alert.
  if (expired !== undefined && (isClientCertificateAlert(code) || code === 'ECONNRESET'))
    return {
      why: 'forbidden',
      text: `the client certificate ${settings.certificateFile} expired on ${expired}`,
      next: 'Give one that is valid with --etcd-cert-file.',
    }
  if (code === 'ECONNRESET' && certificate !== undefined)
    return {why: 'unreachable', text: `${reason}, as some servers do to a client certificate that they refuse`, next: ownersCertificate}
  if (isClientCertificateAlert(code)) return refused(certificate === undefined, settings, reason)
  if (isUntrusted(code)) return untrusted(settings)
  switch (code) {
    case 'CERT_HAS_EXPIRED':
      return {
        why: 'unreachable',
        text: 'its certificate has expired, or this clock is wrong',
        next: "Renew etcd's certificates: Calico cannot reach it either.",
      }
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return {
        why: 'unreachable',
        text: `its certificate is for other names: ${reason}`,
        next: 'Give endpoints by a name of the certificate with --etcd-endpoints.',
      }
    case 'ERR_SSL_WRONG_VERSION_NUMBER':
    case 'ERR_SSL_PACKET_LENGTH_TOO_LONG':
      return {why: 'unreachable', text: 'it does not speak TLS', next: 'Give it as http:// with --etcd-endpoints.'}
    case 'ECONNRESET':
      // etcd hangs up on plain text where it speaks TLS.
      if (url.startsWith('http:')) return {why: 'unreachable', text: reason, next: 'It may speak TLS: give it as https:// with --etcd-endpoints.'}
      return {why: 'unreachable', text: reason, next: elsewhere}
    default:
      return {why: error instanceof NoAnswer ? error.why : 'failed', text: reason, next: elsewhere}
  }
}

const refused = (bare: boolean, {certificateFile}: EtcdSettings, reason: string): Refusal =>
  bare
    ? {why: 'forbidden', text: 'it wants a client certificate', next: ownCertificate}
    : {
        why: 'forbidden',
        text: `it refuses the client certificate ${certificateFile}: ${reason}`,
        next: "Give one that etcd's own CA has signed with --etcd-cert-file.",
      }

const untrusted = ({caFile}: EtcdSettings): Refusal =>
  caFile === undefined
    ? {why: 'unreachable', text: 'its certificate is not signed by any authority that this machine trusts', next: "Give etcd's CA with --etcd-ca-cert-file."}
    : {why: 'unreachable', text: `its certificate is not signed by the CA ${caFile}`, next: "Give etcd's own CA with --etcd-ca-cert-file."}

/** An answer that is a no. A 404 is the gateway that is missing, never a key. */
export function refusalIn({status, body}: Pick<Answer, 'status' | 'body'>): Refusal {
  const message = oneLine(messageOf(body))
  // etcd with users answers 400 to who has no token, and its gateway takes nobody's certificate for a name (etcd: server/auth, AuthInfoFromTLS).
  if (status === 401 || status === 403 || /user name is empty|invalid auth token|CommonName of client sending a request against gateway/.test(message))
    return {
      why: 'forbidden',
      text: `etcd's own authentication is on: ${message}`,
      next: 'Its JSON gateway knows users by password only, and this tool cannot log in.',
    }
  if (status === 400 && /HTTP request to an HTTPS server/.test(message))
    return {why: 'unreachable', text: 'it speaks TLS', next: 'Give it as https:// with --etcd-endpoints.'}
  if (status === 503 && /leader changed|no leader/.test(message)) return {why: 'failed', text: message, passing: true, next: noQuorum}
  // After 7 s, as a member answers that is left alone.
  if (status === 503 && /request timed out/.test(message)) return {why: 'failed', text: message, next: noQuorum}
  if (status === 404) return {why: 'failed', text: 'it has no JSON gateway at /v3: etcd before 3.4, --enable-grpc-gateway=false, or no etcd at all'}
  return {why: status === 504 ? 'timeout' : 'failed', text: `${status} ${message}`.trimEnd()}
}

export const noPage: Refusal = {why: 'failed', text: 'what it answers is no range of keys: it may be no etcd'}

/** What they come to together: who is refused can be let in, so that is said before what is broken or away. */
export function unknownOf(refusals: readonly (readonly [endpoint: string, refusal: Refusal])[]): Unknown {
  const byText = Map.groupBy(refusals, ([, {text}]) => text)
  const said = [...byText].map(([text, of]) => `${of.map(([endpoint]) => endpoint).join(', ')}: ${text}`).join('; ')
  const refusal = ranks.flatMap(why => refusals.map(([, one]) => one).filter(one => one.why === why))[0]
  return unknown(refusal?.why ?? 'failed', [`etcd at ${said}.`, ...(refusal?.next === undefined ? [] : [refusal.next])].join(' '))
}
const ranks: readonly Why[] = ['forbidden', 'failed', 'unreachable', 'timeout']

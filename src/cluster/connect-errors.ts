import {SourceError} from '../engine/errors.ts'
import {CredentialError} from './credential.ts'
import {NoAnswer} from './no-answer.ts'
import {hostOf} from './proxy.ts'
import {messageOf} from './status.ts'
import type {Target} from './target.ts'
import {expiryOf, isClientCertificateAlert, isUntrusted} from './tls-errors.ts'
import {oneLine, quoted} from './words.ts'

/** Why there is no connection: one sentence, and what to do. `certificate` is our own, PEM. */
export function sourceErrorFor(error: unknown, target: Target, certificate: string | undefined): SourceError {
  if (error instanceof CredentialError) return new SourceError(error.message, error.next, {cause: error})
  const reason = error instanceof Error ? oneLine(error.message) : String(error)
  const code = error instanceof NoAnswer ? (error.code ?? '') : ''
  const [sentence, next] = explanation(code, reason, target, certificate)
  return new SourceError(sentence, next, {cause: error})
}

type Explanation = [sentence: string, next: string]

function explanation(code: string, reason: string, target: Target, certificate: string | undefined): Explanation {
  const server = serverOf(target)
  const expired = expiryOf(certificate)
  // Some servers hang up where others send an alert.
  if (expired !== undefined && (isClientCertificateAlert(code) || code === 'ECONNRESET')) return expiredCertificate(target, expired)
  if (isClientCertificateAlert(code)) return refusedCertificate(target, certificate, reason)
  if (isUntrusted(code)) return notTrusted(target)
  switch (code) {
    case 'PROXY':
      return [`There is no way to ${server}: ${reason}.`, 'Check proxy-url in the kubeconfig, HTTPS_PROXY and NO_PROXY.']
    case 'ECONNREFUSED':
      return [
        `${upper(server)} refuses the connection: nothing listens there.`,
        'Check the server address in the kubeconfig and that kube-apiserver (or kubectl proxy) runs.',
      ]
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return [
        `The name ${hostOf(target.server)} of ${server} cannot be resolved.`,
        'Check the server address in the kubeconfig, your DNS, and whether a VPN is needed.',
      ]
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return [`The certificate of ${server} is for other names: ${reason}.`, 'Use one of its names as server in the kubeconfig, or set tls-server-name to one.']
    case 'CERT_HAS_EXPIRED':
      return [
        `The certificate of ${server} has expired, or this clock is wrong.`,
        'Compare the clocks; on a control-plane node, kubeadm certs check-expiration shows and kubeadm certs renew mends it.',
      ]
    case 'CERT_NOT_YET_VALID':
      return [`The certificate of ${server} is not valid yet: a clock is wrong.`, 'Compare the clocks of this machine and the control plane.']
    case 'ERR_SSL_WRONG_VERSION_NUMBER':
    case 'ERR_SSL_PACKET_LENGTH_TOO_LONG':
      return [`${upper(server)} does not speak TLS.`, 'Use http:// in the server address if it is kubectl proxy; else check the port.']
    default:
      return [
        `${upper(server)} does not answer: ${reason}.`,
        `Check that this machine reaches it (VPN, firewall, proxy): curl -k ${target.server.origin}/version`,
      ]
  }
}

function notTrusted(target: Target): Explanation {
  const {ca, name} = target.cluster
  const by = ca ? `the certificate-authority of cluster ${quoted(name)}` : 'any authority that this machine trusts'
  return [
    `The certificate of ${serverOf(target)} is not signed by ${by}.`,
    'Fetch the kubeconfig anew: the cluster may have been made again, or another server or a TLS proxy answers at this address.',
  ]
}

function refusedCertificate(target: Target, certificate: string | undefined, reason: string): Explanation {
  const which = certificate === undefined ? 'wants a client certificate' : `refuses the client certificate of user ${quoted(target.user.name)}`
  return [`${upper(serverOf(target))} ${which}: ${reason}.`, 'Fetch the kubeconfig anew.']
}

const expiredCertificate = ({user}: Target, expired: string): Explanation => [
  `The client certificate of user ${quoted(user.name)} expired on ${expired}.`,
  'Fetch the kubeconfig anew; on a control-plane node, kubeadm certs renew admin.conf makes a new one.',
]

/** 401: nobody knows us there. */
export function credentialsRefused(target: Target, body: Buffer, certificate: string | undefined): SourceError {
  const expired = expiryOf(certificate)
  if (expired !== undefined) return new SourceError(...expiredCertificate(target, expired))
  const {name, token, tokenFile, basic, certificate: own, body: raw} = target.user
  const hasAny = [token, tokenFile, basic, own, raw.exec, raw['auth-provider']].some(way => way !== undefined)
  if (!hasAny) return noCredentials(target)
  return new SourceError(
    `${upper(serverOf(target))} refuses the credentials of user ${quoted(name)}: 401 ${oneLine(messageOf(body), 100)}.`,
    'Log in again (the token may have expired); kubectl auth whoami tells whether it helped.',
  )
}

function noCredentials(target: Target): SourceError {
  const {name} = target.user
  return new SourceError(
    `${upper(serverOf(target))} wants credentials, and ${name === '' ? 'no user is given' : `user ${quoted(name)} has none`}.`,
    'Choose another --context or --user, or give --token.',
  )
}

/** What we show does not count there, or does not come there. */
export function seenAsAnonymous(target: Target): SourceError {
  const {name, basic, certificate} = target.user
  const anonymous = `${upper(serverOf(target))} sees nobody it knows`
  if (certificate)
    return new SourceError(
      `${anonymous}: the client certificate of user ${quoted(name)} does not reach it.`,
      'A proxy or load balancer that ends TLS drops it: use the address of kube-apiserver itself, or give --token.',
    )
  if (basic)
    return new SourceError(
      `${anonymous}: user ${quoted(name)} has a password only, and passwords count no more since Kubernetes 1.19.`,
      'Fetch the kubeconfig anew, or give --token.',
    )
  return noCredentials(target)
}

export const noKubernetes = (target: Target, why: string, next: string): SourceError =>
  new SourceError(`${upper(serverOf(target))} is no Kubernetes API server: ${why}.`, next)

const serverOf = ({server, context}: Target) => `the API server ${server.origin}${context === '' ? '' : ` (context ${quoted(context)})`}`
const upper = (text: string) => `${text[0]!.toUpperCase()}${text.slice(1)}`

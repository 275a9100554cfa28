import {credentialsRefused, noKubernetes, seenAsAnonymous} from './connect-errors.ts'
import type {Answer} from './exchange.ts'
import {messageOf} from './status.ts'
import type {Target} from './target.ts'
import type {Lane} from './wire.ts'

/**
 * What /version says about who answers there. Any answer but a 401 will do: discovery may be forbidden, and an API server that is ill is what we came to
 * look at. @throws SourceError
 */
export function proveServer({status, headers, body}: Answer, certificate: string | undefined, target: Target): void {
  if (status === 401) throw credentialsRefused(target, body, certificate)
  // Go's own words, from a TLS port that was asked in plain text.
  if (status === 400 && body.includes('HTTP request to an HTTPS server')) throw noKubernetes(target, 'it speaks TLS', 'Use https:// in the server address.')
  if (/\bhtml\b/.test(headers['content-type'] ?? ''))
    throw noKubernetes(target, `it answers ${status} with a web page`, 'Check the server address in the kubeconfig, and any proxy or login page on the way.')
  // An API server always has a version; this is what others that are written in Go say, an ingress among them.
  if (status === 404 && body.toString('utf8', 0, 19) === '404 page not found\n')
    throw noKubernetes(target, 'it has no /version', 'Check the server address in the kubeconfig: its port, and the path where there is one.')
}

/** Who shows no token may be anonymous and see /version all the same. Over plain HTTP it is kubectl proxy that says who we are. */
export const mayBeAnonymous = ({server}: Target, {headers}: Lane): boolean =>
  server.protocol === 'https:' && !String(headers.authorization).startsWith('Bearer ')

/** @throws SourceError where the answer says that nobody knows us */
export function proveKnown({status, body}: Pick<Answer, 'status' | 'body'>, target: Target): void {
  if (status === 403 && /User "system:anonymous" cannot /.test(messageOf(body))) throw seenAsAnonymous(target)
}

import {readFile} from 'node:fs/promises'
import {createSecureContext, getCACertificates, type SecureContext} from 'node:tls'
import {type Credential, CredentialError} from './credential.ts'
import type {Target} from './target.ts'
import {oneLine, quoted, systemReason} from './words.ts'

/** PEM text of the CAs to trust: the cluster's own, else Node's and the system's, as Go does. */
export async function trustedBy({cluster}: Pick<Target, 'cluster'>): Promise<string | string[]> {
  if (!cluster.ca) return [...new Set([...getCACertificates('default'), ...getCACertificates('system')])]
  const text = 'text' in cluster.ca ? cluster.ca.text : await readCa(cluster.ca.file)
  // Node takes text without any certificate for an empty list of CAs.
  if (!text.includes('-----BEGIN CERTIFICATE-----'))
    throw new CredentialError(
      `The certificate-authority of cluster ${quoted(cluster.name)} holds no PEM certificate.`,
      'Mend it in the kubeconfig: it is base64 of a PEM text.',
    )
  return text
}

/** Parsed once and shared by all connections: parsing takes longer than a resumed handshake. */
export function secureContextOf(ca: string | string[], {certificate, key}: Credential, {user}: Pick<Target, 'user'>): SecureContext {
  try {
    return createSecureContext({ca, minVersion: 'TLSv1.2', ...(certificate !== undefined && {cert: certificate}), ...(key !== undefined && {key})})
  } catch (error) {
    const message = `The client certificate or key of user ${quoted(user.name)} cannot be used: ${oneLine((error as Error).message)}.`
    throw new CredentialError(message, 'Mend client-certificate and client-key in the kubeconfig; they must belong together.', {cause: error})
  }
}

const readCa = (file: string) =>
  readFile(file, 'utf8').catch(error => {
    throw new CredentialError(
      `The certificate-authority ${file} cannot be read: ${systemReason(error)}.`,
      'Mend certificate-authority in the kubeconfig, or the permissions of that file.',
      {
        cause: error,
      },
    )
  })

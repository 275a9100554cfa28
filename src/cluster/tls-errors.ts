import {X509Certificate} from 'node:crypto'

/** OpenSSL's words for a chain that does not end in a CA that we trust. */
const untrusted = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'CERT_SIGNATURE_FAILURE',
  'CERT_UNTRUSTED',
  'INVALID_CA',
])
export const isUntrusted = (code: string): boolean => untrusted.has(code)

/** TLS 1.3 lets the client finish before the server judges its certificate, so the refusal comes as an alert on the first read. */
export const isClientCertificateAlert = (code: string): boolean =>
  /^ERR_SSL_.*ALERT_(BAD_CERTIFICATE|CERTIFICATE_\w+|UNKNOWN_CA|UNSUPPORTED_CERTIFICATE|ACCESS_DENIED)$/.test(code)

/** `2024-03-01`, when the time of a PEM certificate is over. */
export function expiryOf(certificate: string | undefined): string | undefined {
  if (certificate === undefined) return undefined
  try {
    const until = new Date(new X509Certificate(certificate).validTo)
    return until.getTime() < Date.now() ? until.toISOString().slice(0, 10) : undefined
  } catch {
    // A certificate that cannot be read is not known to have expired: the server's own words are shown.
    return undefined
  }
}

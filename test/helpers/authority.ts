// x509 builds on tsyringe, which throws at import without this polyfill.
import 'reflect-metadata'
import {webcrypto} from 'node:crypto'
import {
  BasicConstraintsExtension,
  cryptoProvider,
  type JsonGeneralName,
  PemConverter,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
} from '@peculiar/x509'

/** PEM texts. */
export interface Issued {
  readonly certificate: string
  readonly key: string
}
export interface Authority {
  readonly ca: string
  issue(subject: string, options?: {readonly names?: readonly JsonGeneralName[]; readonly days?: readonly [from: number, until: number]}): Promise<Issued>
}

const algorithm = {name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256'}
const dayMs = 86_400_000
const newKeys = () => webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
const fromToday = (days: number) => new Date(Date.now() + days * dayMs)

export const loopbackNames: readonly JsonGeneralName[] = [
  {type: 'ip', value: '127.0.0.1'},
  {type: 'dns', value: 'localhost'},
]

/** A throwaway CA. */
export async function newAuthority(name = 'CN=lab CA'): Promise<Authority> {
  cryptoProvider.set(webcrypto as never)
  const keys = await newKeys()
  const validity = {notBefore: fromToday(-1), notAfter: fromToday(1)}
  const root = await X509CertificateGenerator.createSelfSigned({
    name,
    keys: keys as never,
    signingAlgorithm: algorithm,
    ...validity,
    extensions: [new BasicConstraintsExtension(true, 0, true)],
  })
  return {
    ca: `${root.toString('pem')}\n`,
    issue: async (subject, {names = loopbackNames, days: [from, until] = [-1, 1]} = {}) => {
      const own = await newKeys()
      const certificate = await X509CertificateGenerator.create({
        subject,
        issuer: root.subject,
        publicKey: own.publicKey as never,
        signingKey: keys.privateKey as never,
        signingAlgorithm: algorithm,
        notBefore: fromToday(from),
        notAfter: fromToday(until),
        extensions: [new SubjectAlternativeNameExtension([...names])],
      })
      const key = PemConverter.encode(await webcrypto.subtle.exportKey('pkcs8', own.privateKey), 'PRIVATE KEY')
      return {certificate: `${certificate.toString('pem')}\n`, key: `${key}\n`}
    },
  }
}

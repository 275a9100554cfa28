// x509 builds on tsyringe, which throws at import without this polyfill.
import 'reflect-metadata'
import {webcrypto} from 'node:crypto'
import {isIP} from 'node:net'
import {
  BasicConstraintsExtension,
  cryptoProvider,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
} from '@peculiar/x509'

/** PEM texts. */
export interface Issued {
  readonly certificate: string
  readonly key: string
}
export interface Subject {
  readonly name: string
  /** Groups, where a Kubernetes API server reads the certificate. */
  readonly organisations?: readonly string[]
  /** Names and addresses that it may serve; without them it is for clients only. */
  readonly serves?: readonly string[]
  /** Default a day. */
  readonly notAfter?: Date
}
/** A throwaway certificate authority. */
export interface Authority {
  readonly certificate: string
  issue(subject: Subject): Promise<Issued>
}

const algorithm = {name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256'}
const hour = 3_600_000
const validity = (notAfter = new Date(Date.now() + 24 * hour)) => ({notBefore: new Date(Date.now() - hour), notAfter})

export async function makeAuthority(name: string): Promise<Authority> {
  cryptoProvider.set(webcrypto as never)
  const keys = await newKeys()
  const authority = await X509CertificateGenerator.createSelfSigned({
    name: [{CN: [name]}],
    keys: keys as never,
    signingAlgorithm: algorithm,
    ...validity(),
    extensions: [new BasicConstraintsExtension(true, 0, true), new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true)],
  })
  const issue = async (subject: Subject): Promise<Issued> => {
    const own = await newKeys()
    const certificate = await X509CertificateGenerator.create({
      subject: [{CN: [subject.name]}, ...(subject.organisations ?? []).map(organisation => ({O: [organisation]}))],
      issuer: authority.subject,
      publicKey: own.publicKey as never,
      signingKey: keys.privateKey as never,
      signingAlgorithm: algorithm,
      ...validity(subject.notAfter),
      extensions: extensionsOf(subject),
    })
    return {certificate: `${certificate.toString('pem')}\n`, key: await pemOf(own.privateKey)}
  }
  return {certificate: `${authority.toString('pem')}\n`, issue}
}

/** A server's certificate is good for a client too: etcd's JSON gateway dials itself with it. */
function extensionsOf({serves = []}: Subject) {
  const usages = serves.length > 0 ? [ExtendedKeyUsage.serverAuth, ExtendedKeyUsage.clientAuth] : [ExtendedKeyUsage.clientAuth]
  const names = serves.map(value => ({type: isIP(value) > 0 ? ('ip' as const) : ('dns' as const), value}))
  return [
    new BasicConstraintsExtension(false),
    new ExtendedKeyUsageExtension(usages),
    ...(names.length > 0 ? [new SubjectAlternativeNameExtension(names)] : []),
  ]
}

/** A key pair of its own, for service account tokens. */
export async function makeKeyPair(): Promise<{readonly publicKey: string; readonly privateKey: string}> {
  const keys = await newKeys()
  const spki = await webcrypto.subtle.exportKey('spki', keys.publicKey)
  return {publicKey: `${PemConverter.encode(spki, 'PUBLIC KEY')}\n`, privateKey: await pemOf(keys.privateKey)}
}

const newKeys = () => webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
const pemOf = async (key: webcrypto.CryptoKey) => `${PemConverter.encode(await webcrypto.subtle.exportKey('pkcs8', key), 'PRIVATE KEY')}\n`

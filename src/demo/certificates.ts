// x509 builds on tsyringe, which throws at import without this polyfill.
import 'reflect-metadata'
import {webcrypto} from 'node:crypto'
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

/** PEM texts of a throwaway CA and of one server certificate for loopback, valid for a day. */
export interface Certificates {
  readonly ca: string
  readonly certificate: string
  readonly key: string
}

const algorithm = {name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256'}
const hour = 3_600_000

export async function makeCertificates(validity: {notBefore: Date; notAfter: Date} = aroundNow()): Promise<Certificates> {
  cryptoProvider.set(webcrypto as never)
  const [caKeys, serverKeys] = await Promise.all([newKeys(), newKeys()])
  const ca = await X509CertificateGenerator.createSelfSigned({
    serialNumber: '01',
    name: 'CN=calico-doctor demo CA',
    keys: caKeys as never,
    signingAlgorithm: algorithm,
    ...aroundNow(),
    extensions: [new BasicConstraintsExtension(true, 0, true), new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true)],
  })
  const server = await X509CertificateGenerator.create({
    serialNumber: '02',
    subject: 'CN=kube-apiserver',
    issuer: ca.subject,
    publicKey: serverKeys.publicKey as never,
    signingKey: caKeys.privateKey as never,
    signingAlgorithm: algorithm,
    ...validity,
    extensions: [
      new BasicConstraintsExtension(false),
      new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
      new SubjectAlternativeNameExtension([
        {type: 'ip', value: '127.0.0.1'},
        {type: 'dns', value: 'localhost'},
        {type: 'dns', value: 'kubernetes'},
      ]),
    ],
  })
  const key = PemConverter.encode(await webcrypto.subtle.exportKey('pkcs8', serverKeys.privateKey), 'PRIVATE KEY')
  return {ca: `${ca.toString('pem')}\n`, certificate: `${server.toString('pem')}\n`, key: `${key}\n`}
}

const newKeys = () => webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
const aroundNow = () => ({notBefore: new Date(Date.now() - hour), notAfter: new Date(Date.now() + 24 * hour)})

import {readFile} from 'node:fs/promises'
import {createSecureContext} from 'node:tls'
import type {DatastoreType} from '../calico/cluster.ts'
import {SourceError, UsageError} from '../engine/errors.ts'
import type {Env} from './connect-options.ts'
import {given} from './kubeconfig-entries.ts'
import {oneLine, quoted, systemReason} from './words.ts'

/** Flags by calicoctl's names; each one that is missing may be in the environment: `ETCD_ENDPOINTS`, `ETCD_CA_CERT_FILE`, … */
export interface EtcdFlags {
  readonly datastore?: 'kubernetes' | 'etcd' | undefined
  readonly 'etcd-endpoints'?: string | undefined
  readonly 'etcd-ca-cert-file'?: string | undefined
  readonly 'etcd-cert-file'?: string | undefined
  readonly 'etcd-key-file'?: string | undefined
}
export interface EtcdSettings {
  readonly datastore?: DatastoreType
  /** URLs. */
  readonly endpoints?: readonly string[]
  readonly caFile?: string
  readonly certificateFile?: string
  readonly keyFile?: string
}
/** PEM texts. Without a CA, those that this machine trusts. */
export interface EtcdPems {
  readonly ca?: string
  readonly certificate?: string
  readonly key?: string
}

/** @throws UsageError for endpoints that are no URLs, SourceError for files of flags that cannot be used */
export async function etcdSettings(flags: EtcdFlags, env: Env): Promise<EtcdSettings> {
  const of = (flag: Exclude<keyof EtcdFlags, 'datastore'>) => flags[flag] || env[flag.toUpperCase().replaceAll('-', '_')] || undefined
  const settings = given({
    datastore: flags.datastore === 'etcd' ? ('etcdv3' as const) : flags.datastore,
    endpoints: urlsOf(flags['etcd-endpoints']) ?? listed(env.ETCD_ENDPOINTS),
    caFile: of('etcd-ca-cert-file'),
    certificateFile: of('etcd-cert-file'),
    keyFile: of('etcd-key-file'),
  })
  // Files of the environment may be for another cluster, one with an etcd: they are read when they are needed.
  if (flags['etcd-ca-cert-file'] || flags['etcd-cert-file'] || flags['etcd-key-file']) await readPems(settings)
  return settings
}

const listed = (text: string | undefined): string[] | undefined => text?.split(',').flatMap(part => part.trim() || []) || undefined

function urlsOf(text: string | undefined): string[] | undefined {
  const urls = listed(text)
  const wrong = urls?.find(url => !isHttp(url))
  if (wrong === undefined && urls?.length !== 0) return urls
  throw new UsageError(`--etcd-endpoints: ${quoted(wrong ?? '')} is no http or https URL`, 'Write them as https://10.0.0.1:2379,https://10.0.0.2:2379')
}

export const isHttp = (url: string): boolean => ['http:', 'https:'].includes(URL.parse(url)?.protocol ?? '')

/** @throws SourceError with one sentence and the next step */
export async function readPems({caFile, certificateFile, keyFile}: EtcdSettings): Promise<EtcdPems> {
  const [ca, certificate, key] = await Promise.all([
    readPem(caFile, 'CA', '--etcd-ca-cert-file'),
    readPem(certificateFile, 'client certificate', '--etcd-cert-file'),
    readPem(keyFile, 'client key', '--etcd-key-file'),
  ])
  if ((certificate === undefined) !== (key === undefined))
    throw new SourceError(
      `For etcd there is a client ${key === undefined ? 'certificate' : 'key'} without its ${key === undefined ? 'key' : 'certificate'}.`,
      'Give both --etcd-cert-file and --etcd-key-file.',
    )
  try {
    createSecureContext({...given({ca, cert: certificate, key})})
  } catch (error) {
    const files = [caFile, certificateFile, keyFile].filter(file => file !== undefined).join(', ')
    throw new SourceError(
      `The certificates for etcd cannot be used (${files}): ${oneLine((error as Error).message)}.`,
      'Certificate and key must belong together.',
      {
        cause: error,
      },
    )
  }
  return given({ca, certificate, key})
}

async function readPem(file: string | undefined, what: string, flag: string): Promise<string | undefined> {
  if (file === undefined) return undefined
  const text = await readFile(file, 'utf8').catch(error => {
    throw new SourceError(`The ${what} for etcd ${file} cannot be read: ${systemReason(error)}.`, `Check ${flag} and the permissions of that file.`, {
      cause: error,
    })
  })
  // Node takes text without any certificate for an empty list of CAs.
  if (text.includes('-----BEGIN ')) return text
  throw new SourceError(`The ${what} for etcd ${file} holds no PEM text.`, `Check ${flag}.`)
}

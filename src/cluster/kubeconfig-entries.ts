import {isAbsolute, join} from 'node:path'
import {type Entry, isMapping} from './kubeconfig-files.ts'

export interface ClusterEntry {
  readonly name: string
  readonly ca?: Pem
  readonly insecure: boolean
  readonly serverName?: string
  readonly proxyUrl?: string
  readonly compress: boolean
  /** As written, for credential plugins that ask for it. */
  readonly body: Readonly<Record<string, unknown>>
}
export interface UserEntry {
  readonly name: string
  readonly token?: string
  readonly tokenFile?: string
  readonly basic?: {readonly username: string; readonly password: string}
  readonly certificate?: Pem
  readonly key?: Pem
  readonly as?: string
  readonly asGroups: readonly string[]
  readonly asUid?: string
  readonly asExtra: Readonly<Record<string, readonly string[]>>
  /** `exec` and `auth-provider`, with the plugin's path made absolute. */
  readonly body: Readonly<Record<string, unknown>>
}
/** PEM text, from the kubeconfig itself or from a file; data beats file (client-go: tools/clientcmd/api/types.go). */
export type Pem = {readonly text: string} | {readonly file: string}

export function clusterOf({name, body, folder}: Entry): ClusterEntry {
  return {
    name,
    ...given({
      ca: pem(body['certificate-authority-data'], body['certificate-authority'], folder),
      serverName: text(body['tls-server-name']),
      proxyUrl: text(body['proxy-url']),
    }),
    insecure: body['insecure-skip-tls-verify'] === true,
    compress: body['disable-compression'] !== true,
    body,
  }
}

export function userOf({name, body, folder}: Entry): UserEntry {
  const tokenFile = text(body.tokenFile)
  const username = text(body.username)
  return {
    name,
    ...given({
      token: text(body.token),
      tokenFile: tokenFile && within(folder, tokenFile),
      basic: username === undefined ? undefined : {username, password: text(body.password) ?? ''},
      certificate: pem(body['client-certificate-data'], body['client-certificate'], folder),
      key: pem(body['client-key-data'], body['client-key'], folder),
      as: text(body.as),
      asUid: text(body['as-uid']),
    }),
    asGroups: texts(body['as-groups']),
    asExtra: Object.fromEntries(Object.entries(isMapping(body['as-user-extra']) ? body['as-user-extra'] : {}).map(([key, values]) => [key, texts(values)])),
    body: {
      ...(isMapping(body.exec) && {exec: withCommandIn(folder, body.exec)}),
      ...(isMapping(body['auth-provider']) && {'auth-provider': body['auth-provider']}),
    },
  }
}

/** A plugin named by a path with a slash is beside the kubeconfig; a bare name is on PATH. */
function withCommandIn(folder: string, exec: Readonly<Record<string, unknown>>): object {
  const command = text(exec.command)
  return command?.includes('/') ? {...exec, command: within(folder, command)} : exec
}

function pem(data: unknown, file: unknown, folder: string): Pem | undefined {
  if (typeof data === 'string' && data !== '') return {text: Buffer.from(data, 'base64').toString()}
  return typeof file === 'string' && file !== '' ? {file: within(folder, file)} : undefined
}

const within = (folder: string, path: string) => (isAbsolute(path) ? path : join(folder, path))
export const text = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined)
const texts = (value: unknown): string[] => (Array.isArray(value) ? value.filter(item => typeof item === 'string') : [])

/** Without the fields that are not there. */
export function given<T extends object>(fields: T): {[K in keyof T]?: Exclude<T[K], undefined>} {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as never
}

import {readFile} from 'node:fs/promises'
import {CredentialError, type Credentials} from './credential.ts'
import type {UserEntry} from './kubeconfig-entries.ts'
import {pluginCredentials} from './plugin-credentials.ts'
import type {Target} from './target.ts'
import {quoted, systemReason} from './words.ts'

/** In the order of client-go: a token that is written down beats a plugin (plugin/pkg/client/auth/exec), and impersonation rides on any of them. */
export async function credentialsOf(target: Target): Promise<Credentials> {
  const {user} = target
  const certificate = await pemOf(user, 'certificate')
  const key = await pemOf(user, 'key')
  const own = {...(certificate !== undefined && {certificate}), ...(key !== undefined && {key})}
  const who = whoOf(target)
  const as = impersonation(user)
  return {
    get: async () => {
      const {headers, ...rest} = await who.get()
      return {...own, ...rest, headers: {...headers, ...as}}
    },
    renew: who.renew,
  }
}

function whoOf(target: Target): Credentials {
  const {user} = target
  if (user.tokenFile !== undefined) return tokenFromFile(user.tokenFile)
  if (user.token !== undefined) return fixed({authorization: `Bearer ${user.token}`})
  if (user.basic) return fixed({authorization: `Basic ${Buffer.from(`${user.basic.username}:${user.basic.password}`).toString('base64')}`})
  return user.body.exec !== undefined || user.body['auth-provider'] !== undefined ? pluginCredentials(target) : fixed({})
}

const fixed = (headers: Record<string, string>): Credentials => ({get: async () => ({headers}), renew: () => false})

/** Service account tokens are rotated under us. client-node ignores `tokenFile`; client-go reads it again each minute, without its line end. */
function tokenFromFile(file: string): Credentials {
  let read: {at: number; token: Promise<string>} | undefined
  const token = () => {
    if (!read || performance.now() - read.at > 60_000) read = {at: performance.now(), token: readToken(file)}
    return read.token
  }
  return {
    get: async () => ({headers: {authorization: `Bearer ${await token()}`}}),
    renew: () => {
      read = undefined
      return true
    },
  }
}

async function readToken(file: string): Promise<string> {
  const token = await readFile(file, 'utf8').catch(error => {
    throw new CredentialError(
      `The token file ${file} cannot be read: ${systemReason(error)}.`,
      'Mend tokenFile in the kubeconfig, or the permissions of that file.',
      {cause: error},
    )
  })
  return token.trim()
}

/** client-node sends the first of these headers only (kubernetes-client/javascript#2373), and so asks with other rights than kubectl. */
function impersonation({as, asGroups, asUid, asExtra}: UserEntry): Record<string, string | string[]> {
  if (as === undefined) {
    if (asGroups.length === 0 && asUid === undefined && Object.keys(asExtra).length === 0) return {}
    throw new CredentialError('Groups, a uid or extra are to be impersonated, but no user.', 'Give --as too, or set as beside as-groups in the kubeconfig.')
  }
  const extra = Object.entries(asExtra).map(([key, values]) => [`impersonate-extra-${encodeURIComponent(key.toLowerCase())}`, [...values]] as const)
  return {
    'impersonate-user': as,
    ...(asGroups.length > 0 && {'impersonate-group': [...asGroups]}),
    ...(asUid !== undefined && {'impersonate-uid': asUid}),
    ...Object.fromEntries(extra),
  }
}

async function pemOf(user: UserEntry, part: 'certificate' | 'key'): Promise<string | undefined> {
  const pem = user[part]
  if (!pem) return undefined
  if ('text' in pem) return pem.text
  return readFile(pem.file, 'utf8').catch(error => {
    throw new CredentialError(
      `The client ${part} ${pem.file} of user ${quoted(user.name)} cannot be read: ${systemReason(error)}.`,
      `Mend client-${part} in the kubeconfig, or the permissions of that file.`,
      {cause: error},
    )
  })
}

import type {IncomingHttpHeaders} from 'node:http'
import type {User} from './rbac.ts'
import {unauthorized} from './status.ts'

/** By bearer token. */
export type Users = ReadonlyMap<string, User>

/** Who asks, or whom he speaks for. Throws the 401 of an API server that lets nobody in without a name. */
export function signedIn({authorization = '', ...headers}: IncomingHttpHeaders, users: Users): User {
  const token = /^Bearer (.+)$/i.exec(authorization)?.[1]
  const user = token === undefined ? undefined : users.get(token)
  if (!user) throw unauthorized()
  const as = headers['impersonate-user']
  return typeof as === 'string' ? impersonated(as, String(headers['impersonate-group'] ?? ''), users) : user
}

/** Somebody unknown has no rights at all, but for members of system:masters. */
function impersonated(name: string, groups: string, users: Users): User {
  const known = [...users.values()].find(user => user.name === name)
  if (known) return known
  return groups.split(/,\s*/).includes('system:masters') ? {name} : {name, rules: []}
}

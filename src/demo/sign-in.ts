import type {IncomingHttpHeaders} from 'node:http'
import {anonymous, authorise, type User} from './rbac.ts'
import {unauthorized} from './status.ts'

/** By bearer token. */
export type Users = ReadonlyMap<string, User>

/**
 * Who asks, or whom he speaks for. Who shows nothing at all is anonymous, as `--anonymous-auth` has it unless told otherwise. Throws the 401 of a token
 * that nobody has, and the 403 of who may not speak for others.
 */
export function signedIn({authorization = '', ...headers}: IncomingHttpHeaders, users: Users): User {
  const token = /^Bearer (.+)$/i.exec(authorization)?.[1]
  const user = token === undefined ? anonymous : users.get(token)
  if (!user) throw unauthorized()
  const as = headers['impersonate-user']
  if (typeof as !== 'string') return user
  authorise(user, {path: '', verb: 'impersonate', group: '', resource: 'users', subresource: '', namespace: '', name: as})
  return impersonated(as, String(headers['impersonate-group'] ?? ''), users)
}

/** Somebody unknown has no rights at all, but for members of system:masters. */
function impersonated(name: string, groups: string, users: Users): User {
  const known = [...users.values()].find(user => user.name === name)
  if (known) return known
  return groups.split(/,\s*/).includes('system:masters') ? {name} : {name, rules: []}
}

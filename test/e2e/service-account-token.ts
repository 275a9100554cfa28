import {createPrivateKey, sign} from 'node:crypto'

export const issuer = 'https://kubernetes.default.svc.cluster.local'

export interface TokenOptions {
  readonly namespace: string
  readonly name: string
  /** The API server looks whether it is still the same account. */
  readonly uid: string
  /** TokenRequest grants ten minutes at least; a token that is signed here may live as shortly as a test likes. */
  readonly seconds: number
}

/** A bound service account token as the API server would sign it (kubernetes: pkg/serviceaccount/claims.go). */
export function serviceAccountToken(privateKey: string, {namespace, name, uid, seconds}: TokenOptions): string {
  const now = Math.floor(Date.now() / 1000)
  const claims = {
    aud: [issuer],
    iss: issuer,
    sub: `system:serviceaccount:${namespace}:${name}`,
    // Two clocks of one machine: no leeway is needed, but a second is cut off.
    iat: now - 1,
    nbf: now - 1,
    exp: now + seconds,
    'kubernetes.io': {namespace, serviceaccount: {name, uid}},
  }
  const unsigned = [{alg: 'ES256'}, claims].map(part => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.')
  const signature = sign('sha256', Buffer.from(unsigned), {key: createPrivateKey(privateKey), dsaEncoding: 'ieee-p1363'})
  return `${unsigned}.${signature.toString('base64url')}`
}

import type {IncomingMessage} from 'node:http'
import {Agent, type RequestOptions, request} from 'node:https'
import {text} from 'node:stream/consumers'
import type {Issued} from './authority.ts'

/** How to reach an API server, and as whom: by token or by client certificate. */
export interface Identity {
  readonly url: string
  /** PEM. */
  readonly ca: string
  readonly token?: string
  readonly client?: Issued
}
export interface ApiRequest {
  readonly body?: unknown
  /** Content-Type of the body; application/json unless it says otherwise. */
  readonly type?: string
  readonly accept?: string
  readonly headers?: Readonly<Record<string, string>>
}
export interface ApiAnswer {
  readonly status: number
  readonly headers: IncomingMessage['headers']
  readonly text: string
  /** @throws SyntaxError when the answer is no JSON */
  json(): any
}
/** Plain HTTPS with nothing of the product in it, so that a test does not look through the eyes that it tests. */
export interface Api {
  readonly identity: Identity
  ask(method: string, path: string, options?: ApiRequest): Promise<ApiAnswer>
  /** @throws unless the answer is 2xx */
  must(method: string, path: string, options?: ApiRequest): Promise<any>
  /** An answer that is read while it comes: watches. */
  open(path: string, headers?: Readonly<Record<string, string>>): Promise<IncomingMessage>
  close(): void
}

export function apiFor(identity: Identity): Api {
  const agent = new Agent({keepAlive: true, maxSockets: 20})
  const open = (method: string, path: string, options: ApiRequest) => answering(method, path, options, identity, agent)
  const ask = async (method: string, path: string, options: ApiRequest = {}): Promise<ApiAnswer> => {
    const response = await open(method, path, options)
    const said = await text(response)
    return {status: response.statusCode ?? 0, headers: response.headers, text: said, json: () => JSON.parse(said)}
  }
  return {
    identity,
    ask,
    async must(method, path, options) {
      const {status, text: said, json} = await ask(method, path, options)
      if (status < 200 || status > 299) throw new Error(`${method} ${path}: ${status} ${said}`)
      return said === '' ? undefined : json()
    },
    open: (path, headers = {}) => open('GET', path, {headers}),
    close: () => agent.destroy(),
  }
}

function answering(method: string, path: string, {body, type, accept, headers: more}: ApiRequest, identity: Identity, agent: Agent): Promise<IncomingMessage> {
  const sent = body === undefined ? undefined : JSON.stringify(body)
  const headers = {
    Accept: accept ?? 'application/json',
    ...more,
    ...(identity.token !== undefined && {Authorization: `Bearer ${identity.token}`}),
    ...(sent !== undefined && {'Content-Type': type ?? 'application/json', 'Content-Length': Buffer.byteLength(sent)}),
  }
  const options: RequestOptions = {agent, method, headers, ...tlsOf(identity)}
  return new Promise((resolve, reject) => {
    request(new URL(path, identity.url), options, resolve).once('error', reject).end(sent)
  })
}

export const tlsOf = ({ca, client}: Identity) => ({ca, ...(client && {cert: client.certificate, key: client.key})})

const base64 = (text: string) => Buffer.from(text).toString('base64')
/** A kubeconfig as kubeadm writes it, in JSON, which is YAML too. */
export function kubeconfigOf({url, ca, token, client}: Identity): string {
  const name = 'e2e'
  const user = {
    ...(token !== undefined && {token}),
    ...(client && {'client-certificate-data': base64(client.certificate), 'client-key-data': base64(client.key)}),
  }
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': name,
    clusters: [{name, cluster: {server: url, 'certificate-authority-data': base64(ca)}}],
    contexts: [{name, context: {cluster: name, user: name}}],
    users: [{name, user}],
  })
}

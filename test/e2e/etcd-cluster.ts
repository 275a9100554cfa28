import {once} from 'node:events'
import {mkdirSync, writeFileSync} from 'node:fs'
import type {IncomingMessage} from 'node:http'
import {request} from 'node:https'
import {join} from 'node:path'
import {text} from 'node:stream/consumers'
import {type Authority, makeAuthority} from './authority.ts'
import {type Daemon, startDaemon} from './daemon.ts'
import {freePorts} from './free-ports.ts'
import {ownFolder, removeFolder} from './leftovers.ts'

/** A real etcd on loopback that lets in who has a client certificate of its authority. */
export interface EtcdCluster {
  readonly authority: Authority
  readonly endpoints: readonly string[]
  readonly folder: string
  /** Writes into the folder; returns the path. */
  file(name: string, content: string): string
  /** Asks the first member's gateway as a client of its authority. */
  post(path: string, body: object): Promise<any>
  put(key: string, value: object): Promise<void>
  /** Ends a member as a power cut would. */
  kill(member: number): Promise<void>
  close(): Promise<void>
}

export async function startEtcdCluster(program: string, members: 1 | 3): Promise<EtcdCluster> {
  const folder = ownFolder()
  const authority = await makeAuthority('etcd CA')
  const [server, client] = await Promise.all([authority.issue({name: 'etcd', serves: ['127.0.0.1', 'localhost']}), authority.issue({name: 'calico'})])
  const file = (name: string, content: string) => {
    writeFileSync(join(folder, name), content, {mode: 0o600})
    return join(folder, name)
  }
  const tls = {ca: file('ca.crt', authority.certificate), cert: file('server.crt', server.certificate), key: file('server.key', server.key)}
  const ports = await freePorts(members * 2)
  const places = Array.from({length: members}, (_, index) => ({
    name: `m${index}`,
    client: `https://127.0.0.1:${ports[index]}`,
    peer: `http://127.0.0.1:${ports[members + index]}`,
  }))
  const initial = places.map(({name, peer}) => `${name}=${peer}`).join(',')
  const daemons: Daemon[] = places.map(({name, client, peer}) => {
    mkdirSync(join(folder, name), {mode: 0o700})
    return startDaemon(folder, program, [
      `--name=${name}`,
      `--data-dir=${join(folder, name)}`,
      ...[`--listen-client-urls=${client}`, `--advertise-client-urls=${client}`],
      ...[`--listen-peer-urls=${peer}`, `--initial-advertise-peer-urls=${peer}`, `--initial-cluster=${initial}`],
      ...[`--cert-file=${tls.cert}`, `--key-file=${tls.key}`, `--trusted-ca-file=${tls.ca}`, '--client-cert-auth'],
      ...['--unsafe-no-fsync', '--log-level=warn'],
    ])
  })
  const asClient = {ca: authority.certificate, cert: client.certificate, key: client.key}
  const cluster = {
    authority,
    endpoints: places.map(place => place.client),
    folder,
    file,
    post: (path: string, body: object) => post(`${places[0]!.client}${path}`, body, asClient),
    put: async (key: string, value: object) => void (await cluster.post('/v3/kv/put', {key: base64(key), value: base64(JSON.stringify(value))})),
    kill: (member: number) => daemons[member]!.stop(),
    close: async () => {
      await Promise.all(daemons.map(daemon => daemon.stop()))
      removeFolder(folder)
    },
  }
  try {
    await ready(cluster.post, daemons)
    return cluster
  } catch (error) {
    await cluster.close()
    throw error
  }
}

const base64 = (text: string) => Buffer.from(text).toString('base64')

async function ready(ask: EtcdCluster['post'], daemons: readonly Daemon[]): Promise<void> {
  const deadline = performance.now() + 30_000
  for (;;) {
    const error = await ask('/v3/kv/range', {key: base64('/')}).then(
      () => undefined,
      (reason: Error) => reason,
    )
    if (!error) return
    for (const {ended, lastWords} of daemons) if (ended() !== undefined) throw new Error(`etcd: ${ended()}:\n${lastWords()}`)
    if (performance.now() > deadline) throw new Error(`etcd is not ready: ${error.message}`)
    await new Promise(resolve => setTimeout(resolve, 100))
  }
}

async function post(url: string, body: object, tls: {ca: string; cert: string; key: string}): Promise<any> {
  const asked = request(url, {method: 'POST', ...tls, agent: false, timeout: 5_000})
  asked.on('timeout', () => asked.destroy(new Error('no answer in 5 s')))
  asked.end(JSON.stringify(body))
  const [response] = (await once(asked, 'response')) as [IncomingMessage]
  const answer = await text(response)
  if (response.statusCode !== 200) throw new Error(`${response.statusCode} ${answer}`)
  return JSON.parse(answer)
}

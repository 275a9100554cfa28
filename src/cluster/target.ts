import {SourceError} from '../engine/errors.ts'
import {nearest} from '../engine/nearest.ts'
import type {ConnectOptions, Env} from './connect-options.ts'
import {type ClusterEntry, clusterOf, given, text, type UserEntry, userOf} from './kubeconfig-entries.ts'
import {type Entry, type Kubeconfig, readKubeconfig} from './kubeconfig-files.ts'
import {isInCluster, serviceAccount, usualPaths} from './kubeconfig-paths.ts'
import {quoted} from './words.ts'

/** One API server, and who we are there: a context with the flags laid over it. */
export interface Target {
  readonly context: string
  readonly server: URL
  readonly cluster: ClusterEntry
  readonly user: UserEntry
}
/** @throws SourceError when no cluster can be chosen */
export async function chooseTarget(options: ConnectOptions): Promise<Target> {
  const env = options.env ?? process.env
  const config = await readKubeconfig(options.kubeconfig, env)
  const isEmpty = config.contexts.size === 0 && config.clusters.size === 0
  const inside = options.kubeconfig === undefined && isEmpty ? inCluster(env, options.serviceAccount ?? serviceAccount) : undefined
  if (inside && options.context === undefined) return withFlags(inside, options)
  if (isEmpty && options.server === undefined) throw nothingFound(config, options, env)
  return withFlags(fromContext(config, options), options)
}

function fromContext(config: Kubeconfig, options: ConnectOptions): Target {
  const context = contextOf(config, options)
  const place = config.files.join(' and ')
  const named = (part: 'cluster' | 'user', among: ReadonlyMap<string, Entry>): Entry | undefined => {
    const name = options[`${part}Name`] ?? text(context?.body[part])
    if (name === undefined) return undefined
    const entry = among.get(name)
    if (!entry) throw missingEntry(part, name, among, options[`${part}Name`] === undefined ? context?.name : undefined, place)
    return entry
  }
  const cluster = named('cluster', config.clusters)
  const server = options.server ?? text(cluster?.body.server)
  if (server === undefined) throw noServer(context, cluster, place)
  return {
    context: context?.name ?? '',
    server: serverUrl(server),
    cluster: clusterOf(cluster ?? {name: '', body: {}, folder: '.'}),
    user: userOf(named('user', config.users) ?? {name: '', body: {}, folder: '.'}),
  }
}

function contextOf({contexts, currentContext, files}: Kubeconfig, {context, clusterName, server}: ConnectOptions): Entry | undefined {
  const place = files.join(' and ')
  const names = [...contexts.keys()]
  const name = context ?? currentContext
  if (name === undefined) {
    if (server !== undefined || clusterName !== undefined) return undefined
    throw new SourceError(
      `No context is chosen: ${place} has no current-context.`,
      names.length > 0 ? `Choose one with --context: ${listed(names)}.` : contextsHelp,
    )
  }
  const entry = contexts.get(name)
  if (entry) return entry
  if (context === undefined)
    throw new SourceError(`The current-context ${quoted(name)} of ${place} does not exist there.`, `Choose one with --context: ${listed(names)}.`)
  const like = nearest(name, names)
  throw new SourceError(`There is no context ${quoted(name)} in ${place}.`, like.length > 0 ? `Did you mean ${like.map(quoted).join(' or ')}?` : contextsHelp)
}
const contextsHelp = 'kubectl config get-contexts lists them.'

function withFlags(target: Target, flags: ConnectOptions): Target {
  const {cluster, user} = target
  return {
    ...target,
    ...(flags.server !== undefined && {server: serverUrl(flags.server)}),
    cluster: {
      ...cluster,
      ...given({
        ca: flags.certificateAuthority === undefined ? undefined : {file: flags.certificateAuthority},
        serverName: flags.tlsServerName,
        insecure: flags.insecureSkipTlsVerify,
      }),
    },
    user: {...(flags.token === undefined ? user : withToken(user, flags.token)), ...given({as: flags.as, asGroups: flags.asGroups, asUid: flags.asUid})},
  }
}

/** `--token` replaces every other way to say who we are but a client certificate. */
function withToken({tokenFile: _file, basic: _basic, ...user}: UserEntry, token: string): UserEntry {
  return {...user, token, body: {}}
}

/** A pod's own service account (client-go: rest.InClusterConfig). */
function inCluster(env: Env, folder: string): Target | undefined {
  if (!isInCluster(env, folder)) return undefined
  const {KUBERNETES_SERVICE_HOST: host = '', KUBERNETES_SERVICE_PORT: port = ''} = env
  const server = serverUrl(`https://${host.includes(':') ? `[${host}]` : host}:${port}`)
  const entry = (body: Entry['body']): Entry => ({name: 'in-cluster', body, folder})
  return {context: 'in-cluster', server, cluster: clusterOf(entry({'certificate-authority': 'ca.crt'})), user: userOf(entry({tokenFile: 'token'}))}
}

function serverUrl(server: string): URL {
  const url = URL.parse(server.includes('://') ? server : `https://${server}`)
  if (url && (url.protocol === 'https:' || url.protocol === 'http:') && url.hostname !== '') return url
  throw new SourceError(
    `The server address ${quoted(server)} is no http or https URL.`,
    'It should look like https://10.0.0.1:6443; kubectl config view shows it.',
  )
}

function nothingFound({files}: Kubeconfig, {kubeconfig}: ConnectOptions, env: Env): SourceError {
  const next = 'Give one with --kubeconfig FILE or $KUBECONFIG; try the tool without a cluster with calico-doctor demo.'
  if (kubeconfig !== undefined || files.length > 0) return new SourceError(`The kubeconfig ${files.join(' and ')} names no cluster.`, next)
  return new SourceError(`There is no kubeconfig: ${usualPaths(env).join(' and ')} does not exist, and this is no pod with a service account.`, next)
}

function missingEntry(part: 'cluster' | 'user', name: string, among: ReadonlyMap<string, Entry>, context: string | undefined, place: string): SourceError {
  const like = nearest(name, [...among.keys()])
  const said =
    context === undefined
      ? `There is no ${part} ${quoted(name)} in ${place}.`
      : `Context ${quoted(context)} names ${part} ${quoted(name)}, which is not in ${place}.`
  if (like.length > 0) return new SourceError(said, `Did you mean ${like.map(quoted).join(' or ')}?`)
  return new SourceError(said, `kubectl config get-${part}s lists them.`)
}

const noServer = (context: Entry | undefined, cluster: Entry | undefined, place: string) =>
  cluster
    ? new SourceError(`Cluster ${quoted(cluster.name)} in ${place} has no server.`, `kubectl config set-cluster ${cluster.name} --server=https://… sets it.`)
    : new SourceError(`Context ${quoted(context?.name ?? '')} in ${place} names no cluster.`, 'kubectl config set-context NAME --cluster=… sets it.')

const listed = (names: readonly string[]) => `${names.slice(0, 8).map(quoted).join(', ')}${names.length > 8 ? `, … +${names.length - 8}` : ''}`

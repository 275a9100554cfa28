import type {WatchingCluster} from '../cluster/watching-cluster.ts'
import {unknown} from '../engine/collected.ts'
import type {Cluster, NodeDoor, NodeToAsk} from '../engine/collector.ts'
import {askingRightsFirst} from '../engine/exec-rights.ts'
import type {Settings} from '../engine/snapshot.ts'
import type {LookFlags} from './look.ts'

type Env = Readonly<Record<string, string | undefined>>

/** The ways into a cluster that the flags ask for. */
export interface Ways {
  readonly cluster: Cluster
  readonly door: NodeDoor | undefined
  readonly exec: Settings['exec']
  readonly context?: string
  readonly server?: string
  /** Asked instead of what the API lists: the node we are on. */
  readonly nodes?: readonly NodeToAsk[]
  /** Doors that watch what they list; undefined where there is no API. */
  readonly watching?: () => WatchingCluster
  close(): void
}

/** Loads what the chosen way needs and nothing else. `env` is for etcd. Throws SourceError when the API cannot be read. */
export async function waysIn(flags: LookFlags, signal: AbortSignal, env: Env): Promise<Ways> {
  const exec = await execOf(flags)
  if (exec === 'local') return localWays(flags, signal, env)
  const connection = await connected(flags, signal, env)
  return {...connection, exec, door: await doorOf(exec, flags, connection.cluster)}
}

/** The API, with the way to Calico's own etcd beside it. */
async function connected(flags: LookFlags, signal: AbortSignal, env: Env): Promise<Pick<Ways, 'cluster' | 'context' | 'server' | 'watching' | 'close'>> {
  const [{connect}, {etcdSettings}, {etcdDoor}] = await Promise.all([
    import('../cluster/connect.ts'),
    import('../cluster/etcd-settings.ts'),
    import('../cluster/etcd-door.ts'),
  ])
  const settings = await etcdSettings(flags, env)
  const {cluster, close, ...connection} = await connect({...apiFlags(flags), signal})
  const etcd = etcdDoor({settings, env, signal})
  return {...connection, cluster: {...cluster, etcd}, close: () => (etcd.close(), close())}
}

async function execOf({exec, kubeconfig, context}: LookFlags): Promise<Settings['exec']> {
  if (exec !== 'auto') return exec
  const {hasKubeconfig} = await import('../cluster/kubeconfig-paths.ts')
  const {hasBirdSocket} = await import('../cluster/bird-socket.ts')
  const named = kubeconfig !== undefined || context !== undefined
  return !named && !hasKubeconfig() && hasBirdSocket() ? 'local' : 'pod'
}

async function doorOf(exec: 'pod' | 'ssh' | 'none', flags: LookFlags, cluster: Cluster): Promise<NodeDoor | undefined> {
  if (exec === 'none') return undefined
  if (exec === 'pod') return askingRightsFirst((await import('../cluster/pod-door.ts')).podDoor(cluster), cluster)
  const {sshDoor} = await import('../cluster/ssh-door.ts')
  return sshDoor({...(flags['ssh-user'] !== undefined && {user: flags['ssh-user']}), options: flags['ssh-option'] ?? []})
}

/** On the node itself: no API unless a kubeconfig was named. */
async function localWays(flags: LookFlags, signal: AbortSignal, env: Env): Promise<Ways> {
  const {localDoor, localNodeName} = await import('../cluster/local-door.ts')
  const nodes = [{name: await localNodeName()}]
  const local = {exec: 'local' as const, door: localDoor(), nodes}
  if (flags.kubeconfig === undefined && flags.context === undefined) return {...local, cluster: noApi, close: () => {}}
  return {...(await connected(flags, signal, env)), ...local}
}

const notAsked = unknown('not-collected', 'no kubeconfig was given; only this node was asked')
const nothing = async () => notAsked
const noApi: Cluster = {list: nothing, get: nothing, text: nothing, can: nothing, exec: nothing}

function apiFlags({kubeconfig, context, cluster, user, as, 'as-group': asGroups}: LookFlags) {
  return {
    ...(kubeconfig !== undefined && {kubeconfig}),
    ...(context !== undefined && {context}),
    ...(cluster !== undefined && {clusterName: cluster}),
    ...(user !== undefined && {userName: user}),
    ...(as !== undefined && {as}),
    ...(asGroups !== undefined && {asGroups}),
  }
}

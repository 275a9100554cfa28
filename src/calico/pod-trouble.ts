import type {Collected} from '../engine/collected.ts'
import type {CalicoPod, ContainerStatus, KubeNode} from './kubernetes.ts'
import {runsFelix} from './runs-felix.ts'

export type TroubleKind = 'image' | 'config' | 'creating' | 'init' | 'crash' | 'killed' | 'oom' | 'unschedulable' | 'evicted' | 'notReady' | 'nodeDown'
/** Why one pod is not ready. */
export interface Trouble {
  readonly kind: TroubleKind
  readonly pod: CalicoPod
  /** Which container it is about; the pod as a whole when there is none. */
  readonly container?: ContainerStatus
  /** In the words of the kubelet, the scheduler or the container: one line. */
  readonly detail: string
}

/** A pod that is younger, or not ready for less, is starting (incidents §3: calico-node needs up to a minute). Seconds. */
export const startingFor = 60
/** Images of some hundred MB take their time on a slow link; longer than this it is stuck. Seconds. */
export const creatingFor = 300
/** From so many restarts on a container that happens to run is between two crashes. */
const restartsOfALoop = 3

/** The one cause of a pod that is not ready; `starting` when it may just need time, undefined when nothing is wrong or it is on its way out. */
export function podTrouble(pod: CalicoPod, node: KubeNode | undefined): Trouble | 'starting' | undefined {
  if (pod.terminating || pod.phase === 'Succeeded') return undefined
  // Of a node whose kubelet is silent even `ready` is old.
  if (pod.ready && node?.ready !== 'Unknown') return undefined
  if (pod.phase === 'Failed') return {kind: 'evicted', pod, detail: wordsOf(pod.reason ?? 'Failed', pod.message)}
  // The kubelet of a dead node reports no more: what it last said of its pods is old.
  if (node && node.ready !== 'True') return {kind: 'nodeDown', pod, detail: `node ${node.name} is not Ready (${node.ready})`}
  if (pod.node === undefined)
    return older(pod.age, startingFor) ? {kind: 'unschedulable', pod, detail: wordsOf(pod.reason ?? 'Pending', pod.message)} : 'starting'
  const init = pod.containers.find(container => container.init && !(container.state === 'terminated' && container.exitCode === 0))
  return (init && initTrouble(pod, init)) ?? mainTrouble(pod)
}

/**
 * Nodes whose calico-node is younger than that, not ready yet and never ended: BIRD may have no socket, and neighbours call in vain. One that was restarted had its
 * time to start.
 */
export function startingNodes(pods: Collected<readonly CalicoPod[]>): ReadonlySet<string> {
  const young = (pods.known ? pods.value : []).filter(
    ({app, ready, terminating, age, containers}) =>
      runsFelix({app}) && !ready && !terminating && !older(age ?? startingFor, startingFor) && containers.every(({init, restarts}) => init || restarts === 0),
  )
  return new Set(young.flatMap(({node}) => node ?? []))
}

/** `Pod kube-system/calico-node-x on a, container calico-node: Error, exit code 2` */
export function troubleLine({pod: {namespace, name, node}, container, detail}: Trouble): string {
  const place = `Pod ${namespace}/${name}${node === undefined ? '' : ` on ${node}`}`
  return `${place}${container ? `, container ${container.name}` : ''}: ${detail}`
}

function initTrouble(pod: CalicoPod, container: ContainerStatus): Trouble | 'starting' {
  const known = ended(pod, container) ?? waiting(pod, container)
  if (known && known !== 'starting') return known.kind === 'crash' || known.kind === 'killed' ? {...known, kind: 'init'} : known
  return older(pod.age, creatingFor) ? {kind: 'init', pod, container, detail: `${container.state} for ${pod.age} s`} : 'starting'
}

function mainTrouble(pod: CalicoPod): Trouble | 'starting' {
  const main = pod.containers.filter(({init}) => !init)
  for (const container of main) {
    const trouble = ended(pod, container) ?? waiting(pod, container) ?? looping(pod, container)
    if (trouble) return trouble
  }
  const container = main.find(({ready}) => !ready)
  if (!older(pod.readyChangedFor ?? pod.age, startingFor)) return 'starting'
  const since = pod.readyChangedFor === undefined ? '' : ` for ${pod.readyChangedFor} s`
  return {kind: 'notReady', pod, ...(container && {container}), detail: `${container?.state ?? pod.phase}, not ready${since}${restarts(container)}`}
}

const imageReasons = /^(ErrImagePull|ImagePullBackOff|ErrImageNeverPull|InvalidImageName|ImageInspectError|RegistryUnavailable)$/
const configReasons = /^(CreateContainerConfigError|CreateContainerError|RunContainerError|PreStartHookError|PostStartHookError)$/

/** Reasons of waiting: kubernetes pkg/kubelet/images/types.go and pkg/kubelet/container/sync_result.go. */
function waiting(pod: CalicoPod, container: ContainerStatus): Trouble | 'starting' | undefined {
  if (container.state !== 'waiting') return undefined
  const {reason = '', message} = container
  if (imageReasons.test(reason)) return {kind: 'image', pod, container, detail: wordsOf(reason, message)}
  if (configReasons.test(reason)) return {kind: 'config', pod, container, detail: wordsOf(reason, message)}
  if (reason === 'CrashLoopBackOff') return crash(pod, container, container.last?.reason, container.last?.exitCode, container.last?.message)
  return older(pod.age, creatingFor) ? {kind: 'creating', pod, container, detail: `${wordsOf(reason, message)} for ${pod.age} s`} : 'starting'
}

/** A container of a DaemonSet should never end, whatever its exit code; one of the start-up should end with 0. */
const ended = (pod: CalicoPod, container: ContainerStatus): Trouble | undefined =>
  container.state === 'terminated' ? crash(pod, container, container.reason, container.exitCode, container.message) : undefined

const looping = (pod: CalicoPod, container: ContainerStatus): Trouble | undefined =>
  !container.ready && container.last && container.restarts >= restartsOfALoop
    ? crash(pod, container, container.last.reason, container.last.exitCode, container.last.message)
    : undefined

function crash(pod: CalicoPod, container: ContainerStatus, reason = 'unknown reason', exitCode?: number, message?: string): Trouble {
  const end = `${reason}${exitCode === undefined ? '' : `, exit code ${exitCode}`}${restarts(container)}`
  return {kind: kindOfEnd(reason, exitCode), pod, container, detail: wordsOf(end, message)}
}

/** 143 is SIGTERM and 137 SIGKILL: from outside, so no crash. Manifests give calico-node no time to end, so the kubelet's way is 137 there. */
function kindOfEnd(reason: string, exitCode: number | undefined): TroubleKind {
  if (reason === 'OOMKilled') return 'oom'
  return exitCode === 143 || exitCode === 137 ? 'killed' : 'crash'
}

const restarts = (container: ContainerStatus | undefined) => (container?.restarts ? `, ${container.restarts} restarts` : '')
/** An age that is not known is no proof of age. */
const older = (seconds: number | undefined, limit: number) => seconds !== undefined && seconds >= limit

/** Termination messages hold whole logs: the last line is the one that says why. */
function wordsOf(reason: string, message = ''): string {
  const line = message.trim().split('\n').at(-1)?.trim().slice(0, 200) ?? ''
  return line === '' ? reason : `${reason}: ${line}`
}

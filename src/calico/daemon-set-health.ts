import type {CalicoPod, KubeNode, Workload} from './kubernetes.ts'
import {podTrouble, type Trouble} from './pod-trouble.ts'
import {runsFelix} from './runs-felix.ts'

export interface DaemonSetHealth {
  /** Pods with one cause in common: the same kind, container and image. */
  readonly groups: readonly (readonly [Trouble, ...Trouble[]])[]
  /** Pods that should be there and are not. */
  readonly absent: number
  /** Why there is no telling about the rest. */
  readonly unsure: readonly string[]
}

export function daemonSetHealth(daemonSet: Workload, pods: readonly CalicoPod[], nodes: ReadonlyMap<string, KubeNode>): DaemonSetHealth {
  const {namespace, desired, ready, podLabels} = daemonSet
  const app = podLabels['k8s-app'] ?? ''
  // Its pods are listed by that label.
  if (!runsFelix({app}))
    return {groups: [], absent: 0, unsure: ready < desired ? [`${countsOf(daemonSet)}, and its pods carry no label k8s-app that is looked for`] : []}
  const own = pods.filter(pod => pod.namespace === namespace && pod.app === app)
  if (own.length === 0 && ready > 0) return {groups: [], absent: 0, unsure: [`${countsOf(daemonSet)}, and none of its pods was seen`]}
  const present = withoutReplaced(own)
  const verdicts = present.map(pod => podTrouble(pod, nodes.get(pod.node ?? '')))
  const troubles = verdicts.filter(verdict => verdict !== undefined && verdict !== 'starting')
  const starting = verdicts.filter(verdict => verdict === 'starting').length
  const moving = starting + own.filter(({terminating}) => terminating).length
  const gone = Math.min(desired - ready, desired - present.filter(({terminating}) => !terminating).length)
  const rollout = daemonSet.updated < desired
  return {
    groups: grouped(troubles),
    absent: gone > 0 && moving === 0 && !rollout ? gone : 0,
    unsure: troubles.length === 0 ? unsure({daemonSet, moving, rollout, gone}) : [],
  }
}

/** An evicted pod stays listed for a while beside the one that took its place. */
const withoutReplaced = (pods: readonly CalicoPod[]) =>
  pods.filter(pod => pod.phase !== 'Failed' || !pods.some(other => other !== pod && other.node === pod.node && isLive(other)))
const isLive = ({terminating, phase}: CalicoPod) => !terminating && phase !== 'Failed' && phase !== 'Succeeded'

interface Doubt {
  readonly daemonSet: Workload
  readonly moving: number
  readonly rollout: boolean
  readonly gone: number
}
function unsure({daemonSet, moving, rollout, gone}: Doubt): string[] {
  if (moving > 0) return [`${countsOf(daemonSet)}: ${moving} are just starting or ending`]
  if (daemonSet.ready >= daemonSet.desired) return []
  if (rollout) return [`${countsOf(daemonSet)}: a rollout is under way, ${daemonSet.updated} pods are on the new template`]
  return gone > 0 ? [] : [`${countsOf(daemonSet)}, while its pods were all ready a moment later or before`]
}

/** As its status says. */
export const countsOf = ({namespace, name, desired, ready}: Workload) => `DaemonSet ${namespace}/${name} counts ${ready} of ${desired} pods ready`

function grouped(troubles: readonly Trouble[]): (readonly [Trouble, ...Trouble[]])[] {
  const byCause = new Map<string, [Trouble, ...Trouble[]]>()
  for (const trouble of troubles) {
    const cause = JSON.stringify([trouble.kind, trouble.container?.name, trouble.kind === 'image' ? trouble.container?.image : ''])
    const same = byCause.get(cause)
    if (same) same.push(trouble)
    else byCause.set(cause, [trouble])
  }
  return [...byCause.values()]
}

import {change} from '../change.ts'
import type {ClusterState} from '../cluster-state.ts'
import {digest, suffixOf} from './identity.ts'
import {objectOf} from './meta.ts'
import type {ClusterPlan, PlannedNode} from './plan.ts'
import {put} from './put.ts'

/** What ails a calico-node pod that runs and is not ready, in the words of its probes (node/pkg/health/health.go). */
export interface Ailment {
  readonly since: string
  readonly unready: string
  readonly unlive: string
  /** The kubelet starts it anew each time the liveness probe has failed six times. */
  readonly restarts: number
  readonly lastStart: string
}

/** The pod, the DaemonSet's counts and the kubelet's events all say so. */
export function notReady(state: ClusterState, plan: ClusterPlan, node: PlannedNode, ailment: Ailment): void {
  const {namespace, name} = plan.pods.find(one => one.app === plan.daemonSet && one.node === node)!
  change(state, {resource: 'pods', name, namespace}, ({status}) => ail(status, ailment))
  change(state, {resource: 'daemonsets.apps', name: plan.daemonSet}, ({status}) => {
    status.numberReady--
    status.numberAvailable--
    status.numberUnavailable = (status.numberUnavailable ?? 0) + 1
  })
  put(state.objects, 'events', event(namespace, name, `Readiness probe failed: calico/node is not ready: ${ailment.unready}\n`, ailment))
  put(state.objects, 'events', event(namespace, name, `Liveness probe failed: calico/node is not ready: ${ailment.unlive}\n`, ailment))
  state.objects.events!.sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1))
}

function ail(status: {conditions: {type: string}[]; containerStatuses: object[]}, {since, restarts, lastStart}: Ailment): void {
  for (const condition of status.conditions) {
    if (condition.type !== 'Ready' && condition.type !== 'ContainersReady') continue
    Object.assign(condition, {
      status: 'False',
      lastTransitionTime: since,
      reason: 'ContainersNotReady',
      message: 'containers with unready status: [calico-node]',
    })
  }
  const before = {exitCode: 143, reason: 'Error', startedAt: since, finishedAt: lastStart, containerID: `containerd://${digest(`${since} ${lastStart}`)}`}
  Object.assign(status.containerStatuses[0]!, {ready: false, restartCount: restarts, state: {running: {startedAt: lastStart}}, lastState: {terminated: before}})
}

const event = (namespace: string, pod: string, message: string, {since}: Ailment) =>
  objectOf(
    'Event',
    `${pod}.${suffixOf(`event ${pod} ${message}`, 16)}`,
    {namespace, since},
    {
      involvedObject: {kind: 'Pod', namespace, name: pod, apiVersion: 'v1', fieldPath: 'spec.containers{calico-node}'},
      reason: 'Unhealthy',
      message,
      source: {component: 'kubelet'},
      firstTimestamp: since,
      lastTimestamp: '2025-11-18T09:29:52Z',
      count: 464,
      type: 'Warning',
    },
  )

import {change} from '../change.ts'
import type {ClusterState} from '../cluster-state.ts'
import {suffixOf} from './identity.ts'
import {objectOf} from './meta.ts'
import type {ClusterPlan, PlannedNode} from './plan.ts'
import {put} from './put.ts'

const since = '2025-11-18T08:12:31Z'

/** A calico-node pod that runs and is not ready: the pod, the DaemonSet's counts, and the kubelet's event say so. */
export function notReady(state: ClusterState, plan: ClusterPlan, node: PlannedNode, reason: string): void {
  const pod = plan.pods.find(one => one.app === plan.daemonSet && one.node === node)!
  change(state, {resource: 'pods', name: pod.name, namespace: pod.namespace}, ({status}) => {
    for (const condition of status.conditions) {
      if (condition.type !== 'Ready' && condition.type !== 'ContainersReady') continue
      Object.assign(condition, {
        status: 'False',
        lastTransitionTime: since,
        reason: 'ContainersNotReady',
        message: 'containers with unready status: [calico-node]',
      })
    }
    status.containerStatuses[0].ready = false
  })
  change(state, {resource: 'daemonsets.apps', name: plan.daemonSet}, ({status}) => {
    status.numberReady--
    status.numberAvailable--
    status.numberUnavailable = (status.numberUnavailable ?? 0) + 1
  })
  const message = `Readiness probe failed: calico/node is not ready: ${reason}\n`
  put(state.objects, 'events', event(pod.namespace, pod.name, message))
  state.objects.events!.sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1))
}

const event = (namespace: string, pod: string, message: string) =>
  objectOf(
    'Event',
    `${pod}.${suffixOf(`event ${pod}`, 16)}`,
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

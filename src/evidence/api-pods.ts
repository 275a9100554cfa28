import {safePart} from '../bundle/paths.ts'
import type {CalicoPod} from '../calico/kubernetes.ts'
import {runsFelix} from '../calico/runs-felix.ts'
import type {Limits} from '../engine/collector.ts'
import {ask, askThrough, missed, originOf} from './api-ask.ts'
import {describePod} from './api-describe.ts'
import {type EventRow, eventsAt, namespaceEvents} from './api-events.ts'
import {type Gate, gatesOf} from './api-gate.ts'
import {once} from './api-group.ts'
import {podMetrics, servesMetrics} from './api-metrics.ts'
import {podPath} from './api-named.ts'
import {logBytes, logsEstimate, podLogs} from './log-pod.ts'
import {logsWanted} from './log-wanted.ts'
import type {Evidence, EvidenceContext, EvidenceTask} from './task.ts'

/** What the tasks of all pods share: each right is found missing once, events are asked for once. */
export interface PodsDesk {
  readonly pods: (namespace: string) => Gate
  readonly logs: (namespace: string) => Gate
  readonly metrics: (namespace: string) => Gate
  /** Events of a pod, newest first, or why they were not seen. */
  readonly events: (pod: CalicoPod, limits: Limits) => Promise<readonly EventRow[] | string>
}

const eventBytes = 2 * 1024 ** 2
const podBytes = 64 * 1024

export function podsDesk({cluster}: EvidenceContext): PodsDesk {
  const eventsOf = new Map<string, () => Promise<ReadonlyMap<string, readonly EventRow[]> | string>>()
  const read = async (namespace: string, {signal}: Limits) => {
    const {answer} = await ask(signal, () => eventsAt(cluster, namespaceEvents(namespace), {rowBytes: eventBytes, documentBytes: 0, signal}))
    return answer.known ? Map.groupBy(answer.value.rows, ({object}) => object) : `${answer.why}: ${answer.detail}`
  }
  return {
    pods: gatesOf(namespace => `the status of pods (get pods in namespace ${namespace})`),
    logs: gatesOf(namespace => `logs (get pods/log in namespace ${namespace})`),
    metrics: gatesOf(namespace => `metrics (get pods/proxy in namespace ${namespace})`),
    async events({namespace, name}, limits) {
      const events = eventsOf.get(namespace) ?? once(() => read(namespace, limits))
      eventsOf.set(namespace, events)
      const found = await events()
      return typeof found === 'string' ? found : (found.get(`Pod/${name}`) ?? [])
    },
  }
}

/** Status, logs and metrics of one pod. Pods of the DaemonSet are their node's; the few others are in every sample. */
export function podTask(context: EvidenceContext, desk: PodsDesk, pod: CalicoPod): EvidenceTask {
  const {options} = context
  const {bytes, ms} = logsEstimate(pod, options)
  const {namespace} = pod
  desk.pods(namespace).plan(1)
  desk.logs(namespace).plan(logsWanted(pod).wanted.length)
  if (servesMetrics(pod, context.facts)) desk.metrics(namespace).plan(1)
  return {
    what: `status and logs of ${namespace}/${pod.name}`,
    ...(runsFelix(pod) && pod.node !== undefined && {node: pod.node}),
    estimate: {bytes: bytes + 8_000, ms: ms + 20},
    // A log as bytes, and then as text.
    maxBytes: 2 * logBytes(options) + podBytes,
    run: limits => podEvidence(context, desk, pod, limits),
  }
}

/** A pod that is gone, or an API server that says nothing of it, has no logs either. */
export async function* podEvidence(context: EvidenceContext, desk: PodsDesk, pod: CalicoPod, limits: Limits): AsyncGenerator<Evidence> {
  const {namespace} = pod
  let hasMore = true
  for await (const one of status(context, desk, pod, limits)) {
    hasMore &&= !('missed' in one) || one.missed.why === 'forbidden' || one.missed.why === 'failed'
    yield one
  }
  if (!hasMore) return
  yield* podLogs(context, pod, desk.logs(namespace), limits)
  yield* podMetrics(context, pod, desk.metrics(namespace), limits)
}

async function* status({cluster}: EvidenceContext, desk: PodsDesk, pod: CalicoPod, limits: Limits): AsyncGenerator<Evidence> {
  const {namespace, name, node} = pod
  const gate = desk.pods(namespace)
  const asked = await askThrough(gate, limits.signal, () => cluster.get(podPath(namespace, 'pods', name)))
  if (!asked) return
  const {answer, refusal} = asked.answer
  if (!answer.known) return yield refusal ? missed(gate.what, answer) : missed(`status and logs of ${namespace}/${name}`, answer, node)
  const described = describePod(answer.value, await desk.events(pod, limits))
  const origin = originOf(`pods/${safePart(namespace)}/${safePart(name)}.txt`, `kubectl describe pod -n ${namespace} ${name}`, asked)
  yield {file: {...origin, ...(node !== undefined && {node}), truncated: false, ...described}}
}

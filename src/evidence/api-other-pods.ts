import type {CalicoPod} from '../calico/kubernetes.ts'
import {listAt, textAt} from '../collectors/fields.ts'
import {projectPod} from '../collectors/project-pod.ts'
import type {Limits} from '../engine/collector.ts'
import {ask, missed} from './api-ask.ts'
import {commandOf} from './api-list.ts'
import {isCalicos} from './api-places.ts'
import {type PodsDesk, podEvidence} from './api-pods.ts'
import {logBytes} from './log-pod.ts'
import type {Evidence, EvidenceContext, EvidenceTask} from './task.ts'

/** Calico's pods that no check looks at: the operator, the API server, Goldmane, csi-node-driver and what else is Calico's in a namespace. */
export function otherPodsTask(context: EvidenceContext, desk: PodsDesk, namespace: string): EvidenceTask {
  const {options} = context
  return {
    what: `status and logs of other pods in ${namespace}`,
    estimate: {bytes: 20_000, ms: 100},
    maxBytes: 2 * logBytes(options) + 1024 ** 2,
    run: limits => otherPods(context, desk, namespace, limits),
  }
}

interface Other {
  readonly pod: CalicoPod
  readonly ofDaemonSet: boolean
}

async function* otherPods(context: EvidenceContext, desk: PodsDesk, namespace: string, limits: Limits): AsyncGenerator<Evidence> {
  const {cluster, facts} = context
  const seen = new Set(facts.calicoPods.known ? facts.calicoPods.value.map(nameOf) : [])
  const project = (item: unknown): Other | undefined => {
    const pod = isCalicos(item) ? projectPod(item) : undefined
    return pod && !seen.has(nameOf(pod)) ? {pod, ofDaemonSet: isOfDaemonSet(item)} : undefined
  }
  const {answer} = await ask(limits.signal, () => cluster.list({group: '', version: 'v1', resource: 'pods', namespace}, {project}))
  if (!answer.known) return yield missed(commandOf({group: '', resource: 'pods'}, namespace), answer)
  if (answer.partial !== undefined) yield missed(commandOf({group: '', resource: 'pods'}, namespace), {why: 'failed', detail: answer.partial})
  const [left, wanted] = [answer.value.filter(isLeft), answer.value.filter(other => !isLeft(other))]
  for (const {pod} of wanted) yield* podEvidence(context, desk, pod, limits)
  if (left.length > 0)
    yield missed(`pods of ${appsOf(left)} in ${namespace}`, {why: 'not-collected', detail: `${left.length} pods that are ready and never restarted`})
}

/** One on each node, and of no use to who looks for a fault while they are well. */
const isLeft = ({pod, ofDaemonSet}: Other) => ofDaemonSet && pod.ready && pod.containers.every(({restarts}) => restarts === 0)
const appsOf = (others: readonly Other[]) => [...new Set(others.map(({pod}) => pod.app || pod.name))].slice(0, 10).join(', ')
const isOfDaemonSet = (item: unknown) => listAt(owner => textAt(owner, 'kind'), item, 'metadata', 'ownerReferences').includes('DaemonSet')
const nameOf = ({namespace, name}: CalicoPod) => `${namespace}/${name}`

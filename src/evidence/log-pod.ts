import {safePart} from '../bundle/paths.ts'
import type {CalicoPod} from '../calico/kubernetes.ts'
import type {Limits} from '../engine/collector.ts'
import {askThrough, missed, originOf} from './api-ask.ts'
import type {Gate} from './api-gate.ts'
import {type LogPlace, logCommand, readLog} from './log-text.ts'
import {type LogWanted, logsWanted} from './log-wanted.ts'
import type {Evidence, EvidenceContext, EvidenceOptions} from './task.ts'

/** A line of a log is some 150 bytes; no usual one is longer than this. */
const longLine = 2_000
export const lineBytes = 150

/** Bytes that one log may have. */
export const logBytes = ({maxFileBytes, tailLines}: EvidenceOptions): number => Math.max(64 * 1024, Math.min(maxFileBytes, tailLines * longLine))

/** All logs of one pod. Once its kubelet is not reached it is not asked again. */
export async function* podLogs(context: EvidenceContext, pod: CalicoPod, gate: Gate, limits: Limits): AsyncGenerator<Evidence> {
  const {wanted, none} = logsWanted(pod)
  for (const {container, why} of none) yield missed(`log of ${nameOf(pod, container)}`, {why: 'absent', detail: why}, pod.node)
  for (const [index, log] of wanted.entries()) {
    const place = {namespace: pod.namespace, pod: pod.name, ...log}
    const bounds = {...limits, maxBytes: Math.min(limits.maxBytes, logBytes(context.options))}
    const asked = await askThrough(gate, limits.signal, () => readLog(context.cluster, place, context.options, bounds))
    if (!asked) return
    const {answer, refusal} = asked.answer
    if (refusal && !answer.known) return yield missed(gate.what, answer)
    if (!answer.known) {
      const isSilent = answer.why === 'unreachable' || answer.why === 'timeout'
      yield missed(isSilent ? restText(pod, wanted.slice(index)) : `log of ${nameOf(pod, log.container)}${log.previous ? ' (previous)' : ''}`, answer, pod.node)
      if (isSilent) return
      continue
    }
    const {text, truncated} = answer.value
    yield {file: {...originOf(pathOf(pod, place), logCommand(place, context.options), asked), ...ofNode(pod), truncated, text}}
    if (answer.partial !== undefined) yield missed(`all of the log of ${nameOf(pod, log.container)}`, {why: 'failed', detail: answer.partial}, pod.node)
  }
}

const nameOf = ({namespace, name}: CalicoPod, container: string) => `${namespace}/${name} ${container}`
const ofNode = ({node}: CalicoPod) => node !== undefined && {node}
const restText = (pod: CalicoPod, rest: readonly LogWanted[]) =>
  `logs of ${nameOf(pod, rest.map(({container, previous}) => container + (previous ? ' (previous)' : '')).join(', '))}`

function pathOf({namespace, name, node}: CalicoPod, {container, previous}: LogPlace): string {
  const pod = `${safePart(namespace)}/${safePart(name)}/${safePart(container)}${previous ? '.previous' : ''}.log`
  return node === undefined ? `pods/${pod}` : `nodes/${safePart(node)}/logs/${pod}`
}

/** How much it may come to: where logs are cut by age, Felix writes some ten lines a minute. */
export function logsEstimate(pod: CalicoPod, {tailLines, sinceSeconds = Number.POSITIVE_INFINITY}: EvidenceOptions): {bytes: number; ms: number} {
  const {wanted} = logsWanted(pod)
  const bytes = Math.round(wanted.length * Math.min(tailLines, sinceSeconds / 6) * lineBytes)
  return {bytes, ms: Math.round(wanted.length * 15 + bytes / 10_000)}
}

import {type Collected, known, unknown} from '../engine/collected.ts'
import type {Cluster, Limits} from '../engine/collector.ts'
import type {LogWanted} from './log-wanted.ts'
import type {EvidenceOptions} from './task.ts'

export interface LogPlace extends LogWanted {
  readonly namespace: string
  readonly pod: string
}
interface LogText {
  readonly text: string
  /** There are, or may be, older lines. */
  readonly truncated: boolean
}

const mostTries = 3

/**
 * The newest lines of a log. What is too large is asked for anew with as many lines as did fit: the kubelet's own limit (limitBytes) would keep the oldest.
 * `timestamps`, because BIRD prints no time on its standard error (sysdep/unix/log.c).
 */
export async function readLog(
  cluster: Cluster,
  place: LogPlace,
  {sinceSeconds, tailLines}: Pick<EvidenceOptions, 'sinceSeconds' | 'tailLines'>,
  limits: Limits,
): Promise<Collected<LogText>> {
  let tail = tailLines
  for (let tries = 1; ; tries++) {
    const answer = await cluster.text(pathOf(place, tail, sinceSeconds), limits)
    if (!answer.known) return answer
    if (isExcuse(answer.value)) return unknown('failed', `the kubelet: ${answer.value.trim().slice(0, 300)}`)
    const lines = linesIn(answer.value)
    if (answer.partial === undefined) return known({text: answer.value, truncated: tail < tailLines || lines >= tail})
    // Half a line may be half of a credential, which nobody would know for one.
    const whole = answer.value.slice(0, answer.value.lastIndexOf('\n') + 1)
    const isFull = Buffer.byteLength(answer.value) > limits.maxBytes - 4
    if (!isFull || tries === mostTries || tail === 1) return known({text: whole, truncated: true}, answer.partial)
    tail = Math.max(1, Math.min(tail - 1, Math.floor(lines * 0.8)))
  }
}

/** A kubelet that finds no log says so with status 200, as the whole of the log (pkg/kubelet/kuberuntime: GetContainerLogs). */
const isExcuse = (text: string) => /^(?:unable to retrieve container logs for |failed to try resolving symlinks in path )[^\n]*\n?$/.test(text)

function linesIn(text: string): number {
  let lines = 0
  for (let index = text.indexOf('\n'); index >= 0; index = text.indexOf('\n', index + 1)) lines++
  return lines
}

function pathOf({namespace, pod, container, previous}: LogPlace, tailLines: number, sinceSeconds: number | undefined): string {
  const query = new URLSearchParams({
    container,
    timestamps: 'true',
    tailLines: String(tailLines),
    ...(previous && {previous: 'true'}),
    ...(sinceSeconds !== undefined && {sinceSeconds: String(sinceSeconds)}),
  })
  return `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(pod)}/log?${query}`
}

/** What asks the same by hand. */
export function logCommand(
  {namespace, pod, container, previous}: LogPlace,
  {sinceSeconds, tailLines}: Pick<EvidenceOptions, 'sinceSeconds' | 'tailLines'>,
): string {
  const since = sinceSeconds === undefined ? '' : ` --since=${sinceSeconds}s`
  return `kubectl logs -n ${namespace} ${pod} -c ${container}${previous ? ' --previous' : ''} --timestamps --tail=${tailLines}${since}`
}

import {safePart} from '../bundle/paths.ts'
import type {CalicoPod} from '../calico/kubernetes.ts'
import {controllersTarget, felixTarget, type MetricsTarget, metricsPath, typhaTarget} from '../calico/metrics-target.ts'
import {runsFelix} from '../calico/runs-felix.ts'
import {askWholePage} from '../collectors/ask-metrics.ts'
import type {Collected} from '../engine/collected.ts'
import type {Limits} from '../engine/collector.ts'
import type {FactTable} from '../engine/facts.ts'
import {askThrough, missed, originOf} from './api-ask.ts'
import type {Gate} from './api-gate.ts'
import type {Evidence, EvidenceContext} from './task.ts'

export type MetricsFacts = Pick<FactTable, 'nodeEnv' | 'felixConfigurations' | 'install' | 'calicoDeployments' | 'calicoConfig' | 'kubeControllersMetricsPort'>

/** The whole page as it is served; the snapshot keeps the lines of it that are judged and shown. */
export async function* podMetrics({cluster, facts, options}: EvidenceContext, pod: CalicoPod, gate: Gate, limits: Limits): AsyncGenerator<Evidence> {
  const target = metricsOf(pod, facts)
  if (!target?.known) return
  const bounds = {...limits, maxBytes: Math.min(limits.maxBytes, options.maxFileBytes)}
  const asked = await askThrough(gate, limits.signal, () => askWholePage(cluster, target.value, bounds))
  if (!asked) return
  const {answer, refusal} = asked.answer
  if (!answer.known) return yield refusal ? missed(gate.what, answer) : missed(`metrics of ${pod.namespace}/${pod.name}`, answer, pod.node)
  const truncated = answer.partial !== undefined
  const text = truncated ? answer.value.slice(0, answer.value.lastIndexOf('\n') + 1) : answer.value
  const origin = originOf(pathOf(pod), `kubectl get --raw ${metricsPath(target.value)}`, asked)
  yield {file: {...origin, ...(pod.node !== undefined && {node: pod.node}), truncated, text}}
}

const pathOf = ({namespace, name, node, ...pod}: CalicoPod) =>
  runsFelix(pod) && node !== undefined ? `nodes/${safePart(node)}/felix-metrics.txt` : `pods/${safePart(namespace)}/${safePart(name)}.metrics.txt`

export const servesMetrics = (pod: CalicoPod, facts: MetricsFacts): boolean => metricsOf(pod, facts)?.known ?? false

/** Where a pod serves its metrics, or why nobody asks it; undefined: it is none that has any, or nobody scheduled it. */
export function metricsOf(pod: CalicoPod, facts: MetricsFacts): Collected<MetricsTarget> | undefined {
  const {app, node, namespace, name} = pod
  if (node === undefined) return undefined
  if (runsFelix(pod)) return felixTarget({name: node, target: {node, namespace, pod: name, container: 'calico-node'}}, facts)
  if (app === 'calico-typha') return typhaTarget(pod, facts.calicoDeployments, facts.calicoConfig)
  const port = facts.kubeControllersMetricsPort
  return app === 'calico-kube-controllers' ? controllersTarget(pod, port.known ? port.value : undefined) : undefined
}

/** Metrics that nobody serves: one line for Felix on all its nodes, one for Typha, one for kube-controllers. */
export function metricsOff(pods: readonly CalicoPod[], facts: MetricsFacts): Evidence[] {
  const off = pods.flatMap(pod => {
    const target = metricsOf(pod, facts)
    return target && !target.known ? [{...target, of: runsFelix(pod) ? 'Felix' : titles[pod.app]!}] : []
  })
  return [...Map.groupBy(off, ({of, detail}) => `${of} ${detail}`).values()].map(alike => {
    const {of, why, detail} = alike[0]!
    return missed(`metrics of ${of} (${alike.length} pods)`, {why, detail})
  })
}

const titles: Readonly<Record<string, string>> = {'calico-typha': 'Typha', 'calico-kube-controllers': 'kube-controllers'}

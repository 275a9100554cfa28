import type {Missed} from '../bundle/manifest.ts'
import {safePart} from '../bundle/paths.ts'
import {felixSetting} from '../calico/felix-setting.ts'
import type {CalicoPod} from '../calico/kubernetes.ts'
import {at, number} from '../collectors/fields.ts'
import type {Limits} from '../engine/collector.ts'
import type {FactTable} from '../engine/facts.ts'
import {ask, askThrough, missed, originOf} from './api-ask.ts'
import type {Gate} from './api-gate.ts'
import type {Evidence, EvidenceContext} from './task.ts'

/** Where a pod serves its metrics, or why nobody asks it. */
type MetricsPlace = {readonly port: number} | Pick<Missed, 'why' | 'detail'>

/** kube-controllers serves them unless told not to; Felix and Typha only when told to (facts §7). */
export async function* podMetrics(context: EvidenceContext, pod: CalicoPod, gate: Gate, limits: Limits): AsyncGenerator<Evidence> {
  if (!mayServeMetrics(pod, context.facts)) return
  const place = metricsPlace(pod, context.facts) ?? (await controllersPlace(context, limits))
  const what = `metrics of ${pod.namespace}/${pod.name}`
  if (!('port' in place)) return yield missed(what, place)
  const path = `/api/v1/namespaces/${encodeURIComponent(pod.namespace)}/pods/${encodeURIComponent(pod.name)}:${place.port}/proxy/metrics`
  const bounds = {...limits, maxBytes: Math.min(limits.maxBytes, context.options.maxFileBytes)}
  const asked = await askThrough(gate, limits.signal, () => context.cluster.text(path, bounds))
  if (!asked) return
  const {answer, refusal} = asked.answer
  if (!answer.known) return yield refusal ? missed(gate.what, answer) : missed(what, answer, pod.node)
  const truncated = answer.partial !== undefined
  const text = truncated ? answer.value.slice(0, answer.value.lastIndexOf('\n') + 1) : answer.value
  yield {file: {...originOf(pathOf(pod), `kubectl get --raw ${path}`, asked), ...(pod.node !== undefined && {node: pod.node}), truncated, text}}
}

export const isFelix = ({app}: Pick<CalicoPod, 'app'>): boolean => app === 'calico-node' || app === 'canal'

const pathOf = ({namespace, name, node, ...pod}: CalicoPod) =>
  isFelix(pod) && node !== undefined ? `nodes/${safePart(node)}/felix-metrics.txt` : `pods/${safePart(namespace)}/${safePart(name)}.metrics.txt`

type Facts = Pick<FactTable, 'nodeEnv' | 'felixConfigurations' | 'calicoDeployments'>

export function metricsPlace(pod: Pick<CalicoPod, 'app' | 'node'>, facts: Facts): MetricsPlace | undefined {
  if (isFelix(pod)) return felixPlace(pod.node, facts)
  return pod.app === 'calico-typha' ? typhaPlace(facts) : undefined
}

/** Nothing serves in a pod that nobody scheduled. */
export function mayServeMetrics(pod: Pick<CalicoPod, 'app' | 'node'>, facts: Facts): boolean {
  if (pod.node === undefined) return false
  const place = metricsPlace(pod, facts)
  return pod.app === 'calico-kube-controllers' || (place !== undefined && 'port' in place)
}

function felixPlace(node: string | undefined, facts: Facts): MetricsPlace {
  const {setting, known} = felixSetting('prometheusMetricsEnabled', facts, node)
  if (setting?.value.toLowerCase() === 'true') return {port: Number(felixSetting('prometheusMetricsPort', facts, node).setting?.value) || 9091}
  if (!known) return {why: 'not-collected', detail: 'whether Felix serves metrics (prometheusMetricsEnabled) was not seen'}
  return {
    why: 'absent',
    detail: `Felix serves no metrics: ${setting ? `${setting.source} is ${setting.value}` : 'prometheusMetricsEnabled is off unless it is set'}`,
  }
}

function typhaPlace({calicoDeployments}: Facts): MetricsPlace {
  if (!calicoDeployments.known) return {why: 'not-collected', detail: 'whether Typha serves metrics (its Deployment) was not seen'}
  const env = calicoDeployments.value.find(({name}) => name === 'calico-typha')?.containers.flatMap(container => container.env) ?? []
  const valueOf = (wanted: string) => env.find(({name}) => name.toUpperCase() === wanted)?.value
  if (valueOf('TYPHA_PROMETHEUSMETRICSENABLED')?.toLowerCase() === 'true') return {port: Number(valueOf('TYPHA_PROMETHEUSMETRICSPORT')) || 9093}
  return {why: 'absent', detail: 'Typha serves no metrics: TYPHA_PROMETHEUSMETRICSENABLED is not true'}
}

/** KubeControllersConfiguration default, prometheusMetricsPort; 0 is off. */
async function controllersPlace({cluster, facts: {apiGroup}}: EvidenceContext, {signal}: Limits): Promise<MetricsPlace> {
  if (!apiGroup.known || apiGroup.value.mode === 'etcd') return {port: 9094}
  const {group, version} = apiGroup.value
  const {answer} = await ask(signal, () => cluster.get(`/apis/${group}/${version}/kubecontrollersconfigurations/default`))
  const port = answer.known ? (number(at(answer.value, 'spec', 'prometheusMetricsPort')) ?? 9094) : 9094
  return port > 0 ? {port} : {why: 'absent', detail: 'kube-controllers serves no metrics: prometheusMetricsPort is 0'}
}

/** Metrics that nobody serves: one line for Felix on all its nodes, one for Typha. */
export function metricsOff(pods: readonly CalicoPod[], facts: Facts): Evidence[] {
  const off = pods.flatMap(pod => {
    const place = metricsPlace(pod, facts)
    return place && !('port' in place) ? [{...place, app: isFelix(pod) ? 'Felix' : 'Typha'}] : []
  })
  return [...Map.groupBy(off, ({app, detail}) => `${app} ${detail}`).values()].map(alike => {
    const {app, why, detail} = alike[0]!
    return missed(`metrics of ${app} (${alike.length} pods)`, {why, detail})
  })
}

import {type Collected, known, unknown} from '../engine/collected.ts'
import type {NodeToAsk} from '../engine/collector.ts'
import type {Install, NodeEnv} from './cluster.ts'
import {type FelixSources, felixSetting} from './felix-setting.ts'
import type {CalicoPod, ConfigMap, Workload} from './kubernetes.ts'
import {envOf, felixBoolean} from './node-env.ts'
import {typhaDeployments} from './typha.ts'

/** Where a metrics page is. */
export interface MetricsTarget {
  readonly namespace: string
  readonly pod: string
  readonly port: number
  readonly tls: boolean
  /** That metrics are switched on was not seen: why a closed port may be no fault. */
  readonly doubt?: string
}

/** By the API server, which dials the pod's address itself. */
export const metricsPath = ({namespace, pod, port, tls}: MetricsTarget): string =>
  `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${tls ? 'https:' : ''}${encodeURIComponent(pod)}:${port}/proxy/metrics`

export interface FelixTargetSources extends FelixSources {
  readonly install: Collected<Install>
}

/** Felix's page on a node: `absent`, with the setting that switches it on, where it is off; `unreachable` where no pod can be asked. */
export function felixTarget(node: NodeToAsk, sources: FelixTargetSources): Collected<MetricsTarget> {
  const setting = (name: string) => felixSetting(name, sources, node.name)
  const enabled = setting('prometheusMetricsEnabled')
  const isOn = felixBoolean(enabled.setting?.value) ?? false
  if (enabled.known && !isOn) return unknown('absent', felixOff(enabled.setting?.source, sources.install))
  const host = setting('prometheusMetricsHost').setting
  if (host && isLoopback(host.value))
    return unknown('absent', `Felix's metrics are served on ${host.value} alone (${host.source}), where the API server cannot ask`)
  if (!node.target || node.unreachable !== undefined) return unknown('unreachable', node.unreachable ?? 'no calico-node pod on this node')
  const {namespace, pod} = node.target
  const port = portOf(setting('prometheusMetricsPort').setting?.value, 9091)
  const tls = (setting('prometheusMetricsCertFile').setting?.value ?? '') !== ''
  return known({namespace, pod, port, tls, ...(!enabled.known && !isOn && {doubt: "whether Felix's metrics are switched on was not seen"})})
}

function felixOff(source: string | undefined, install: Collected<Install>): string {
  const off = `Felix's metrics are off (${source ?? 'the default'})`
  if (!source?.startsWith('env ')) return `${off}; prometheusMetricsEnabled: true in FelixConfiguration default switches them on`
  const knob =
    install.known && install.value.flavour === 'kubespray' ? 'Kubespray variable calico_felix_prometheusmetricsenabled' : 'that variable, set to true,'
  return `${off}, which beats FelixConfiguration; ${knob} switches them on`
}

/** Typha's page; Typha knows only its environment and its file (typha/pkg/config). Ports: facts, calico.md §7. */
export function typhaTarget(pod: CalicoPod, deployments: Collected<readonly Workload[]>, calicoConfig: Collected<ConfigMap>): Collected<MetricsTarget> {
  const [deployment] = deployments.known
    ? typhaDeployments(deployments.value).filter(one => one.namespace === pod.namespace && pod.name.startsWith(`${one.name}-`))
    : []
  const env = deployment ? typhaEnv(deployment, calicoConfig) : undefined
  const value = (name: string) => env?.(name)?.value
  const enabled = env?.('prometheusMetricsEnabled')
  const isOn = felixBoolean(enabled?.value) ?? false
  if (env && enabled?.unresolved === undefined && !isOn) return unknown('absent', typhaOff(deployment!))
  const host = value('prometheusMetricsHost')
  if (host !== undefined && isLoopback(host)) return unknown('absent', `Typha's metrics are served on ${host} alone, where the API server cannot ask`)
  const running = pod.containers.some(({init, state}) => !init && state === 'running')
  if (!running) return unknown('unreachable', `Typha is not running: ${pod.reason ?? pod.phase}`)
  const port = portOf(value('prometheusMetricsPort'), 9093)
  const doubt = isOn ? {} : {doubt: "whether Typha's metrics are switched on was not seen"}
  return known({namespace: pod.namespace, pod: pod.name, port, tls: (value('prometheusMetricsCertFile') ?? '') !== '', ...doubt})
}

function typhaEnv(deployment: Workload, calicoConfig: Collected<ConfigMap>): (name: string) => NodeEnv[string] | undefined {
  const container = deployment.containers.find(({name}) => name === 'calico-typha') ?? deployment.containers[0]
  const env = container ? Object.entries(envOf(deployment, container, calicoConfig)) : []
  return name => env.find(([key]) => key.toLowerCase() === `typha_${name.toLowerCase()}`)?.[1]
}

function typhaOff({owners, namespace, name}: Workload): string {
  const knob = owners.includes('Installation')
    ? 'typhaMetricsPort: 9093 in Installation default'
    : `TYPHA_PROMETHEUSMETRICSENABLED=true in the environment of Deployment ${namespace}/${name}`
  return `Typha's metrics are off; ${knob} switches them on`
}

/** kube-controllers' page: on by default; `port` is prometheusMetricsPort of KubeControllersConfiguration, 0 for off. */
export function controllersTarget(pod: CalicoPod, port: number | undefined): Collected<MetricsTarget> {
  if (port === 0)
    return unknown('absent', "kube-controllers' metrics are off; prometheusMetricsPort: 9094 in KubeControllersConfiguration default switches them on")
  const running = pod.containers.some(({init, state}) => !init && state === 'running')
  if (!running) return unknown('unreachable', `kube-controllers is not running: ${pod.reason ?? pod.phase}`)
  return known({namespace: pod.namespace, pod: pod.name, port: port ?? 9094, tls: false})
}

const isLoopback = (host: string) => /^(localhost|127\.|::1$|\[::1\])/i.test(host)

function portOf(text: string | undefined, usual: number): number {
  const port = /^\d{1,5}$/.test(text ?? '') ? Number(text) : usual
  return port > 0 && port < 65_536 ? port : usual
}

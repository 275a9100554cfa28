import type {ClusterState, KubeObject} from './cluster-state.ts'
import type {SimulatedSession} from './simulated-node.ts'

export interface LogLine {
  /** Milliseconds since 1970, by the cluster's clock. */
  readonly at: number
  readonly text: string
}
/** One life of a container, ISO 8601. */
export interface Life {
  readonly from: string
  readonly to: string
}
interface Told {
  readonly state: ClusterState
  readonly pod: KubeObject
  readonly from: number
  readonly to: number
}

/** What a container of the simulated cluster says of itself: its start, a line every few minutes, and what ails it now. Words of our own, in Calico's form. */
export function logLines(state: ClusterState, pod: KubeObject, container: string, {from, to}: Life): LogLine[] {
  const told = {state, pod, from: Date.parse(from), to: Math.max(Date.parse(from), Date.parse(to))}
  return (authors[container] ?? other)(told).sort((a, b) => a.at - b.at)
}

const authors: Record<string, (told: Told) => LogLine[]> = {
  'calico-node': calicoNode,
  'calico-typha': typha,
  'calico-kube-controllers': kubeControllers,
  'install-cni': installCni,
}

const minute = 60_000
const mostPulses = 500

/** `2025-11-18 09:29:52.123 [INFO][63] felix/health.go 12: …` (libcalico-go/lib/logutils). */
const line = (at: number, level: 'INFO' | 'WARNING' | 'ERROR', process: number, file: string, text: string): LogLine => ({
  at,
  text: `${new Date(at).toISOString().replace('T', ' ').slice(0, 23)} [${level}][${process}] ${file}: ${text}`,
})

/** One every so many minutes, the newest few hundred. */
function pulses({from, to}: Told, everyMinutes: number, say: (at: number) => LogLine): LogLine[] {
  const step = everyMinutes * minute
  const count = Math.min(mostPulses, Math.floor((to - from) / step))
  return Array.from({length: count}, (_, index) => say(to - index * step))
}

const nodeNameOf = ({spec}: KubeObject) => (spec as {nodeName?: string}).nodeName ?? ''

function calicoNode(told: Told): LogLine[] {
  const {state, pod, from} = told
  const node = nodeNameOf(pod)
  const bird = state.nodes[node]?.bird
  return [
    line(from + 120, 'INFO', 9, 'startup/startup.go 431', `Node ${node} starts with Calico v${state.nodes[node]?.calicoVersion ?? '?'}`),
    line(from + 310, 'INFO', 9, 'startup/startup.go 502', `Address of the node: ${bird?.sourceAddress ?? 'kept as it is'}`),
    line(from + 2_050, 'INFO', 63, 'felix/int_dataplane.go 2103', 'The dataplane was brought into sync for the first time'),
    ...pulses(told, 10, at =>
      line(at, 'INFO', 63, 'felix/summary.go 100', `37 reconciliation loops in 10m0s, the longest took ${12 + (Math.floor(at / minute) % 40)}ms`),
    ),
    ...illness(told),
    ...(bird?.sessions ?? []).filter(({bgpState}) => bgpState !== 'Established').map(session => birdLine(told, session)),
  ]
}

const birdLine = ({to}: Told, {name, error, bgpState}: SimulatedSession): LogLine => ({at: to - 8_000, text: `bird: ${name}: ${error || bgpState}`})

interface Conditions {
  readonly conditions?: readonly {readonly type: string; readonly status: string}[]
}
const isReady = ({status}: KubeObject) => ((status ?? {}) as Conditions).conditions?.some(({type, status: is}) => type === 'Ready' && is === 'True') ?? false

function illness(told: Told): LogLine[] {
  const {state, pod, to} = told
  if (isReady(pod)) return []
  const typhaThere = state.objects.services?.some(({metadata}) => metadata.name === 'calico-typha') ?? false
  return [
    ...(typhaThere
      ? []
      : pulses(told, 1, at => line(at - 20_000, 'ERROR', 70, 'confd/discovery.go 88', 'Service "calico-typha" not found; looking again in 1s'))),
    line(to - 12_000, 'WARNING', 63, 'felix/health.go 211', 'Not ready: a component has reported no success within its time'),
  ]
}

function typha(told: Told): LogLine[] {
  const {state, from} = told
  const count = Object.keys(state.nodes).length
  return [
    line(from + 90, 'INFO', 7, 'typha/daemon.go 301', 'Typha starts'),
    line(from + 1_400, 'INFO', 7, 'syncserver/sync_server.go 418', 'Listening on port 5473'),
    ...pulses(told, 10, at => line(at, 'INFO', 7, 'syncserver/rebalance.go 77', `The cluster has ${count} nodes; no connection needs to move`)),
  ]
}

function kubeControllers(told: Told): LogLine[] {
  const {pod, from, state} = told
  const [container] = (pod.spec as {containers?: readonly {env?: readonly {name: string}[]}[]}).containers ?? []
  const wantsEtcd = container?.env?.some(({name}) => name === 'ETCD_ENDPOINTS') ?? false
  const start = line(from + 60, 'INFO', 13, 'kube-controllers/main.go 99', 'Controllers start: node, loadbalancer')
  if (!wantsEtcd || state.etcd)
    return [start, ...pulses(told, 30, at => line(at, 'INFO', 13, 'ipam/ipam.go 640', 'Looked through all blocks; nothing to collect'))]
  return [start, ...pulses(told, 5, at => line(at, 'ERROR', 13, 'kube-controllers/client.go 272', 'etcd does not answer: context deadline exceeded'))]
}

function installCni({from}: Told): LogLine[] {
  return [
    line(from + 200, 'INFO', 1, 'cni-installer/install.go 180', 'Copied calico and calico-ipam to /host/opt/cni/bin'),
    line(from + 420, 'INFO', 1, 'cni-installer/install.go 311', 'Wrote the network configuration to /host/etc/cni/net.d'),
  ]
}

const other = ({from, pod}: Told): LogLine[] => [line(from + 50, 'INFO', 1, 'main.go 20', `${pod.metadata.name} starts`)]

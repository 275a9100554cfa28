import {makeCertificates} from './certificates.ts'
import {change} from './change.ts'
import type {ClusterState} from './cluster-state.ts'
import {startEtcd} from './etcd.ts'
import {type Fault, Faults} from './faults.ts'
import {kubeconfigFor} from './kubeconfig.ts'
import type {Rule, User} from './rbac.ts'
import type {RecordedRequest} from './requests.ts'
import {scenario} from './scenarios/index.ts'
import {startServer} from './server.ts'

export {change, remove} from './change.ts'
export type {ClusterState, KubeObject, ObjectMeta} from './cluster-state.ts'
export type {ExecAnswer, Fault, NodeFault, PathAnswer, PathFault} from './faults.ts'
export type {Rule} from './rbac.ts'
export type {RecordedRequest} from './requests.ts'
export {scenario, scenarioNames} from './scenarios/index.ts'
export type {CommandOutput, SimulatedBird, SimulatedLink, SimulatedNode, SimulatedSession} from './simulated-node.ts'

export interface SimulatedCluster {
  /** `https://127.0.0.1:PORT` */
  readonly url: string
  /** YAML with CA data and token; its context is `calico-doctor-demo`. */
  readonly kubeconfig: string
  /** PEM. */
  readonly ca: string
  readonly token: string
  /** Every request so far, in the order they came. */
  readonly requests: readonly RecordedRequest[]
  /** The objects and nodes; tests may change them while it runs. */
  readonly state: ClusterState
  /** Takes the place of the faults that were set before; counting starts anew. */
  setFaults(faults: readonly Fault[]): void
  /** A user who may do only this. Returns a kubeconfig. */
  addUser(token: string, rules: readonly Rule[]): string
  /** Breaks what is still open. */
  close(): Promise<void>
}
export interface SimulatedClusterOptions {
  /** A name of `scenarioNames`, or a state of one's own; `healthy` when left out. */
  readonly scenario?: string | ClusterState
  readonly nodes?: number
  readonly pods?: number
  readonly faults?: readonly Fault[]
}

const adminToken = 'demo-admin'

/** A Kubernetes API with a CA of its own on a free port of loopback, and the nodes behind its `pods/exec`. */
export async function startSimulatedCluster(options: SimulatedClusterOptions = {}): Promise<SimulatedCluster> {
  const state = stateOf(options)
  const faults = new Faults()
  faults.set(options.faults ?? [])
  const users = new Map<string, User>([[adminToken, {name: 'demo-admin'}]])
  const requests: RecordedRequest[] = []
  const certificates = await makeCertificates()
  const etcd = state.etcd && (await startEtcd(state.etcd))
  if (etcd) tellEndpoint(state, etcd.url)
  const server = await startServer({state, faults, users, requests, certificates})
  const {url} = server
  const kubeconfig = (token: string) => kubeconfigFor({url, ca: certificates.ca, token})
  return {
    url,
    kubeconfig: kubeconfig(adminToken),
    ca: certificates.ca,
    token: adminToken,
    requests,
    state,
    setFaults: list => faults.set(list),
    addUser: (token, rules) => {
      users.set(token, {name: `demo-${token}`, rules})
      return kubeconfig(token)
    },
    close: async () => {
      await Promise.all([server.close(), etcd?.close()])
    },
  }
}

/** calico-node is told the endpoint by its ConfigMap. */
function tellEndpoint(state: ClusterState, url: string): void {
  change(state, {resource: 'configmaps', name: 'calico-config'}, ({data}) => Object.assign(data, {etcd_endpoints: url}))
}

function stateOf({scenario: wanted = 'healthy', nodes, pods}: SimulatedClusterOptions): ClusterState {
  if (typeof wanted !== 'string') return wanted
  return scenario(wanted, {...(nodes !== undefined && {nodes}), ...(pods !== undefined && {pods})})
}

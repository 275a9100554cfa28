import type {ClusterState, KubeObject} from '../../src/demo/cluster-state.ts'
import {type Fault, type Rule, startSimulatedCluster} from '../../src/demo/index.ts'
import {type Api, apiFor, type Identity} from './api.ts'
import {startReal} from './cluster.ts'
import type {ControlPlane} from './control-plane.ts'

/** A cluster that the contract holds for: the simulated or the real one, with the same objects. */
export interface Subject {
  readonly name: 'simulated' | 'real'
  readonly admin: Api
  /** Somebody who may do this and nothing else. */
  addUser(name: string, rules: readonly Rule[]): Promise<Identity>
  /** Somebody whose token was good once. */
  expired(): Promise<Identity>
  /** From now on continue tokens that were given are too old. */
  expireContinueTokens(): Promise<void>
  /** The node's kubelet does not answer any more. */
  killKubelet(node: string): Promise<void>
  /** The node's kubelet is one of before 1.36, which takes no WebSockets: the API server translates. The simulation knows no such way. */
  speakSpdy(node: string): Promise<void>
  close(): Promise<void>
}

export async function simulatedSubject(state: ClusterState): Promise<Subject> {
  const cluster = await startSimulatedCluster({scenario: state})
  const {url, ca, token} = cluster
  const admin = apiFor({url, ca, token})
  return {
    name: 'simulated',
    admin,
    async addUser(name, rules) {
      cluster.addUser(name, rules)
      return {url, ca, token: name}
    },
    expired: async () => ({url, ca, token: 'a token that was good once'}),
    async expireContinueTokens() {
      cluster.setFaults([{path: /continue=/, answer: {status: 410}}])
    },
    async killKubelet(node) {
      cluster.setFaults([{node, exec: {status: 500}}, ...podsOf(state, node).map(noLog)])
    },
    speakSpdy: async () => {},
    async close() {
      admin.close()
      await cluster.close()
    },
  }
}

const podsOf = ({objects}: ClusterState, node: string) => (objects.pods ?? []).filter(({spec}) => (spec as {nodeName?: string}).nodeName === node)

/** The API server's own client speaks (kubernetes: generic/rest/streamer.go). */
function noLog({metadata: {namespace, name}}: KubeObject): Fault {
  const message = `Get "https://10.20.0.1:10250/containerLogs/${namespace}/${name}/calico-node": dial tcp 10.20.0.1:10250: connect: connection refused`
  return {path: `/api/v1/namespaces/${namespace}/pods/${name}/log`, answer: {status: 500, message}}
}

export async function realSubject(state: ClusterState): Promise<Subject> {
  const cluster = await startReal(state)
  return {
    name: 'real',
    admin: cluster.admin,
    async addUser(name, rules) {
      for (const [index, rule] of rules.entries()) await grant(cluster.admin, `demo-${name}`, `${name}-${index}`, rule)
      // The authorizer learns of new roles through a watch.
      await new Promise(resolve => setTimeout(resolve, 200))
      return cluster.addUser(`demo-${name}`)
    },
    async expired() {
      const {metadata} = await cluster.admin.must('POST', '/api/v1/namespaces/default/serviceaccounts', {body: {metadata: {name: 'expired'}}})
      // go-jose forgives a minute (kubernetes: pkg/serviceaccount/claims.go).
      return cluster.addToken({...metadata, seconds: -61})
    },
    expireContinueTokens: () => expireSnapshots(cluster),
    killKubelet: node => cluster.kubelets.stop(node),
    async speakSpdy(node) {
      const body = {status: {declaredFeatures: null}}
      await cluster.admin.must('PATCH', `/api/v1/nodes/${node}/status`, {type: 'application/merge-patch+json', body})
    },
    close: cluster.close,
  }
}

/** A right of the simulated cluster as a role, in each of its namespaces or cluster-wide. */
async function grant({must}: Api, user: string, name: string, {namespaces, ...rule}: Rule): Promise<void> {
  const subjects = [{kind: 'User', name: user, apiGroup: 'rbac.authorization.k8s.io'}]
  const rbac = '/apis/rbac.authorization.k8s.io/v1'
  const places = namespaces
    ? namespaces.map(namespace => ({kind: 'Role', path: `${rbac}/namespaces/${namespace}/role`}))
    : [{kind: 'ClusterRole', path: `${rbac}/clusterrole`}]
  for (const {kind, path} of places) {
    await must('POST', `${path}s`, {body: {metadata: {name}, rules: [rule]}})
    await must('POST', `${path}bindings`, {body: {metadata: {name}, subjects, roleRef: {kind, name, apiGroup: 'rbac.authorization.k8s.io'}}})
  }
}

/**
 * Since 1.34 pages are served from snapshots of the watch cache; it lets go of them when it learns of the compaction, by looking every 15 s at what the key
 * says (k8s.io/apiserver: storage/cacher/compactor.go, storage/etcd3/compact.go).
 */
async function expireSnapshots(plane: ControlPlane): Promise<void> {
  await compact(plane)
  await new Promise(resolve => setTimeout(resolve, 16_000))
}

/** etcd forgets all revisions but the last, as it does every five minutes. */
export async function compact({admin, etcd}: ControlPlane): Promise<void> {
  const [url = ''] = etcd.endpoints
  const api = apiFor({url, ca: etcd.ca, client: etcd.client})
  const base64 = (text: string) => Buffer.from(text).toString('base64')
  const key = base64('compact_rev_key')
  // One write more, so that what was read before is no longer the last revision.
  await admin.must('POST', '/api/v1/namespaces/default/configmaps', {body: {metadata: {name: 'one-more'}}})
  const {header} = await api.must('POST', '/v3/kv/range', {body: {key}})
  await api.must('POST', '/v3/kv/compaction', {body: {revision: header.revision}})
  await api.must('POST', '/v3/kv/put', {body: {key, value: base64(header.revision)}})
  api.close()
}

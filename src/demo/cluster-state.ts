import type {ApiResource} from './api-resources.ts'
import type {EtcdKeys} from './etcd.ts'
import type {SimulatedNode} from './simulated-node.ts'

export interface ObjectMeta {
  name: string
  namespace?: string
  uid?: string
  resourceVersion?: string
  creationTimestamp?: string
  labels?: Record<string, string>
  annotations?: Record<string, string>
  [field: string]: unknown
}
/** An object as etcd would hold it, without apiVersion and kind: those follow from the resource it is served under. */
export interface KubeObject {
  metadata: ObjectMeta
  [field: string]: unknown
}

/**
 * A whole cluster: what its API serves, and what its nodes answer to commands. Plain data; a test may change it while the server runs, but in
 * lists longer than `serialisedOnceAbove` objects must be replaced, not changed, since those are turned into JSON once only.
 */
export interface ClusterState {
  /** `gitVersion` of /version: `v1.33.5`. */
  kubernetesVersion: string
  /** resourceVersion of every list. */
  resourceVersion: string
  /** A watch from an older version is told that it is too old: something was deleted since. */
  forgottenBefore?: number
  /** The cluster's clock, ISO 8601: ages in tables are counted from it. */
  now: string
  /** What discovery shows; what is not here is 404. */
  resources: ApiResource[]
  /** By `resource.group`, core ones by `resource` alone: `pods`, `ippools.crd.projectcalico.org`. */
  objects: Record<string, KubeObject[]>
  /** What Calico keeps in an etcd of its own, by key. */
  etcd?: EtcdKeys
  /** The machines behind `pods/exec`, by node name. */
  nodes: Record<string, SimulatedNode>
}

export const serialisedOnceAbove = 500

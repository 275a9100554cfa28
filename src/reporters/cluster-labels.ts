import type {ClusterDescription} from '../engine/describe-cluster.ts'

/** What each field of a cluster is called for people, in the order in which it is shown. */
export const clusterLabels: Readonly<Record<keyof ClusterDescription, string>> = {
  calicoVersion: 'Calico',
  install: 'Installed by',
  kubernetesVersion: 'Kubernetes',
  datastore: 'Datastore',
  apiGroup: 'API group',
  dataplane: 'Dataplane',
  encapsulation: 'Encapsulation',
  bgp: 'BGP',
  nodes: 'Nodes',
}

import type {Collected} from '../engine/collected.ts'
import type {Datastore} from './cluster.ts'
import type {KubeNode} from './kubernetes.ts'
import {fieldNames} from './node-address-fields.ts'

/** Whether Calico's own addresses of nodes can be had from the annotations of Kubernetes' nodes at all. */
export type AddressesSeen = {readonly seen: true} | {readonly seen: false; readonly notApplicable?: string; readonly undecided?: string}

/** On an etcd datastore Calico's Node objects are in etcd, and annotations, if any, are of an earlier time. */
export function addressesSeen(nodes: readonly KubeNode[], datastore: Collected<Datastore>): AddressesSeen {
  if (datastore.known && datastore.value.type === 'etcdv3')
    return {seen: false, undecided: 'Calico keeps the addresses of nodes in etcd, which is not looked into'}
  if (nodes.some(({calico}) => fieldNames.some(field => calico[field] !== undefined))) return {seen: true}
  if (datastore.known) return {seen: false, notApplicable: 'no node has an address of Calico: it does policy only, or has not started on any node'}
  return {seen: false, undecided: `no node has an address of Calico, and where Calico keeps them was not seen: ${datastore.why} ${datastore.detail}`.trimEnd()}
}

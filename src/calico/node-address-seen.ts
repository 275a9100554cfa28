import type {Collected} from '../engine/collected.ts'
import type {Datastore} from './cluster.ts'
import type {KubeNode} from './kubernetes.ts'
import {fieldNames} from './node-address-fields.ts'

/** Whether Calico's own addresses of nodes can be had at all. */
export type AddressesSeen = {readonly seen: true} | {readonly seen: false; readonly notApplicable?: string; readonly undecided?: string}

/** Without any, on an etcd datastore, Calico may have written none or etcd was not seen. */
export function addressesSeen(nodes: readonly KubeNode[], datastore: Collected<Datastore>): AddressesSeen {
  if (nodes.some(({calico}) => fieldNames.some(field => calico[field] !== undefined))) return {seen: true}
  if (datastore.known && datastore.value.type === 'etcdv3')
    return {seen: false, undecided: 'Calico keeps the addresses of nodes in etcd, and none was seen there'}
  if (datastore.known) return {seen: false, notApplicable: 'no node has an address of Calico: it does policy only, or has not started on any node'}
  return {seen: false, undecided: `no node has an address of Calico, and where Calico keeps them was not seen: ${datastore.why} ${datastore.detail}`.trimEnd()}
}

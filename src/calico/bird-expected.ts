import type {Collected} from '../engine/collected.ts'
import type {BgpSettings} from './cluster.ts'
import type {CalicoNodeAnnotations} from './kubernetes.ts'
import type {Family} from './node-status-model.ts'

/** Should BIRD for this family run on this node? `unknown` where what decides it could not be seen. */
export type Expected = 'yes' | 'no' | 'unknown'

/**
 * BIRD runs with backend `bird` only. Of a dual pair, the family of which Calico gave the node an address is wanted (annotations
 * projectcalico.org/IPv4Address and IPv6Address; on an etcd datastore they are not on the Kubernetes node, so their absence says nothing).
 */
export function birdExpected(family: Family, settings: Collected<BgpSettings> | undefined, annotations: CalicoNodeAnnotations | undefined): Expected {
  if (settings?.known && settings.value.backend !== 'bird') return 'no'
  const [own, other] = family === 'IPv4' ? [annotations?.ipv4, annotations?.ipv6] : [annotations?.ipv6, annotations?.ipv4]
  if (own === undefined && other !== undefined) return 'no'
  if (!settings?.known) return 'unknown'
  return own !== undefined || family === 'IPv4' ? 'yes' : 'unknown'
}

import type {CalicoNode, CalicoNodeAnnotations} from '../calico/kubernetes.ts'
import type {EtcdObject} from './etcd-resource.ts'
import {at, listAt, optional, record, text, textOrNumber, textRecordAt} from './fields.ts'

/** Calico's own Node (api: libcalico-go/lib/apis/v3/node.go). `unread`: its value is no object. */
export function projectCalicoNode({name, object}: EtcdObject): CalicoNode & {readonly unread?: true} {
  return {
    name,
    kubernetesName: kubernetesName(object) ?? name,
    labels: textRecordAt(object, 'metadata', 'labels'),
    calico: addressesOf(object),
    ...(record(object) === undefined && {unread: true as const}),
  }
}

/** Where NODENAME of calico-node is another than Kubernetes'. */
function kubernetesName(object: unknown): string | undefined {
  const refs = listAt(record, object, 'spec', 'orchRefs')
  return text(refs.find(({orchestrator}) => orchestrator === 'k8s')?.nodeName) || undefined
}

function addressesOf(object: unknown): CalicoNodeAnnotations {
  const of = (...path: readonly string[]) => text(at(object, ...path)) || undefined
  const asNumber = textOrNumber(at(object, 'spec', 'bgp', 'asNumber'))
  return {
    ...optional('ipv4', of('spec', 'bgp', 'ipv4Address')),
    ...optional('ipv6', of('spec', 'bgp', 'ipv6Address')),
    ...optional('ipipTunnel', of('spec', 'bgp', 'ipv4IPIPTunnelAddr')),
    ...optional('vxlanTunnel', of('spec', 'ipv4VXLANTunnelAddr')),
    ...optional('vxlanTunnelV6', of('spec', 'ipv6VXLANTunnelAddr')),
    ...optional('vxlanMac', of('spec', 'vxlanTunnelMACAddr')),
    ...optional('vxlanMacV6', of('spec', 'vxlanTunnelMACAddrV6')),
    ...optional('asNumber', asNumber === undefined || asNumber === '' ? undefined : String(asNumber)),
    ...optional('routeReflectorClusterId', of('spec', 'bgp', 'routeReflectorClusterID')),
    ...optional('wireguardAddress', of('spec', 'wireguard', 'interfaceIPv4Address')),
    ...optional('wireguardKey', of('status', 'wireguardPublicKey')),
  }
}

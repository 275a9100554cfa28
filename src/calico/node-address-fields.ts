import type {CalicoNodeAnnotations, KubeNode} from './kubernetes.ts'

/** What Calico writes on a node and no two nodes may share. */
export type AddressField = Exclude<keyof CalicoNodeAnnotations, 'asNumber' | 'routeReflectorClusterId' | 'wireguardKey'>
export interface AddressFieldMeta {
  readonly kind: 'address' | 'tunnel' | 'mac'
  readonly label: string
  readonly annotation: string
  /** In Calico's own Node, on an etcd datastore. */
  readonly spec: readonly string[]
}

/** Annotations: libcalico-go/lib/backend/k8s/resources/node.go; spec: libcalico-go/lib/apis/v3/node.go. */
export const addressFields: Readonly<Record<AddressField, AddressFieldMeta>> = {
  ipv4: {kind: 'address', label: 'Calico address', annotation: 'projectcalico.org/IPv4Address', spec: ['bgp', 'ipv4Address']},
  ipv6: {kind: 'address', label: 'Calico IPv6 address', annotation: 'projectcalico.org/IPv6Address', spec: ['bgp', 'ipv6Address']},
  ipipTunnel: {kind: 'tunnel', label: 'IPIP tunnel address', annotation: 'projectcalico.org/IPv4IPIPTunnelAddr', spec: ['bgp', 'ipv4IPIPTunnelAddr']},
  vxlanTunnel: {kind: 'tunnel', label: 'VXLAN tunnel address', annotation: 'projectcalico.org/IPv4VXLANTunnelAddr', spec: ['ipv4VXLANTunnelAddr']},
  vxlanTunnelV6: {kind: 'tunnel', label: 'IPv6 VXLAN tunnel address', annotation: 'projectcalico.org/IPv6VXLANTunnelAddr', spec: ['ipv6VXLANTunnelAddr']},
  wireguardAddress: {
    kind: 'tunnel',
    label: 'WireGuard address',
    annotation: 'projectcalico.org/IPv4WireguardInterfaceAddr',
    spec: ['wireguard', 'interfaceIPv4Address'],
  },
  vxlanMac: {kind: 'mac', label: 'VXLAN MAC', annotation: 'projectcalico.org/VXLANTunnelMACAddr', spec: ['vxlanTunnelMACAddr']},
  vxlanMacV6: {kind: 'mac', label: 'IPv6 VXLAN MAC', annotation: 'projectcalico.org/VXLANTunnelMACAddrV6', spec: ['vxlanTunnelMACAddrV6']},
}
const isField = (name: string): name is AddressField => name in addressFields
export const fieldNames: readonly AddressField[] = Object.keys(addressFields).filter(isField)

/** Where a field is written: `projectcalico.org/IPv4Address`, or on an etcd datastore `spec.bgp.ipv4Address`. */
export const writtenIn = ({calicoNode}: Pick<KubeNode, 'calicoNode'>, field: AddressField): string =>
  calicoNode === undefined ? addressFields[field].annotation : ['spec', ...addressFields[field].spec].join('.')

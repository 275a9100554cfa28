import type {CalicoNodeAnnotations} from './kubernetes.ts'

/** What Calico writes on a node and no two nodes may share. */
export type AddressField = Exclude<keyof CalicoNodeAnnotations, 'asNumber' | 'routeReflectorClusterId' | 'wireguardKey'>
export interface AddressFieldMeta {
  readonly kind: 'address' | 'tunnel' | 'mac'
  readonly label: string
  readonly annotation: string
}

/** Annotations: libcalico-go/lib/backend/k8s/resources/node.go. */
export const addressFields: Readonly<Record<AddressField, AddressFieldMeta>> = {
  ipv4: {kind: 'address', label: 'Calico address', annotation: 'projectcalico.org/IPv4Address'},
  ipv6: {kind: 'address', label: 'Calico IPv6 address', annotation: 'projectcalico.org/IPv6Address'},
  ipipTunnel: {kind: 'tunnel', label: 'IPIP tunnel address', annotation: 'projectcalico.org/IPv4IPIPTunnelAddr'},
  vxlanTunnel: {kind: 'tunnel', label: 'VXLAN tunnel address', annotation: 'projectcalico.org/IPv4VXLANTunnelAddr'},
  vxlanTunnelV6: {kind: 'tunnel', label: 'IPv6 VXLAN tunnel address', annotation: 'projectcalico.org/IPv6VXLANTunnelAddr'},
  wireguardAddress: {kind: 'tunnel', label: 'WireGuard address', annotation: 'projectcalico.org/IPv4WireguardInterfaceAddr'},
  vxlanMac: {kind: 'mac', label: 'VXLAN MAC', annotation: 'projectcalico.org/VXLANTunnelMACAddr'},
  vxlanMacV6: {kind: 'mac', label: 'IPv6 VXLAN MAC', annotation: 'projectcalico.org/VXLANTunnelMACAddrV6'},
}
const isField = (name: string): name is AddressField => name in addressFields
export const fieldNames: readonly AddressField[] = Object.keys(addressFields).filter(isField)

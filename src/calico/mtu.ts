import type {Link} from './link.ts'

/** Ways by which Calico wraps packets between nodes, each with its own interface. */
export type TunnelName = 'ipip' | 'vxlan' | 'vxlanV6' | 'wireguard' | 'wireguardV6' | 'flannel'
export interface Tunnel {
  readonly name: TunnelName
  readonly title: string
  readonly device: string
  /** Bytes that it adds to each packet (felix/dataplane/linux/int_dataplane.go). */
  readonly overhead: number
  /** Family of the packets that carry it between nodes. */
  readonly family: 4 | 6
}

export const tunnels: Readonly<Record<TunnelName, Tunnel>> = {
  ipip: {name: 'ipip', title: 'IPIP', device: 'tunl0', overhead: 20, family: 4},
  vxlan: {name: 'vxlan', title: 'VXLAN', device: 'vxlan.calico', overhead: 50, family: 4},
  vxlanV6: {name: 'vxlanV6', title: 'VXLAN over IPv6', device: 'vxlan-v6.calico', overhead: 70, family: 6},
  wireguard: {name: 'wireguard', title: 'WireGuard', device: 'wireguard.cali', overhead: 60, family: 4},
  wireguardV6: {name: 'wireguardV6', title: 'WireGuard over IPv6', device: 'wg-v6.cali', overhead: 80, family: 6},
  /** Canal leaves the tunnel to flannel. */
  flannel: {name: 'flannel', title: "flannel's VXLAN", device: 'flannel.1', overhead: 50, family: 4},
}

/** On AKS WireGuard that also encrypts host traffic keeps 100 bytes more free (determineMTU, `1340` of 1500). */
const aksHostEncryption = 100
export const withHostEncryption = (tunnel: Tunnel): Tunnel =>
  tunnel.name.startsWith('wireguard') ? {...tunnel, overhead: tunnel.overhead + aksHostEncryption} : tunnel

/** Bytes: what Felix gives a tunnel by itself on a NIC of `hostMtu`. */
export const defaultMtu = (tunnel: Tunnel, hostMtu: number): number => hostMtu - tunnel.overhead

/** Bytes: the largest pod MTU that fits through each of these tunnels; the NIC's own without any. */
export const podMtu = (hostMtu: number, used: readonly Tunnel[]): number => Math.min(hostMtu, ...used.map(tunnel => defaultMtu(tunnel, hostMtu)))

/** Prefixes of pods' interfaces: FelixConfiguration interfacePrefix, `cali` by default, `eni` and `azv` beside a cloud's own CNI. */
export const defaultInterfacePrefix = 'cali'
/** Interfaces of pods on the node's side; Calico's tunnels also start with its name but are no veth. */
export const workloadLinks = (links: readonly Link[], prefixes: readonly string[]): Link[] =>
  links.filter(({name, kind}) => (kind === 'veth' || kind === 'netkit') && prefixes.some(prefix => prefix !== '' && name.startsWith(prefix)))

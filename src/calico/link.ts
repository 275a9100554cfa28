/** One network interface of a node, from `ip -j -d addr`. */
export interface Link {
  readonly name: string
  /** Bytes. */
  readonly mtu: number
  /** Flag UP: administratively up. */
  readonly up: boolean
  /** UP, DOWN, UNKNOWN (tunnels stay UNKNOWN when they work). */
  readonly operState: string
  /** linkinfo.info_kind: veth, vxlan, ipip, wireguard, bridge, bond, vlan, dummy; undefined for a plain NIC. */
  readonly kind?: string
  readonly mac?: string
  /** The interface below (VLAN's parent, VXLAN's device). */
  readonly lower?: string
  /** The bond or bridge it belongs to. */
  readonly master?: string
  /** With prefix: `10.0.0.5/24`; link-local IPv6 too. */
  readonly addresses: readonly string[]
  readonly vxlan?: {readonly id: number; readonly port?: number; readonly local?: string}
}

import {type Tunnel, tunnels} from './mtu.ts'
import type {NodeMtu} from './mtu-node.ts'
import type {Underlay} from './underlay.ts'

/** Packets of one node that its own network cannot carry whole. */
export interface Misfit {
  readonly node: string
  /** The interface whose MTU is too large: a tunnel's, or the largest of pods'. */
  readonly link: string
  /** Bytes. */
  readonly mtu: number
  /** What wraps these packets; none when they go bare. */
  readonly tunnel?: Tunnel
  readonly underlay: Underlay
}

/** Tunnels that are too large for the interface below; empty when all fit. */
export const tunnelMisfits = ({node, underlay, tunnels}: NodeMtu): Misfit[] =>
  tunnels.flatMap(({tunnel, mtu}) => {
    const below = underlay[tunnel.family]
    return below && mtu + tunnel.overhead > below.mtu ? [{node, link: tunnel.device, mtu, tunnel, underlay: below}] : []
  })

/** Pods whose packets do not fit through the tunnel that needs most; the cause of their own only where the tunnels themselves fit. */
export function podMisfit({node, underlay, tunnels, pods}: NodeMtu): Misfit | undefined {
  if (!pods) return undefined
  const tight = tunnels.flatMap(({tunnel}) => {
    const below = underlay[tunnel.family]
    return below && pods.mtu + tunnel.overhead > below.mtu ? [{node, link: pods.link, mtu: pods.mtu, tunnel, underlay: below}] : []
  })
  return tight.toSorted((a, b) => b.tunnel.overhead - a.tunnel.overhead)[0]
}

/** Pods larger than the NIC itself, where no tunnel is in use. */
export function bareMisfit({node, underlay, tunnels, pods}: NodeMtu): Misfit | undefined {
  const below = underlay[4] ?? underlay[6]
  if (!pods || !below || tunnels.length > 0 || pods.mtu <= below.mtu) return undefined
  return {node, link: pods.link, mtu: pods.mtu, underlay: below}
}

/** Pods that fit the NIC and leave no room for the VXLAN by which eBPF hands node port traffic on (felix/bpf-gpl/nat.h: 50 bytes). */
export function nodePortMisfit(node: NodeMtu): Misfit | undefined {
  const {underlay, pods} = node
  const below = underlay[4]
  if (!pods || !below || podMisfit(node) || bareMisfit(node) || pods.mtu + tunnels.vxlan.overhead <= below.mtu) return undefined
  return {node: node.node, link: pods.link, mtu: pods.mtu, tunnel: tunnels.vxlan, underlay: below}
}

/** Nodes with the same numbers have the same cause. */
export const sameNumbers = (misfits: readonly Misfit[]): Misfit[][] => [
  ...Map.groupBy(misfits, ({mtu, tunnel, underlay}) => `${tunnel?.name} ${mtu} ${underlay.mtu}`).values(),
]

/** `a: vxlan.calico mtu 1500; eth0 mtu 1500 holds 10.0.0.5 (ip -j -d addr)`. */
export const misfitLine = ({node, link, mtu, underlay}: Misfit): string =>
  `${node}: ${link} mtu ${mtu}; ${underlay.text} holds ${underlay.address} (ip -j -d addr)`

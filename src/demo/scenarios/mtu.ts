import type {ClusterPlan} from './plan.ts'

/** Bytes that an overlay takes from each packet (felix/dataplane/linux/int_dataplane.go). */
const overheads = {ipip: 20, vxlan: 50} as const

/** MTU of the tunnel device: as set, or what the NIC leaves. */
export function overlayMtu({vethMtu, nicMtu, ipipMode, vxlanMode, daemonSet}: ClusterPlan): number {
  if (daemonSet === 'canal' || vxlanMode !== 'Never') return vethMtu || nicMtu - overheads.vxlan
  return vethMtu || (ipipMode === 'Never' ? nicMtu : nicMtu - overheads.ipip)
}
/** MTU of pods: the smallest of the overlays in use. */
export const podMtu = overlayMtu
/** What Felix writes for the CNI plugin. Flannel's overlay is none of Felix's business: there it writes the NIC's, and canal-config's veth_mtu beats it. */
export const felixMtu = (plan: ClusterPlan): number => (plan.daemonSet === 'canal' ? plan.nicMtu : podMtu(plan))

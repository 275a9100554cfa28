import type {SimulatedLink, SimulatedNode} from '../simulated-node.ts'
import {cniConflist} from './cni-config.ts'
import {macOf, vethOf} from './identity.ts'
import {felixMtu, overlayMtu, podMtu} from './mtu.ts'
import type {ClusterPlan, PlannedNode, PlannedPod} from './plan.ts'
import {bird6Of, birdOf} from './sessions.ts'

/** The machine behind a node: what commands in its calico-node container answer. */
export function machineOf(plan: ClusterPlan, node: PlannedNode, pods: readonly PlannedPod[]): SimulatedNode {
  return {
    name: node.name,
    kernelVersion: plan.kernelVersion,
    calicoVersion: plan.calicoVersion,
    ...(plan.backend === 'bird' && {bird: birdOf(plan, node), bird6: bird6Of(plan, node)}),
    links: linksOf(plan, node, pods),
    files: filesOf(plan, node),
    neighbours: plan.nodes,
  }
}

function linksOf(plan: ClusterPlan, node: PlannedNode, pods: readonly PlannedPod[]): SimulatedLink[] {
  const prefix = node.subnet.split('/')[1]
  return [
    {name: 'lo', mtu: 65536, addresses: ['127.0.0.1/8', '::1/128']},
    {name: plan.nic, mtu: plan.nicMtu, mac: macOf(node.name).replace('66', '52'), addresses: [`${node.address}/${prefix}`]},
    ...overlayOf(plan, node),
    ...pods
      .filter(pod => !pod.hostNetwork)
      .map(pod => ({
        name: vethOf(pod.namespace, pod.name),
        kind: 'veth' as const,
        mtu: podMtu(plan),
        mac: 'ee:ee:ee:ee:ee:ee',
        addresses: ['fe80::ecee:eeff:feee:eeee/64'],
      })),
  ]
}

function overlayOf(plan: ClusterPlan, node: PlannedNode): SimulatedLink[] {
  const mtu = overlayMtu(plan)
  const addresses = [`${node.tunnelAddress}/32`]
  if (plan.daemonSet === 'canal') {
    const flannel = {id: 1, port: 8472, local: node.address}
    return [{name: 'flannel.1', kind: 'vxlan', mtu, mac: macOf(`flannel ${node.name}`), addresses, lower: plan.nic, vxlan: flannel}]
  }
  const vxlan = {id: 4096, port: 4789, local: node.address}
  return [
    ...(plan.ipipMode === 'Never' ? [] : [{name: 'tunl0', kind: 'ipip' as const, mtu, addresses}]),
    ...(plan.vxlanMode === 'Never' ? [] : [{name: 'vxlan.calico', kind: 'vxlan' as const, mtu, mac: macOf(node.name), addresses, lower: plan.nic, vxlan}]),
  ]
}

const filesOf = (plan: ClusterPlan, node: PlannedNode): Record<string, string> => ({
  '/proc/sys/kernel/osrelease': `${plan.kernelVersion}\n`,
  '/proc/sys/net/ipv4/ip_forward': '1\n',
  '/sys/class/dmi/id/chassis_asset_tag': `${plan.chassisTag}\n`,
  '/var/lib/calico/nodename': node.name,
  '/var/lib/calico/mtu': String(felixMtu(plan)),
  [`/host/etc/cni/net.d/10-${plan.daemonSet === 'canal' ? 'canal' : 'calico'}.conflist`]: cniConflist(plan, node.name),
})

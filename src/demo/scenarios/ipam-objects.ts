import type {CalicoResource} from './calico-objects.ts'
import {numberOf} from './identity.ts'
import {ipv4, numberOfIpv4} from './ipv4.ts'
import {created} from './meta.ts'
import type {ClusterPlan, PlannedNode, PlannedPod} from './plan.ts'
import {sandboxOf} from './pod-objects.ts'

const size = 64

interface Allocation {
  readonly ip: number
  readonly handle: string
  readonly secondary: Record<string, string>
}

/** Blocks, their affinities and the handles of all pods and tunnels: they agree with each other and with the pods (facts: libcalico-go ipam). */
export function ipamObjects(plan: ClusterPlan): CalicoResource[] {
  if (plan.daemonSet === 'canal') return []
  const byNode = Map.groupBy(
    plan.pods.filter(pod => !pod.hostNetwork),
    pod => pod.node,
  )
  const config = {kind: 'IPAMConfig', resource: 'ipamconfigs', name: 'default', spec: {autoAllocateBlocks: true, strictAffinity: false}}
  return [config, ...plan.nodes.flatMap(node => nodeIpam(plan, node, byNode.get(node) ?? []))]
}

function nodeIpam(plan: ClusterPlan, node: PlannedNode, pods: readonly PlannedPod[]): CalicoResource[] {
  const allocations = [tunnelOf(plan, node), ...pods.map(podAllocation)].filter(one => one !== undefined)
  const blocks = Map.groupBy(allocations, ({ip}) => ip - (ip % size))
  return [...[...blocks].flatMap(([base, inside]) => [block(node, base, inside), affinity(node, base)]), ...allocations.map(handle)]
}

function tunnelOf({ipipMode, vxlanMode, backend}: ClusterPlan, {name, tunnelAddress}: PlannedNode): Allocation | undefined {
  const type = vxlanMode !== 'Never' ? 'vxlan' : ipipMode !== 'Never' && backend === 'bird' ? 'ipip' : undefined
  if (type === undefined) return undefined
  return {ip: numberOfIpv4(tunnelAddress), handle: `${type}-tunnel-addr-${name}`, secondary: {node: name, type: `${type}TunnelAddress`}}
}

const podAllocation = ({ip, namespace, name, node}: PlannedPod): Allocation => ({
  ip: numberOfIpv4(ip),
  handle: `k8s-pod-network.${sandboxOf(namespace, name)}`,
  secondary: {namespace, node: node.name, pod: name, timestamp: created.replace('T', ' ').replace('Z', ' +0000 UTC')},
})

const cidrOf = (base: number) => `${ipv4(base)}/26`
const dashed = (cidr: string) => cidr.replaceAll(/[./]/g, '-')

function block(node: PlannedNode, base: number, inside: readonly Allocation[]): CalicoResource {
  const allocations: (number | null)[] = Array.from({length: size}, () => null)
  for (const [index, {ip}] of inside.entries()) allocations[ip - base] = index
  const cidr = cidrOf(base)
  const sequence = 1_756_000_000_000_000 + numberOf(cidr, 1_000_000_000)
  return {
    kind: 'IPAMBlock',
    resource: 'ipamblocks',
    name: dashed(cidr),
    spec: {
      affinity: `host:${node.name}`,
      allocations,
      attributes: inside.map(({handle: id, secondary}) => ({handle_id: id, secondary})),
      cidr,
      deleted: false,
      sequenceNumber: sequence,
      sequenceNumberForAllocation: Object.fromEntries(inside.map(({ip}, index) => [String(ip - base), sequence - inside.length + index])),
      strictAffinity: false,
      unallocated: allocations.flatMap((taken, ordinal) => (taken === null ? [ordinal] : [])),
    },
  }
}

function affinity(node: PlannedNode, base: number): CalicoResource {
  const cidr = cidrOf(base)
  return {
    kind: 'BlockAffinity',
    resource: 'blockaffinities',
    name: `${node.name}-${dashed(cidr)}`,
    spec: {cidr, deleted: 'false', node: node.name, state: 'confirmed', type: 'host'},
  }
}

const handle = ({ip, handle: id}: Allocation): CalicoResource => ({
  kind: 'IPAMHandle',
  resource: 'ipamhandles',
  name: id.toLowerCase(),
  spec: {block: {[cidrOf(ip - (ip % size))]: 1}, deleted: false, handleID: id},
})

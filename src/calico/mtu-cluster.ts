import {type PerNode, seen} from '../engine/collected.ts'
import {felixSetting} from './felix-setting.ts'
import type {KubeNode} from './kubernetes.ts'
import type {Link} from './link.ts'
import {defaultInterfacePrefix, podMtu} from './mtu.ts'
import {type NodeMtu, nodeMtu} from './mtu-node.ts'
import {type TunnelSources, type TunnelsInUse, tunnelsInUse} from './mtu-tunnels.ts'

export interface ClusterMtu {
  /** Nodes whose interfaces were seen, in the order of their names. */
  readonly nodes: readonly NodeMtu[]
  readonly use: TunnelsInUse
  /** Bytes: the smallest NIC of the nodes that were seen, and the largest pod MTU that fits all of them. */
  readonly nic: number | undefined
  readonly fits: number | undefined
}

export function clusterMtu(sources: TunnelSources & {readonly nodes: readonly KubeNode[]; readonly links: PerNode<readonly Link[]>}): ClusterMtu {
  const use = tunnelsInUse(sources)
  const prefixes = felixSetting('interfacePrefix', sources)
    .setting?.value.split(',')
    .map(prefix => prefix.trim())
  const options = {used: use.tunnels, interfacePrefixes: prefixes ?? [defaultInterfacePrefix]}
  const byName = new Map(sources.nodes.map(node => [node.name, node]))
  const nodes = [...seen(sources.links)].flatMap(([name, links]) => {
    const node = byName.get(name)
    return node ? [nodeMtu(node, links, options)] : []
  })
  const underlays = nodes.flatMap(({underlay}) => [underlay[4]?.mtu ?? [], underlay[6]?.mtu ?? []].flat())
  const nic = underlays.length === 0 ? undefined : underlays.reduce((least, mtu) => Math.min(least, mtu))
  return {nodes: nodes.toSorted(byNode), use, nic, fits: nic === undefined ? undefined : podMtu(nic, use.tunnels)}
}

const byNode = (a: NodeMtu, b: NodeMtu) => (a.node < b.node ? -1 : a.node > b.node ? 1 : 0)

/** What could not be told about nodes, one line per cause. */
export function untoldLines(nodes: readonly NodeMtu[], list: (names: readonly string[]) => string): string[] {
  const byReason = Map.groupBy(
    nodes.flatMap(({node, untold}) => untold.map(reason => ({node, reason}))),
    ({reason}) => reason,
  )
  return [...byReason].map(([reason, of]) => `${list(of.map(({node}) => node))}: ${reason}`)
}

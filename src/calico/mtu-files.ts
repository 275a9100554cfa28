import {type Collected, type PerNode, seen} from '../engine/collected.ts'
import type {Facts} from '../engine/facts.ts'
import {unseenNodes} from './unseen-nodes.ts'

/** What is on the nodes' disks: the CNI configuration, and what Felix computed for pods. */
export interface MtuFiles {
  readonly cniConfig: Collected<Facts['cniConfig']>
  readonly mtuFile: Collected<PerNode<number>>
}

/** Nodes by the MTU in their CNI configuration; 0 is automatic, and so is none. Bytes. */
export function cniGroups({cniConfig}: MtuFiles): {readonly mtu: number; readonly nodes: readonly string[]}[] {
  if (!cniConfig.known) return []
  const said = [...seen(cniConfig.value)].map(([node, {mtu = 0}]) => ({node, mtu}))
  return [...Map.groupBy(said, ({mtu}) => mtu)].map(([mtu, of]) => ({mtu, nodes: of.map(({node}) => node)}))
}

/** Nodes whose CNI configuration gives pods more than Felix computed there, by the two numbers. Bytes. */
export function largerThanComputed({cniConfig, mtuFile}: MtuFiles): {readonly pods: number; readonly felix: number; readonly nodes: readonly string[]}[] {
  if (!cniConfig.known || !mtuFile.known) return []
  const computed = new Map(seen(mtuFile.value))
  const larger = [...seen(cniConfig.value)].flatMap(([node, {mtu: pods = 0}]) => {
    const felix = computed.get(node)
    return felix !== undefined && pods > felix ? [{pods, felix, node}] : []
  })
  return [...Map.groupBy(larger, ({pods, felix}) => `${pods} ${felix}`).values()].map(same => ({...same[0]!, nodes: same.map(({node}) => node)}))
}

/** One line for each place that was not seen; what is not there cannot disagree. */
export function unseenPlaces(files: MtuFiles, others: Readonly<Record<string, Collected<unknown>>>): string[] {
  const lines = Object.entries(others).flatMap(([place, fact]) => {
    if (fact.known) return fact.partial === undefined ? [] : [`${place} was seen in part (${fact.partial})`]
    return fact.why === 'absent' ? [] : [`${place} was not seen (${fact.why})`]
  })
  return [...lines, ...unseenNodes('the CNI configuration', files.cniConfig), ...unseenNodes('/var/lib/calico/mtu', files.mtuFile)]
}

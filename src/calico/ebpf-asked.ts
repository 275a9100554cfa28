import type {Dataplane} from './cluster.ts'
import type {KubeNode} from './kubernetes.ts'
import type {FelixConfiguration} from './resources.ts'
import {selects} from './selector.ts'

/** Whether eBPF is asked for on one node, and the place that says so. undefined: resources disagree, or one chooses its nodes in words not understood. */
export interface EbpfAsked {
  readonly on: boolean | undefined
  readonly source: string
}

/**
 * The order of felix/config: environment, FelixConfiguration `node.<name>`, those that choose their nodes by nodeSelector (v3.32), then what holds for the
 * whole cluster. VPP replaces Felix's own dataplanes altogether.
 */
export function ebpfAsked(node: KubeNode, cluster: Dataplane, resources: readonly FelixConfiguration[]): EbpfAsked {
  const everywhere = {on: cluster.kind === 'ebpf', source: cluster.source}
  if (cluster.kind === 'vpp' || cluster.source.startsWith('env FELIX_BPF')) return everywhere
  const own = resources.find(({name}) => name === `node.${node.name}`)
  if (typeof own?.spec.bpfEnabled === 'boolean') return {on: own.spec.bpfEnabled, source: sourceOf(own)}
  return bySelector(node, resources) ?? everywhere
}

function bySelector({labels}: KubeNode, resources: readonly FelixConfiguration[]): EbpfAsked | undefined {
  const said = resources.flatMap(resource => {
    const {nodeSelector, bpfEnabled} = resource.spec
    if (typeof nodeSelector !== 'string' || typeof bpfEnabled !== 'boolean') return []
    const selected = selects(nodeSelector, labels)
    return selected === false ? [] : [{on: selected ? bpfEnabled : undefined, source: sourceOf(resource)}]
  })
  const [first] = said
  if (!first) return undefined
  return said.every(({on}) => on === first.on) ? first : {on: undefined, source: said.map(({source}) => source).join(', ')}
}

const sourceOf = ({name}: FelixConfiguration) => `FelixConfiguration ${name} bpfEnabled`

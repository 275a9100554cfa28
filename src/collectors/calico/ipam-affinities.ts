import {parseCidr} from '../../calico/cidr.ts'
import type {BlockAffinity} from '../../calico/ipam.ts'
import {isTrue} from '../../calico/ipam-block.ts'
import {keep} from '../../calico/keep.ts'
import {defineCollector} from '../../engine/collector.ts'
import {text} from '../fields.ts'
import {type IpamKind, ipamList, type Projected, readable} from '../ipam-list.ts'

const kind: IpamKind<BlockAffinity> = {
  source: 'ipam-affinities',
  plural: 'blockaffinities',
  prefixes: ['/calico/ipam/v2/host/', '/calico/ipam/v2/virtual/'],
  project: (spec, name) => claim(spec, {name, node: text(spec.node), cidr: text(spec.cidr), type: spec.type}),
  // <node>/ipv4/block/<cidr with - for />: a colon of IPv6 stays.
  projectEtcd: (value, [node, , , cidr], prefix) =>
    claim(value, {name: `${node}/${cidr}`, node, cidr: cidr?.replace('-', '/'), type: prefix.includes('/virtual/') ? 'virtual' : 'host'}),
}

interface Named {
  readonly name: string
  readonly node: string | undefined
  readonly cidr: string | undefined
  readonly type: unknown
}

/** An affinity without a type is a node's, and one without a state is confirmed: both are older than these fields (facts: calico.md §4.7). */
function claim({state, deleted}: Readonly<Record<string, unknown>>, {name, node, cidr, type}: Named): Projected<BlockAffinity> {
  if (isTrue(deleted)) return undefined
  const network = parseCidr(cidr)?.network
  if (node === undefined || node === '' || network === undefined) return {unread: name}
  return {node: keep(node), type: type === 'virtual' ? 'virtual' : 'host', cidr: network, state: keep(text(state) || 'confirmed')}
}

export default defineCollector({
  ...ipamList(kind),
  facts: {
    blockAffinities: (affinities: readonly unknown[]) =>
      readable<BlockAffinity>('BlockAffinity', affinities, ({node, cidr, state, type}) => [node, cidr, state, type].every(word => typeof word === 'string')),
  },
})

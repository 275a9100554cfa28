import type {IpamBlock} from '../../calico/ipam.ts'
import {readBlock} from '../../calico/ipam-block.ts'
import {defineCollector} from '../../engine/collector.ts'
import {type IpamKind, ipamList, type Projected, readable} from '../ipam-list.ts'

const kind: IpamKind<IpamBlock> = {
  source: 'ipam-blocks',
  plural: 'ipamblocks',
  prefixes: ['/calico/ipam/v2/assignment/'],
  hidden: true,
  project: counted,
  projectEtcd: (value, parts) => counted(value, parts.join('/')),
}

function counted(spec: Readonly<Record<string, unknown>>, name: string): Projected<IpamBlock> {
  const block = readBlock(spec)
  return block === 'deleted' ? undefined : (block ?? {unread: name})
}

/** Each is counted as it comes: five thousand of them are 25 MB in the API. */
export default defineCollector({
  ...ipamList(kind),
  facts: {
    ipamBlocks: (blocks: readonly unknown[]) =>
      readable<IpamBlock>(
        'IPAMBlock',
        blocks,
        ({cidr, size, free, cooling, holders}) =>
          typeof cidr === 'string' && [size, free, cooling].every(Number.isFinite) && Array.isArray(holders) && holders.every(isHolder),
      ),
  },
})

const isHolder = (holder: {node?: unknown; count?: unknown} | null) => typeof holder?.node === 'string' && Number.isFinite(holder.count)

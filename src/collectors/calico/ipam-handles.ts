import type {IpamHandle} from '../../calico/ipam.ts'
import {isTrue} from '../../calico/ipam-block.ts'
import {detached, keep} from '../../calico/keep.ts'
import {defineCollector} from '../../engine/collector.ts'
import {number, recordOf, text} from '../fields.ts'
import {type IpamKind, ipamList, type Projected, readable} from '../ipam-list.ts'

const kind: IpamKind<IpamHandle> = {
  source: 'ipam-handles',
  plural: 'ipamhandles',
  prefixes: ['/calico/ipam/v2/handle/'],
  hidden: true,
  // The name of the object is the ID in small letters.
  project: (spec, name) => handle(spec, text(spec.handleID) ?? name),
  projectEtcd: (value, parts) => handle(value, parts.join('/')),
}

function handle({block, deleted}: Readonly<Record<string, unknown>>, id: string): Projected<IpamHandle> {
  if (isTrue(deleted)) return undefined
  const counts = recordOf(number)(block)
  if (!counts) return {unread: id}
  return {id: detached(id), blocks: Object.entries(counts).map(([cidr, count]) => ({cidr: keep(cidr), count}))}
}

/** Some for each pod, so asked only by who looks for leaks. */
export default defineCollector({
  ...ipamList(kind),
  facts: {
    ipamHandles: (handles: readonly unknown[]) =>
      readable<IpamHandle>('IPAMHandle', handles, ({id, blocks}) => typeof id === 'string' && Array.isArray(blocks)),
  },
})

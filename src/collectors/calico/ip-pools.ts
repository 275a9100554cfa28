import type {IpPoolSpec} from '../../calico/resources.ts'
import {defineCollector} from '../../engine/collector.ts'
import {calicoList, type Seen} from '../calico-resource.ts'
import {resourcesOf, specOf} from '../calico-specs.ts'
import {flag, listOf, number, oneOf, text} from '../fields.ts'

const mode = oneOf('Never', 'Always', 'CrossSubnet')
const spec = specOf<IpPoolSpec>(
  {
    cidr: text,
    blockSize: number,
    ipipMode: mode,
    vxlanMode: mode,
    natOutgoing: flag,
    disabled: flag,
    disableBGPExport: flag,
    nodeSelector: text,
    allowedUses: listOf(text),
    assignmentMode: text,
  },
  ['cidr'],
)

export default defineCollector({
  ...calicoList('ip-pools', {plural: 'ippools', spec}),
  facts: {ipPools: (pools: readonly Seen<IpPoolSpec>[]) => resourcesOf('IPPool', pools)},
})

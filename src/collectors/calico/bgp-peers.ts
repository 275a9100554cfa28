import type {BgpPeerSpec} from '../../calico/resources.ts'
import {defineCollector} from '../../engine/collector.ts'
import {calicoList, type Seen} from '../calico-resource.ts'
import {resourcesOf, specOf} from '../calico-specs.ts'
import {shape, text, textOrNumber} from '../fields.ts'

type Password = NonNullable<BgpPeerSpec['password']>
const spec = specOf<BgpPeerSpec>({
  node: text,
  nodeSelector: text,
  peerIP: text,
  peerSelector: text,
  localWorkloadSelector: text,
  asNumber: textOrNumber,
  // The name of the Secret, never what it holds.
  password: shape<Password>({secretKeyRef: shape<NonNullable<Password['secretKeyRef']>>({name: text, key: text})}),
  reversePeering: text,
})

export default defineCollector({
  ...calicoList('bgp-peers', {plural: 'bgppeers', spec}),
  facts: {bgpPeers: (peers: readonly Seen<BgpPeerSpec>[]) => resourcesOf('BGPPeer', peers)},
})

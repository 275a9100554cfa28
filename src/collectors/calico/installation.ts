import type {Installation, InstallationSpec} from '../../calico/resources.ts'
import {defineCollector} from '../../engine/collector.ts'
import {at, listOf, number, oneOf, optional, record, shape, text} from '../fields.ts'
import {mapKnown} from '../map-known.ts'

/** 404 of the group or of the object: no operator. */
export default defineCollector({
  source: 'installation',
  access: [{verb: 'get', group: 'operator.tigera.io', resource: 'installations', name: 'default'}],
  collect: async cluster => mapKnown(await cluster.get('/apis/operator.tigera.io/v1/installations/default'), projectInstallation),
  facts: {installation: (installation: Installation) => installation},
})

type Network = NonNullable<InstallationSpec['calicoNetwork']>
type Cni = NonNullable<InstallationSpec['cni']>
type Pool = NonNullable<Network['ipPools']>[number]

const pool = (item: unknown): Pool | undefined => {
  const fields = shape<Pool>({name: text, cidr: text, encapsulation: text})(item)
  return fields && {...fields, cidr: fields.cidr ?? ''}
}
const spec = shape<InstallationSpec>({
  variant: text,
  kubernetesProvider: text,
  serviceCIDRs: listOf(text),
  cni: shape<Cni>({type: text, ipam: shape<NonNullable<Cni['ipam']>>({type: text})}),
  calicoNetwork: shape<Network>({
    bgp: oneOf('Enabled', 'Disabled'),
    linuxDataplane: oneOf('Iptables', 'BPF', 'VPP', 'Nftables'),
    mtu: number,
    ipPools: listOf(pool),
    nodeAddressAutodetectionV4: record,
    nodeAddressAutodetectionV6: record,
  }),
})

export const projectInstallation = (item: unknown): Installation => ({
  spec: spec(at(item, 'spec')) ?? {},
  ...optional('computed', spec(at(item, 'status', 'computed'))),
  ...optional('calicoVersion', text(at(item, 'status', 'calicoVersion'))),
  ...optional('mtu', number(at(item, 'status', 'mtu'))),
  ...optional('helmRelease', text(at(item, 'metadata', 'annotations', 'meta.helm.sh/release-name'))),
})

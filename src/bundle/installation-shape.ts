import {listOf, number, oneOf, optional, recordOf, shapeOf, text} from './rules.ts'

const detection = optional(recordOf(value => (['string', 'boolean'].includes(typeof value) || Array.isArray(value) ? undefined : 'no method')))
const network = shapeOf({
  ...{bgp: optional(oneOf('Enabled', 'Disabled')), linuxDataplane: optional(oneOf('Iptables', 'BPF', 'VPP', 'Nftables')), mtu: optional(number)},
  ipPools: optional(listOf(shapeOf({name: optional(text), cidr: text, encapsulation: optional(text)}))),
  ...{nodeAddressAutodetectionV4: detection, nodeAddressAutodetectionV6: detection},
})
const spec = shapeOf({
  ...{variant: optional(text), kubernetesProvider: optional(text), serviceCIDRs: optional(listOf(text)), calicoNetwork: optional(network)},
  cni: optional(shapeOf({type: optional(text), ipam: optional(shapeOf({type: optional(text)}))})),
})

/** The operator's Installation, as its collector keeps it. */
export const installation = shapeOf({
  ...{spec, computed: optional(spec), calicoVersion: optional(text), mtu: optional(number), helmRelease: optional(text)},
})

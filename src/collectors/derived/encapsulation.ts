import type {NodeEnv} from '../../calico/cluster.ts'
import {felixBoolean} from '../../calico/node-env.ts'
import {poolsEncapsulation} from '../../calico/pools.ts'
import type {FelixConfiguration} from '../../calico/resources.ts'
import {type Collected, known, orAbsent} from '../../engine/collected.ts'
import {defineDerived} from '../../engine/collector.ts'
import {alsoPartial, mapKnown} from '../map-known.ts'

export default defineDerived({
  source: 'derived/encapsulation',
  from: ['install', 'ipPools', 'nodeEnv', 'felixConfigurations'],
  facts: {
    encapsulation({install, ipPools, nodeEnv, felixConfigurations}) {
      if (install.known && install.value.flavour === 'canal') return known({title: "flannel's", ipip: false, vxlan: false, wireguard: false})
      const wireguard = wireguardEnabled(nodeEnv, orAbsent(felixConfigurations, []))
      const encapsulation = mapKnown(ipPools, pools => poolsEncapsulation(pools, wireguard.known && wireguard.value))
      return alsoPartial(encapsulation, wireguard.known ? undefined : `whether WireGuard is on was not seen (${wireguard.why})`)
    },
  },
})

/** FELIX_WIREGUARDENABLED beats FelixConfiguration; off when neither says. */
function wireguardEnabled(nodeEnv: Collected<NodeEnv>, felix: Collected<readonly FelixConfiguration[]>): Collected<boolean> {
  const variable = nodeEnv.known ? felixBoolean(nodeEnv.value.FELIX_WIREGUARDENABLED?.value) : undefined
  if (variable !== undefined) return known(variable)
  return mapKnown(felix, configurations => {
    const {wireguardEnabled: v4, wireguardEnabledV6: v6} = configurations.find(({name}) => name === 'default')?.spec ?? {}
    return v4 === true || v6 === true
  })
}

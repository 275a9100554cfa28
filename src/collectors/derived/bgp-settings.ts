import {backendOf, meshSettings} from '../../calico/bgp-settings.ts'
import {known, orAbsent, unknown, valueOf} from '../../engine/collected.ts'
import {defineDerived} from '../../engine/collector.ts'

export default defineDerived({
  source: 'derived/bgp-settings',
  from: ['nodeEnv', 'calicoConfig', 'installation', 'bgpConfigurations'],
  facts: {
    bgpSettings({nodeEnv, calicoConfig, installation, bgpConfigurations}) {
      if (!nodeEnv.known) return nodeEnv
      const backend = backendOf(nodeEnv.value, valueOf(installation))
      const variable = nodeEnv.value.CALICO_NETWORKING_BACKEND
      if (!backend) return unknown(calicoConfig.known ? 'failed' : calicoConfig.why, `${variable?.source}: ${variable?.unresolved}`)
      const configurations = orAbsent(bgpConfigurations, [])
      const settings = {...backend, ...meshSettings(valueOf(configurations)?.find(({name}) => name === 'default'))}
      // Without BIRD nobody reads the rest.
      if (backend.backend !== 'bird') return known(settings)
      if (configurations.known) return known(settings, configurations.partial)
      return known(settings, `mesh, AS number and port are Calico's defaults: BGPConfiguration was not seen (${configurations.why})`)
    },
  },
})

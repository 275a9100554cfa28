import {configuredDataplane, defaultDataplane} from '../../calico/dataplane.ts'
import {known, orAbsent, unknown, valueOf} from '../../engine/collected.ts'
import {defineDerived} from '../../engine/collector.ts'

export default defineDerived({
  source: 'derived/dataplane',
  from: ['nodeEnv', 'felixConfigurations', 'installation', 'install'],
  facts: {
    dataplane({nodeEnv, felixConfigurations, installation, install}) {
      if (!nodeEnv.known) return nodeEnv
      const felix = orAbsent(felixConfigurations, [])
      const felixDefault = valueOf(felix)?.find(({name}) => name === 'default')
      // An Installation that is left over from another install rules nothing.
      const operators = !install.known || install.value.flavour === 'operator' ? installation : unknown('absent')
      const configured = configuredDataplane(nodeEnv.value, felixDefault, valueOf(operators))
      // The environment beats all, and VPP is Installation's alone.
      if (configured && (configured.source.startsWith('env FELIX_BPF') || configured.kind === 'vpp')) return known(configured)
      if (!felix.known) return configured ? known(configured, `FelixConfiguration was not seen (${felix.why})`) : felix
      const unseen = !operators.known && operators.why !== 'absent' ? `Installation was not seen (${operators.why})` : undefined
      return configured ? known(configured, felix.partial) : known(defaultDataplane, unseen ?? felix.partial)
    },
  },
})

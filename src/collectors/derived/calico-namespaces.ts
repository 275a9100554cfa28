import {primaryDaemonSet} from '../../calico/primary-daemon-set.ts'
import {known} from '../../engine/collected.ts'
import {defineDerived} from '../../engine/collector.ts'
import {usualNamespaces} from '../in-namespaces.ts'

export default defineDerived({
  source: 'derived/calico-namespaces',
  from: ['calicoDaemonSets'],
  facts: {
    calicoNamespaces({calicoDaemonSets}) {
      if (!calicoDaemonSets.known) return known(usualNamespaces, `DaemonSets could not be listed (${calicoDaemonSets.why}): these are the usual namespaces`)
      const namespaces = [...new Set(calicoDaemonSets.value.map(({namespace}) => namespace))].sort()
      // Where Calico was found running, what could not be looked at elsewhere takes nothing away.
      const found = (primaryDaemonSet(calicoDaemonSets.value)?.desired ?? 0) > 0
      return known(namespaces, found ? undefined : calicoDaemonSets.partial)
    },
  },
})

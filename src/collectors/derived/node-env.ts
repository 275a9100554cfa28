import {envOf} from '../../calico/node-env.ts'
import {nodeContainer, primaryDaemonSet} from '../../calico/primary-daemon-set.ts'
import {known, unknown} from '../../engine/collected.ts'
import {defineDerived} from '../../engine/collector.ts'

/** Its values may be overridden in eBPF mode; upstream's manifests and the operator have it on every container. */
const endpointOverride = 'kubernetes-services-endpoint'

export default defineDerived({
  source: 'derived/node-env',
  from: ['calicoDaemonSets', 'calicoConfig'],
  facts: {
    nodeEnv({calicoDaemonSets, calicoConfig}) {
      if (!calicoDaemonSets.known) return calicoDaemonSets
      const daemonSet = primaryDaemonSet(calicoDaemonSets.value)
      const container = daemonSet && nodeContainer(daemonSet)
      if (!daemonSet || !container) return unknown('absent', 'no DaemonSet runs calico-node')
      const unread = container.envFrom.filter(name => name !== endpointOverride)
      const partial = unread.length > 0 ? `variables of ConfigMap ${unread.join(', ')} were not read` : undefined
      return known(envOf(daemonSet, container, calicoConfig), partial)
    },
  },
})

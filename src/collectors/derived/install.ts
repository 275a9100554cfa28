import {installOf} from '../../calico/install-flavour.ts'
import {known, unknown, valueOf} from '../../engine/collected.ts'
import {defineDerived} from '../../engine/collector.ts'
import {alsoPartial} from '../map-known.ts'

export default defineDerived({
  source: 'derived/install',
  from: ['calicoDaemonSets', 'calicoConfig', 'installation', 'nodes'],
  facts: {
    install({calicoDaemonSets, calicoConfig, installation, nodes}) {
      if (!calicoDaemonSets.known) return calicoDaemonSets
      const install = installOf({
        daemonSets: calicoDaemonSets.value,
        configMap: valueOf(calicoConfig),
        installation: valueOf(installation),
        nodes: valueOf(nodes),
      })
      if (!install) return unknown('absent', 'no DaemonSet runs calico-node')
      return alsoPartial(known(install, calicoDaemonSets.partial), install.flavour === 'manifest' ? whatCouldTell({calicoConfig, nodes}) : undefined)
    },
  },
})

/** Kubespray shows in the ConfigMap and Tanzu on the nodes: without them it may be theirs. */
function whatCouldTell(signs: Readonly<Record<string, {readonly known: boolean; readonly why?: string}>>): string | undefined {
  const unseen = Object.entries(signs).flatMap(([name, {known: seen, why}]) => (seen || why === 'absent' ? [] : [`${name} (${why})`]))
  return unseen.length > 0 ? `who installed it may show in what was not seen: ${unseen.join(', ')}` : undefined
}

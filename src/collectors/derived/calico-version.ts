import {imageVersion, writtenVersion} from '../../calico/calico-version.ts'
import {nodeContainer, primaryDaemonSet} from '../../calico/primary-daemon-set.ts'
import {known, unknown} from '../../engine/collected.ts'
import {defineDerived} from '../../engine/collector.ts'

export default defineDerived({
  source: 'derived/calico-version',
  from: ['calicoDaemonSets', 'installation', 'clusterInformation'],
  facts: {
    calicoVersion({calicoDaemonSets, installation, clusterInformation}) {
      const daemonSet = calicoDaemonSets.known ? primaryDaemonSet(calicoDaemonSets.value) : undefined
      const image = (daemonSet && nodeContainer(daemonSet)?.image) ?? ''
      const version =
        imageVersion(image) ??
        (installation.known ? writtenVersion(installation.value.calicoVersion ?? '', 'Installation status.calicoVersion') : undefined) ??
        (clusterInformation.known ? writtenVersion(clusterInformation.value.spec.calicoVersion ?? '', 'ClusterInformation default') : undefined)
      if (version) return known(version)
      if (!calicoDaemonSets.known) return calicoDaemonSets
      if (!daemonSet) return unknown('absent', 'no DaemonSet runs calico-node')
      return unknown(
        clusterInformation.known || clusterInformation.why === 'absent' ? 'failed' : clusterInformation.why,
        `image ${image} names no version, and neither does ClusterInformation`,
      )
    },
  },
})

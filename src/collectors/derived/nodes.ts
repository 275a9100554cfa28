import type {Datastore} from '../../calico/cluster.ts'
import {withCalicoNodes} from '../../calico/etcd-nodes.ts'
import type {Collected} from '../../engine/collected.ts'
import {defineDerived} from '../../engine/collector.ts'
import {alsoPartial, mapKnown} from '../map-known.ts'

/** On an etcd datastore annotations are of an earlier time, and never stand in for what was not seen in etcd. */
export default defineDerived({
  source: 'derived/nodes',
  from: ['kubeNodes', 'calicoNodes', 'apiGroup', 'datastore'],
  facts: {
    nodes({kubeNodes, calicoNodes, apiGroup, datastore}) {
      const inEtcd = apiGroup.known && apiGroup.value.etcd !== undefined
      const elsewhere = apiGroup.known && datastore.known && inEtcd !== (datastore.value.type === 'etcdv3')
      const doubt = elsewhere ? `calico-node reads from another datastore (${datastore.value.type})` : apiGroup.known ? undefined : unseenPlace(datastore)
      if (!inEtcd) return alsoPartial(kubeNodes, doubt)
      // With pools and peers seen and addresses not, "no node has an address" would be found.
      if (!calicoNodes.known && apiGroup.value.etcd?.answered !== undefined) return calicoNodes
      const nodes = mapKnown(kubeNodes, all => withCalicoNodes(all, calicoNodes.known ? calicoNodes.value : []))
      const unseen = calicoNodes.known ? calicoNodes.partial : `what Calico keeps of them in etcd was not seen (${calicoNodes.why})`
      return alsoPartial(nodes, doubt ?? unseen)
    },
  },
})

/** Annotations are what Calico goes by only on the Kubernetes datastore. */
function unseenPlace(datastore: Collected<Datastore>): string | undefined {
  if (datastore.known) return datastore.value.type === 'etcdv3' ? 'what Calico keeps of them in etcd was not seen' : undefined
  return datastore.why === 'absent' ? undefined : `where Calico keeps its data was not seen (${datastore.why})`
}

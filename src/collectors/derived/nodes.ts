import {withCalicoNodes} from '../../calico/etcd-nodes.ts'
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
      const doubt = elsewhere ? `calico-node reads from another datastore (${datastore.value.type})` : undefined
      if (!inEtcd) return alsoPartial(kubeNodes, doubt)
      // With pools and peers seen and addresses not, "no node has an address" would be found.
      if (!calicoNodes.known && apiGroup.value.etcd?.answered !== undefined) return calicoNodes
      const nodes = mapKnown(kubeNodes, all => withCalicoNodes(all, calicoNodes.known ? calicoNodes.value : []))
      const unseen = calicoNodes.known ? calicoNodes.partial : `what Calico keeps of them in etcd was not seen (${calicoNodes.why})`
      return alsoPartial(nodes, doubt ?? unseen)
    },
  },
})

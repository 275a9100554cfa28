import type {CalicoNode} from '../../calico/kubernetes.ts'
import {known, unknown} from '../../engine/collected.ts'
import {defineCollector} from '../../engine/collector.ts'
import {etcdList} from '../etcd-resource.ts'
import {projectCalicoNode} from '../project-calico-node.ts'

export default defineCollector({
  source: 'calico-nodes',
  access: [],
  after: ['apiGroup'],
  async collect(cluster, {apiGroup}) {
    if (!apiGroup.known) return apiGroup
    const {etcd} = apiGroup.value
    return etcd ? etcdList(cluster, etcd, 'nodes', projectCalicoNode) : unknown('absent', "Calico writes on Kubernetes' own nodes")
  },
  facts: {
    calicoNodes(nodes: readonly (CalicoNode & {readonly unread?: true})[]) {
      const unread = nodes.filter(node => node.unread).map(({name}) => name)
      return known(
        nodes.map(({unread: _unread, ...node}) => node),
        unread.length > 0 ? `could not be read: Node ${unread.slice(0, 3).join(', ')}${unread.length > 3 ? ` and ${unread.length - 3} more` : ''}` : undefined,
      )
    },
  },
})

import type {KubeNode} from '../../calico/kubernetes.ts'
import {defineCollector} from '../../engine/collector.ts'
import {projectNode} from '../project-node.ts'

export default defineCollector({
  source: 'nodes',
  access: [{verb: 'list', group: '', resource: 'nodes'}],
  collect: cluster => cluster.list({group: '', version: 'v1', resource: 'nodes'}, {project: projectNode}),
  facts: {kubeNodes: (nodes: readonly KubeNode[]) => nodes},
})

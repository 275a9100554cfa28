import type {CalicoPod} from '../../calico/kubernetes.ts'
import {defineCollector} from '../../engine/collector.ts'
import {calicoNamespace} from '../../engine/plan.ts'
import {inNamespaces} from '../in-namespaces.ts'
import {alsoPartial} from '../map-known.ts'
import {projectPod} from '../project-pod.ts'

const labelSelector = 'k8s-app in (calico-node,canal,calico-typha,calico-kube-controllers)'

/** Full objects, but only Calico's own: container states are in no shorter form. */
export default defineCollector({
  source: 'calico-pods',
  access: [{verb: 'list', group: '', resource: 'pods', namespace: calicoNamespace}],
  after: ['calicoNamespaces'],
  async collect(cluster, {calicoNamespaces}) {
    if (!calicoNamespaces.known) return calicoNamespaces
    const pods = await inNamespaces(calicoNamespaces.value, namespace =>
      cluster.list({group: '', version: 'v1', resource: 'pods', namespace}, {labelSelector, project: projectPod}),
    )
    return alsoPartial(pods, calicoNamespaces.partial)
  },
  facts: {calicoPods: (pods: readonly CalicoPod[]) => pods},
})

import type {CalicoPod} from '../../calico/kubernetes.ts'
import type {Collected} from '../../engine/collected.ts'
import {defineCollector} from '../../engine/collector.ts'
import {calicoNamespace} from '../../engine/plan.ts'
import {inNamespaces} from '../in-namespaces.ts'
import {alsoPartial, mapKnown} from '../map-known.ts'
import {agedPod, projectPod} from '../project-pod.ts'

interface Look {
  /** ISO 8601, our clock. */
  readonly at: string
  readonly pods: readonly CalicoPod[]
}

const labelSelector = 'k8s-app in (calico-node,canal,calico-typha,calico-kube-controllers)'

/** Full objects, but only Calico's own: container states are in no shorter form. */
export default defineCollector({
  source: 'calico-pods',
  access: [{verb: 'list', group: '', resource: 'pods', namespace: calicoNamespace}],
  after: ['calicoNamespaces'],
  async collect(cluster, {calicoNamespaces}): Promise<Collected<Look>> {
    if (!calicoNamespaces.known) return calicoNamespaces
    const at = new Date().toISOString()
    const pods = await inNamespaces(calicoNamespaces.value, namespace =>
      cluster.list({group: '', version: 'v1', resource: 'pods', namespace}, {labelSelector, project: projectPod}),
    )
    return alsoPartial(
      mapKnown(pods, seen => ({at, pods: seen})),
      calicoNamespaces.partial,
    )
  },
  facts: {calicoPods: ({at, pods}: Look) => pods.map(pod => agedPod(pod, at))},
})

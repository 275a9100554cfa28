import type {Workload} from '../../calico/kubernetes.ts'
import {defineCollector} from '../../engine/collector.ts'
import {calicoNamespace} from '../../engine/plan.ts'
import {inNamespaces} from '../in-namespaces.ts'
import {alsoPartial} from '../map-known.ts'
import {projectWorkload} from '../project-workload.ts'

export default defineCollector({
  source: 'calico-deployments',
  access: [{verb: 'list', group: 'apps', resource: 'deployments', namespace: calicoNamespace}],
  after: ['calicoNamespaces'],
  async collect(cluster, {calicoNamespaces}) {
    if (!calicoNamespaces.known) return calicoNamespaces
    const deployments = await inNamespaces(calicoNamespaces.value, namespace =>
      cluster.list({group: 'apps', version: 'v1', resource: 'deployments', namespace}, {project: calicoDeployment}),
    )
    return alsoPartial(deployments, calicoNamespaces.partial)
  },
  facts: {calicoDeployments: (deployments: readonly Workload[]) => deployments},
})

/** In kube-system they stand among everybody's. */
function calicoDeployment(item: unknown): Workload | undefined {
  const workload = projectWorkload('Deployment', item)
  return workload && (isCalicos(workload.name) || isCalicos(workload.podLabels['k8s-app'] ?? '')) ? workload : undefined
}
const isCalicos = (name: string) => /^(calico|typha|goldmane|whisker)/.test(name)

import type {Workload} from './kubernetes.ts'

/** Above so many nodes Calico recommends Typha on the Kubernetes datastore (comment in manifests/calico-typha.yaml). */
export const typhaRecommendedAbove = 50
/** From so many on it calls Typha essential. */
export const typhaEssentialFrom = 100

/** Deployments that run Typha, under whatever name. */
export const typhaDeployments = (deployments: readonly Workload[]): Workload[] =>
  deployments.filter(({containers, podLabels}) => podLabels['k8s-app'] === 'calico-typha' || containers.some(({name}) => name === 'calico-typha'))

/** One for 200 nodes, and three so that a rolling update or the loss of a node leaves one (manifests/calico-typha.yaml). */
export const recommendedTyphas = (nodes: number): number => Math.max(3, Math.ceil(nodes / 200))

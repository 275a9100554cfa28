import type {CalicoNode, KubeNode} from './kubernetes.ts'

/**
 * Kubernetes' nodes with what Calico's own Nodes in etcd say of them, in place of annotations, which are then of an earlier time. Labels of both: selectors of
 * Calico's resources look at those of its own Nodes, to which kube-controllers copies Kubernetes' (syncLabels).
 */
export function withCalicoNodes(nodes: readonly KubeNode[], calicoNodes: readonly CalicoNode[]): KubeNode[] {
  const byKubernetesName = new Map(calicoNodes.map(node => [node.kubernetesName, node]))
  return nodes.map(node => {
    const own = byKubernetesName.get(node.name)
    return own ? {...node, labels: {...node.labels, ...own.labels}, calico: own.calico, calicoNode: own.name} : {...node, calico: {}}
  })
}

import type {KubeObject} from '../cluster-state.ts'
import {digest} from './identity.ts'
import {created, managedFields, objectOf} from './meta.ts'
import type {ClusterPlan} from './plan.ts'
import {type Objects, put} from './put.ts'

/** One resource of Calico's, as a user thinks of it. */
export interface CalicoResource {
  readonly kind: string
  readonly resource: string
  readonly name: string
  readonly labels?: Record<string, string>
  readonly spec: Record<string, unknown>
}

export function calicoResources(plan: ClusterPlan): CalicoResource[] {
  return [
    clusterInformation(plan),
    {
      kind: 'FelixConfiguration',
      resource: 'felixconfigurations',
      name: 'default',
      spec: {
        bpfConnectTimeLoadBalancing: 'TCP',
        bpfHostNetworkedNATWithoutCTLB: 'Enabled',
        floatingIPs: 'Disabled',
        logSeverityScreen: 'Info',
        reportingInterval: '0s',
      },
    },
    ippool(plan),
    ...bgpResources(plan),
    {
      kind: 'KubeControllersConfiguration',
      resource: 'kubecontrollersconfigurations',
      name: 'default',
      spec: {
        controllers: {
          loadBalancer: {assignIPs: 'AllServices'},
          namespace: {reconcilerPeriod: '5m0s'},
          node: {leakGracePeriod: '15m0s', reconcilerPeriod: '5m0s', syncLabels: 'Enabled'},
        },
        healthChecks: 'Enabled',
        logSeverityScreen: 'Info',
        prometheusMetricsPort: 9094,
      },
    },
    ...tiers(plan),
  ]
}

/** Two more since v3.32, for ClusterNetworkPolicy (facts §12). */
const tiers = ({calicoVersion}: ClusterPlan): CalicoResource[] => {
  const tier = (name: string, order: number, defaultAction: string) => ({kind: 'Tier', resource: 'tiers', name, spec: {order, defaultAction}})
  const more = Number(calicoVersion.split('.')[1]) >= 32 ? [tier('kube-admin', 1_000, 'Pass'), tier('kube-baseline', 10_000_000, 'Pass')] : []
  return [tier('default', 1_000_000, 'Deny'), ...more]
}

function clusterInformation({flavour, calicoVersion, typha, backend, daemonSet}: ClusterPlan): CalicoResource {
  const type =
    daemonSet === 'canal'
      ? 'k8s,canal'
      : [flavour === 'operator' ? 'k8s,operator' : 'k8s', ...(backend === 'bird' ? ['bgp'] : []), 'kubeadm', 'kdd', ...(typha > 0 ? ['typha'] : [])].join(',')
  const spec = {calicoVersion: `v${calicoVersion}`, clusterGUID: digest('cluster').slice(0, 32), clusterType: type, datastoreReady: true}
  return {kind: 'ClusterInformation', resource: 'clusterinformations', name: 'default', spec}
}

function ippool({poolName, podCidr, blockSize, ipipMode, vxlanMode}: ClusterPlan): CalicoResource {
  const spec = {allowedUses: ['Workload', 'Tunnel'], blockSize, cidr: podCidr, ipipMode, natOutgoing: true, nodeSelector: 'all()', vxlanMode}
  return {kind: 'IPPool', resource: 'ippools', name: poolName, spec}
}

/** Over 100 nodes the mesh is off and three reflectors carry the routes; reflectors peer with each other too. */
function bgpResources({mesh, asNumber, nodes, backend}: ClusterPlan): CalicoResource[] {
  if (backend !== 'bird' || (mesh && asNumber === 64512)) return []
  const configuration = {
    kind: 'BGPConfiguration',
    resource: 'bgpconfigurations',
    name: 'default',
    spec: {asNumber, logSeverityScreen: 'Info', nodeToNodeMeshEnabled: mesh},
  }
  if (mesh || !nodes.some(({reflector}) => reflector)) return [configuration]
  const peer = (name: string, nodeSelector: string) => ({
    kind: 'BGPPeer',
    resource: 'bgppeers',
    name,
    spec: {nodeSelector, peerSelector: "route-reflector == 'true'"},
  })
  return [configuration, peer('clients-to-reflectors', '!has(route-reflector)'), peer('reflectors-to-reflectors', "route-reflector == 'true'")]
}

const written = managedFields(
  [{manager: 'calico', fields: ['metadata/annotations/.', 'metadata/annotations/projectcalico.org~1metadata', 'spec/.']}],
  'crd.projectcalico.org/v1',
)

/** In v1 CRDs Calico hides the real metadata in an annotation (libcalico-go resources.go); in v3 it is where it belongs. */
export function storedAs(group: 'crd.projectcalico.org' | 'projectcalico.org', resources: readonly CalicoResource[]): Objects {
  const objects: Objects = {}
  for (const {kind, resource, name, labels, spec} of resources) {
    // IPAM's own client writes no time into it.
    const hidden = {'projectcalico.org/metadata': JSON.stringify({...(labels && {labels}), creationTimestamp: isIpam(resource) ? null : created})}
    const options = group === 'crd.projectcalico.org' ? {annotations: hidden} : {...(labels && {labels})}
    const object: KubeObject = objectOf(`${group} ${kind}`, name, {...options, more: {generation: 1, managedFields: written}}, {spec})
    put(objects, `${resource}.${group}`, object)
  }
  return objects
}

const isIpam = (resource: string) => resource.startsWith('ipam') || resource === 'blockaffinities'

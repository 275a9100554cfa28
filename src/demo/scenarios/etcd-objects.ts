import type {EtcdKeys} from '../etcd.ts'
import type {CalicoResource} from './calico-objects.ts'
import {macOf} from './identity.ts'
import {objectOf} from './meta.ts'
import {nodeObject} from './node-objects.ts'
import type {ClusterPlan, PlannedNode} from './plan.ts'

/** Objects as Calico writes them into an etcd of its own: its v3 API as it is, Nodes that are its own, and IPAM under keys that are no resources (facts §4.1). */
export function etcdObjects(plan: ClusterPlan, resources: readonly CalicoResource[], ipam: readonly CalicoResource[]): EtcdKeys {
  const nodes = plan.nodes.map(node => v3('nodes', 'Node', node.name, labelsOf(plan, node), nodeSpec(plan, node)))
  return Object.fromEntries([
    ...resources.map(({resource, kind, name, labels, spec}) => v3(resource, kind, name, labels, spec)),
    ...nodes,
    ...ipam.map(ipamKey),
  ])
}

const ipamRoot = '/calico/ipam/v2'
/** Of IPv4: the network's dots stay, its slash becomes a dash (libcalico-go/lib/backend/model). */
function ipamKey({kind, name, spec}: CalicoResource): [key: string, value: object] {
  const {cidr, node} = spec as {cidr?: string; node?: string}
  const dashed = cidr?.replace('/', '-')
  if (kind === 'IPAMBlock') return [`${ipamRoot}/assignment/ipv4/block/${dashed}`, spec]
  if (kind === 'BlockAffinity') return [`${ipamRoot}/host/${node}/ipv4/block/${dashed}`, {state: 'confirmed', deleted: false}]
  if (kind === 'IPAMHandle') return [`${ipamRoot}/handle/${name}`, spec]
  return [`${ipamRoot}/config`, {auto_allocate_blocks: true}]
}

function v3(resource: string, kind: string, name: string, labels: Record<string, string> | undefined, spec: object): [key: string, value: object] {
  const {metadata} = objectOf(`projectcalico.org ${kind}`, name, {...(labels && {labels})}, {})
  const {resourceVersion: _, ...kept} = metadata
  return [`/calico/resources/v3/projectcalico.org/${resource}/${name}`, {kind, apiVersion: 'projectcalico.org/v3', metadata: kept, spec}]
}

/** kube-controllers copies the labels of Kubernetes' nodes. */
const labelsOf = (plan: ClusterPlan, node: PlannedNode) => nodeObject(plan, node).metadata.labels

function nodeSpec({ipipMode, vxlanMode, backend}: ClusterPlan, {name, address, subnet, tunnelAddress, reflector}: PlannedNode): object {
  return {
    bgp: {
      ipv4Address: `${address}/${subnet.split('/')[1]}`,
      ...(ipipMode !== 'Never' && backend === 'bird' && {ipv4IPIPTunnelAddr: tunnelAddress}),
      ...(reflector && {routeReflectorClusterID: '244.0.0.1'}),
    },
    ...(vxlanMode !== 'Never' && {ipv4VXLANTunnelAddr: tunnelAddress, vxlanTunnelMACAddr: macOf(name)}),
    orchRefs: [{nodeName: name, orchestrator: 'k8s'}],
  }
}

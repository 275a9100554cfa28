import type {KubeObject} from '../cluster-state.ts'
import {digest, macOf, uidOf} from './identity.ts'
import {managedFields, objectOf} from './meta.ts'
import type {ClusterPlan, PlannedNode} from './plan.ts'

/** A Node as kubelet, kubeadm and Calico leave it. */
export function nodeObject(plan: ClusterPlan, node: PlannedNode): KubeObject {
  const {name, podCidr} = node
  const options = {labels: nodeLabelsOf(plan, node), annotations: annotationsOf(plan, node), more: {managedFields: written}}
  return objectOf('Node', name, options, {
    spec: {
      podCIDR: podCidr,
      podCIDRs: [podCidr],
      ...(plan.providerIdPrefix !== undefined && {providerID: `${plan.providerIdPrefix}${name}`}),
      ...(node.controlPlane && {taints: [{key: 'node-role.kubernetes.io/control-plane', effect: 'NoSchedule'}]}),
    },
    status: {
      capacity: {cpu: '8', 'ephemeral-storage': '101430960Ki', 'hugepages-1Gi': '0', 'hugepages-2Mi': '0', memory: '32862144Ki', pods: '110'},
      allocatable: {cpu: '7800m', 'ephemeral-storage': '93478772582', 'hugepages-1Gi': '0', 'hugepages-2Mi': '0', memory: '32146368Ki', pods: '110'},
      conditions: conditionsOf(plan),
      addresses: [
        {type: 'InternalIP', address: node.address},
        {type: 'Hostname', address: name},
      ],
      daemonEndpoints: {kubeletEndpoint: {Port: 10250}},
      nodeInfo: nodeInfo(plan, name),
      images: imagesOf(plan),
      runtimeHandlers: [
        {features: {recursiveReadOnlyMounts: true, userNamespaces: true}, name: ''},
        {features: {recursiveReadOnlyMounts: true, userNamespaces: true}, name: 'runc'},
      ],
    },
  })
}

export function nodeLabelsOf({nodeLabels}: ClusterPlan, {name, controlPlane, subnet, reflector}: PlannedNode): Record<string, string> {
  return {
    'beta.kubernetes.io/arch': 'amd64',
    'beta.kubernetes.io/os': 'linux',
    'kubernetes.io/arch': 'amd64',
    'kubernetes.io/hostname': name,
    'kubernetes.io/os': 'linux',
    'topology.kubernetes.io/zone': `rack-${subnet.split('.')[2]}`,
    ...(controlPlane && {'node-role.kubernetes.io/control-plane': '', 'node.kubernetes.io/exclude-from-external-load-balancers': ''}),
    ...(reflector && {'route-reflector': 'true'}),
    ...nodeLabels,
  }
}

function annotationsOf(
  {ipipMode, vxlanMode, daemonSet, backend, api}: ClusterPlan,
  {address, subnet, tunnelAddress, reflector, name}: PlannedNode,
): Record<string, string> {
  const base = {
    'node.alpha.kubernetes.io/ttl': '0',
    'volumes.kubernetes.io/controller-managed-attach-detach': 'true',
    'kubeadm.alpha.kubernetes.io/cri-socket': 'unix:///run/containerd/containerd.sock',
  }
  if (daemonSet === 'canal')
    return {
      ...base,
      'flannel.alpha.coreos.com/backend-type': 'vxlan',
      'flannel.alpha.coreos.com/kube-subnet-manager': 'true',
      'flannel.alpha.coreos.com/public-ip': address,
    }
  // With etcd the addresses are in Calico's own Node objects.
  if (api === 'none') return base
  return {
    ...base,
    'projectcalico.org/IPv4Address': `${address}/${subnet.split('/')[1]}`,
    ...(ipipMode !== 'Never' && backend === 'bird' && {'projectcalico.org/IPv4IPIPTunnelAddr': tunnelAddress}),
    ...(vxlanMode !== 'Never' && {
      'projectcalico.org/IPv4VXLANTunnelAddr': tunnelAddress,
      'projectcalico.org/VXLANTunnelMACAddr': macOf(name),
    }),
    ...(reflector && {'projectcalico.org/RouteReflectorClusterID': '244.0.0.1'}),
  }
}

const heard = {lastHeartbeatTime: '2025-11-18T09:27:41Z', lastTransitionTime: '2025-09-02T07:43:05Z'}
const conditionsOf = ({daemonSet}: ClusterPlan) => [
  {
    type: 'NetworkUnavailable',
    status: 'False',
    ...heard,
    ...(daemonSet === 'canal'
      ? {reason: 'FlannelIsUp', message: 'Flannel is running on this node'}
      : {reason: 'CalicoIsUp', message: 'Calico is running on this node'}),
  },
  {type: 'MemoryPressure', status: 'False', ...heard, reason: 'KubeletHasSufficientMemory', message: 'kubelet has sufficient memory available'},
  {type: 'DiskPressure', status: 'False', ...heard, reason: 'KubeletHasNoDiskPressure', message: 'kubelet has no disk pressure'},
  {type: 'PIDPressure', status: 'False', ...heard, reason: 'KubeletHasSufficientPID', message: 'kubelet has sufficient PID available'},
  {type: 'Ready', status: 'True', ...heard, reason: 'KubeletReady', message: 'kubelet is posting ready status'},
]

const nodeInfo = ({kernelVersion, osImage, kubernetesVersion}: ClusterPlan, name: string) => ({
  machineID: digest(`machine ${name}`).slice(0, 32),
  systemUUID: uidOf(`system ${name}`),
  bootID: uidOf(`boot ${name}`),
  kernelVersion,
  osImage,
  containerRuntimeVersion: 'containerd://1.7.27',
  kubeletVersion: kubernetesVersion,
  kubeProxyVersion: '',
  operatingSystem: 'linux',
  architecture: 'amd64',
  swap: {capacity: 0},
})

const otherImages = ['cart', 'checkout', 'catalogue', 'search-api', 'web', 'worker', 'exporter', 'ingress', 'queue', 'mailer', 'reports', 'thumbnails']
function imagesOf({calicoVersion, kubernetesVersion, registry}: ClusterPlan): object[] {
  const names = [
    ...['node', 'cni', 'typha', 'kube-controllers'].map(name => `${registry}/calico/${name}:v${calicoVersion}`),
    ...['kube-proxy', 'kube-apiserver', 'kube-controller-manager'].map(name => `registry.k8s.io/${name}:${kubernetesVersion}`),
    ...otherImages.map(name => `registry.example.com/shop/${name}:2025.11.3`),
  ]
  return names.map(name => ({
    names: [`${name.split(':')[0]}@sha256:${digest(name)}`, name],
    sizeBytes: 20_000_000 + (Number.parseInt(digest(name).slice(0, 6), 16) % 180_000_000),
  }))
}

const written = managedFields([
  {manager: 'kubeadm', fields: ['metadata/annotations/kubeadm.alpha.kubernetes.io~1cri-socket', 'metadata/labels/node-role.kubernetes.io~1control-plane']},
  {manager: 'kube-controller-manager', fields: ['metadata/annotations/node.alpha.kubernetes.io~1ttl', 'spec/podCIDR', 'spec/podCIDRs/.']},
  {
    manager: 'calico-node',
    subresource: 'status',
    fields: [
      'metadata/annotations/projectcalico.org~1IPv4Address',
      'metadata/annotations/projectcalico.org~1IPv4IPIPTunnelAddr',
      'status/conditions/k:{"type":"NetworkUnavailable"}/type',
    ],
  },
  {
    manager: 'kubelet',
    subresource: 'status',
    fields: ['allocatable/cpu', 'allocatable/memory', 'capacity/cpu', 'images', 'nodeInfo/bootID']
      .map(path => `status/${path}`)
      .concat(
        ['MemoryPressure', 'DiskPressure', 'PIDPressure', 'Ready'].flatMap(type =>
          ['lastHeartbeatTime', 'lastTransitionTime', 'message', 'reason', 'status'].map(field => `status/conditions/k:{"type":"${type}"}/${field}`),
        ),
      ),
  },
])

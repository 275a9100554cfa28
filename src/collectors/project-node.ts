import type {CalicoNodeAnnotations, KubeNode} from '../calico/kubernetes.ts'
import {at, listAt, oneOf, optional, record, text, textAt, textRecordAt, textsAt} from './fields.ts'

/** A core Node as a KubeNode; a nameless one is left out. */
export function projectNode(item: unknown): KubeNode | undefined {
  const name = text(at(item, 'metadata', 'name'))
  if (name === undefined) return undefined
  const labels = textRecordAt(item, 'metadata', 'labels')
  const taints = listAt(taintOf, item, 'spec', 'taints')
  const info = at(item, 'status', 'nodeInfo')
  return {
    name,
    labels,
    internalIps: addresses(item, 'InternalIP'),
    externalIps: addresses(item, 'ExternalIP'),
    podCidrs: podCidrs(item),
    ...optional('providerId', text(at(item, 'spec', 'providerID'))),
    kernelVersion: textAt(info, 'kernelVersion'),
    osImage: textAt(info, 'osImage'),
    // A node that does not say is asked: Windows nodes always say.
    operatingSystem: textAt(info, 'operatingSystem') || labels['kubernetes.io/os'] || 'linux',
    architecture: textAt(info, 'architecture'),
    kubeletVersion: textAt(info, 'kubeletVersion'),
    containerRuntime: textAt(info, 'containerRuntimeVersion'),
    ready: readiness(item),
    unschedulable: at(item, 'spec', 'unschedulable') === true,
    taints,
    virtual: isVirtual(labels, taints),
    calico: calicoAnnotations(textRecordAt(item, 'metadata', 'annotations')),
  }
}

/**
 * Virtual kubelets label themselves `type=virtual-kubelet` and carry taint `virtual-kubelet.io/provider`; AWS Fargate's nodes run one pod each and
 * no DaemonSet. `exclude-balancer` labels say nothing: administrators put them on real machines too.
 */
function isVirtual(labels: KubeNode['labels'], taints: KubeNode['taints']): boolean {
  const fargate = labels['eks.amazonaws.com/compute-type'] === 'fargate'
  return fargate || labels.type === 'virtual-kubelet' || taints.some(({key}) => key === 'virtual-kubelet.io/provider')
}

/** Names of the annotations: libcalico-go/lib/backend/k8s/resources/node.go. */
function calicoAnnotations(annotations: Readonly<Record<string, string>>): CalicoNodeAnnotations {
  const of = (name: string) => annotations[`projectcalico.org/${name}`] || undefined
  return {
    ...optional('ipv4', of('IPv4Address')),
    ...optional('ipv6', of('IPv6Address')),
    ...optional('ipipTunnel', of('IPv4IPIPTunnelAddr')),
    ...optional('vxlanTunnel', of('IPv4VXLANTunnelAddr')),
    ...optional('vxlanTunnelV6', of('IPv6VXLANTunnelAddr')),
    ...optional('vxlanMac', of('VXLANTunnelMACAddr')),
    ...optional('vxlanMacV6', of('VXLANTunnelMACAddrV6')),
    ...optional('asNumber', of('ASNumber')),
    ...optional('routeReflectorClusterId', of('RouteReflectorClusterID')),
    ...optional('wireguardAddress', of('IPv4WireguardInterfaceAddr')),
    ...optional('wireguardKey', of('WireguardPublicKey')),
  }
}

const addresses = (item: unknown, type: string) =>
  listAt(address => (at(address, 'type') === type ? text(at(address, 'address')) : undefined), item, 'status', 'addresses')

function podCidrs(item: unknown): string[] {
  const several = textsAt(item, 'spec', 'podCIDRs')
  const one = text(at(item, 'spec', 'podCIDR'))
  return several.length > 0 || one === undefined ? several : [one]
}

function readiness(item: unknown): KubeNode['ready'] {
  const conditions = listAt(record, item, 'status', 'conditions')
  return oneOf('True', 'False', 'Unknown')(conditions.find(({type}) => type === 'Ready')?.status) ?? 'Unknown'
}

function taintOf(taint: unknown): KubeNode['taints'][number] | undefined {
  const key = text(at(taint, 'key'))
  return key === undefined ? undefined : {key, ...optional('value', text(at(taint, 'value'))), effect: textAt(taint, 'effect')}
}

/** Calico's kinds and their plurals, which are the same in every API group and release but for the last ones (api: projectcalico/v3; facts §4.3). */
export interface Kind {
  readonly kind: string
  readonly resource: string
}

const kinds = (...pairs: readonly (readonly [kind: string, resource: string])[]): Kind[] => pairs.map(([kind, resource]) => ({kind, resource}))

const everywhere = kinds(
  ['BGPConfiguration', 'bgpconfigurations'],
  ['BGPFilter', 'bgpfilters'],
  ['BGPPeer', 'bgppeers'],
  ['BlockAffinity', 'blockaffinities'],
  ['CalicoNodeStatus', 'caliconodestatuses'],
  ['ClusterInformation', 'clusterinformations'],
  ['FelixConfiguration', 'felixconfigurations'],
  ['GlobalNetworkPolicy', 'globalnetworkpolicies'],
  ['GlobalNetworkSet', 'globalnetworksets'],
  ['HostEndpoint', 'hostendpoints'],
  ['IPAMBlock', 'ipamblocks'],
  ['IPAMHandle', 'ipamhandles'],
  ['IPPool', 'ippools'],
  ['IPReservation', 'ipreservations'],
  ['KubeControllersConfiguration', 'kubecontrollersconfigurations'],
  ['NetworkPolicy', 'networkpolicies'],
  ['NetworkSet', 'networksets'],
  ['StagedGlobalNetworkPolicy', 'stagedglobalnetworkpolicies'],
  ['StagedKubernetesNetworkPolicy', 'stagedkubernetesnetworkpolicies'],
  ['StagedNetworkPolicy', 'stagednetworkpolicies'],
  ['Tier', 'tiers'],
)

export const crdGroup = 'crd.projectcalico.org'
export const v3Group = 'projectcalico.org'
export const operatorGroup = 'operator.tigera.io'

export const crdKinds: readonly Kind[] = [...everywhere, ...kinds(['IPAMConfig', 'ipamconfigs'])]
export const v3Kinds: readonly Kind[] = [...everywhere, ...kinds(['IPAMConfiguration', 'ipamconfigurations'])]
/** In an etcd of Calico's own Nodes are resources too; IPAM has its own place. */
export const etcdKinds: readonly Kind[] = [
  ...everywhere.filter(({resource}) => !resource.startsWith('ipam') && resource !== 'blockaffinities'),
  ...kinds(['Node', 'nodes'], ['Profile', 'profiles']),
]
export const operatorKinds: readonly Kind[] = kinds(
  ['APIServer', 'apiservers'],
  ['GatewayAPI', 'gatewayapis'],
  ['Goldmane', 'goldmanes'],
  ['ImageSet', 'imagesets'],
  ['Installation', 'installations'],
  ['Istio', 'istios'],
  ['ManagementClusterConnection', 'managementclusterconnections'],
  ['TigeraStatus', 'tigerastatuses'],
  ['Whisker', 'whiskers'],
)

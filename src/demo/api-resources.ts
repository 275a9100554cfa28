/** One resource as discovery shows it. */
export interface ApiResource {
  /** '' for the core group. */
  readonly group: string
  readonly version: string
  /** Plural as in the URL. */
  readonly resource: string
  readonly kind: string
  readonly namespaced: boolean
  readonly verbs: readonly string[]
  readonly shortNames?: readonly string[]
  readonly subresources?: readonly {readonly name: string; readonly kind: string; readonly verbs: readonly string[]}[]
  /** Custom resources carry apiVersion and kind in list items; built-in ones do not. */
  readonly custom: boolean
}

const readWrite = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch']
const builtIn = (groupVersion: string, resource: string, kind: string, options: Partial<ApiResource> = {}): ApiResource => ({
  ...groupVersionOf(groupVersion),
  resource,
  kind,
  namespaced: true,
  verbs: readWrite,
  custom: false,
  ...options,
})
const cluster = {namespaced: false}

export const kubernetesResources: readonly ApiResource[] = [
  builtIn('v1', 'configmaps', 'ConfigMap', {shortNames: ['cm']}),
  builtIn('v1', 'endpoints', 'Endpoints', {shortNames: ['ep']}),
  builtIn('v1', 'events', 'Event', {shortNames: ['ev']}),
  builtIn('v1', 'namespaces', 'Namespace', {...cluster, shortNames: ['ns']}),
  builtIn('v1', 'nodes', 'Node', {...cluster, shortNames: ['no'], subresources: [{name: 'status', kind: 'Node', verbs: ['get', 'patch', 'update']}]}),
  builtIn('v1', 'pods', 'Pod', {
    shortNames: ['po'],
    subresources: [
      {name: 'exec', kind: 'PodExecOptions', verbs: ['create', 'get']},
      {name: 'log', kind: 'Pod', verbs: ['get']},
      {name: 'proxy', kind: 'PodProxyOptions', verbs: ['create', 'delete', 'get', 'patch', 'update']},
      {name: 'status', kind: 'Pod', verbs: ['get', 'patch', 'update']},
    ],
  }),
  builtIn('v1', 'secrets', 'Secret'),
  builtIn('v1', 'serviceaccounts', 'ServiceAccount', {shortNames: ['sa']}),
  builtIn('v1', 'services', 'Service', {shortNames: ['svc']}),
  builtIn('apiextensions.k8s.io/v1', 'customresourcedefinitions', 'CustomResourceDefinition', {...cluster, shortNames: ['crd', 'crds']}),
  builtIn('apiregistration.k8s.io/v1', 'apiservices', 'APIService', cluster),
  builtIn('apps/v1', 'daemonsets', 'DaemonSet', {shortNames: ['ds']}),
  builtIn('apps/v1', 'deployments', 'Deployment', {shortNames: ['deploy']}),
  builtIn('apps/v1', 'replicasets', 'ReplicaSet', {shortNames: ['rs']}),
  builtIn('apps/v1', 'statefulsets', 'StatefulSet', {shortNames: ['sts']}),
  builtIn('authorization.k8s.io/v1', 'selfsubjectaccessreviews', 'SelfSubjectAccessReview', {...cluster, verbs: ['create']}),
  builtIn('discovery.k8s.io/v1', 'endpointslices', 'EndpointSlice'),
  builtIn('networking.k8s.io/v1', 'ipaddresses', 'IPAddress', cluster),
  builtIn('networking.k8s.io/v1', 'networkpolicies', 'NetworkPolicy', {shortNames: ['netpol']}),
  builtIn('networking.k8s.io/v1', 'servicecidrs', 'ServiceCIDR', cluster),
  builtIn('policy/v1', 'poddisruptionbudgets', 'PodDisruptionBudget', {shortNames: ['pdb']}),
  builtIn('rbac.authorization.k8s.io/v1', 'clusterroles', 'ClusterRole', cluster),
  builtIn('rbac.authorization.k8s.io/v1', 'clusterrolebindings', 'ClusterRoleBinding', cluster),
]

/** Calico's kinds; names are the same in both API groups but for the IPAM configuration (facts: libcalico-go). */
const calicoKinds: readonly [kind: string, resource: string, namespaced?: true][] = [
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
  ['NetworkPolicy', 'networkpolicies', true],
  ['NetworkSet', 'networksets', true],
  ['StagedGlobalNetworkPolicy', 'stagedglobalnetworkpolicies'],
  ['StagedKubernetesNetworkPolicy', 'stagedkubernetesnetworkpolicies', true],
  ['StagedNetworkPolicy', 'stagednetworkpolicies', true],
  ['Tier', 'tiers'],
]
const calicoResources = (groupVersion: string, left: readonly string[], more: readonly [string, string][], custom: boolean): ApiResource[] => [
  ...calicoKinds
    .filter(([kind]) => !left.includes(kind))
    .map(([kind, resource, namespaced = false]) => builtIn(groupVersion, resource, kind, {namespaced, custom})),
  ...more.map(([kind, resource]) => builtIn(groupVersion, resource, kind, {namespaced: false, custom})),
]

/** CRDs of crd.projectcalico.org/v1. */
export const crdV1Resources = calicoResources('crd.projectcalico.org/v1', [], [['IPAMConfig', 'ipamconfigs']], true)
/** Native CRDs of projectcalico.org/v3. */
export const nativeV3Resources = calicoResources('projectcalico.org/v3', [], [['IPAMConfiguration', 'ipamconfigurations']], true)
/** What the aggregated API server serves: Profile too, but no blocks and no handles (apiserver/pkg/registry/projectcalico). */
export const aggregatedV3Resources = calicoResources(
  'projectcalico.org/v3',
  ['IPAMBlock', 'IPAMHandle'],
  [
    ['IPAMConfiguration', 'ipamconfigurations'],
    ['Profile', 'profiles'],
  ],
  false,
)
export const operatorResources: readonly ApiResource[] = (
  [
    ['APIServer', 'apiservers'],
    ['Goldmane', 'goldmanes'],
    ['ImageSet', 'imagesets'],
    ['Installation', 'installations'],
    ['TigeraStatus', 'tigerastatuses'],
    ['Whisker', 'whiskers'],
  ] as const
).map(([kind, resource]) => builtIn('operator.tigera.io/v1', resource, kind, {namespaced: false, custom: true}))

/** `pods`, `ippools.crd.projectcalico.org`: the key of a resource in ClusterState.objects. */
export const keyOf = ({group, resource}: Pick<ApiResource, 'group' | 'resource'>): string => (group === '' ? resource : `${resource}.${group}`)
export const groupVersion = ({group, version}: Pick<ApiResource, 'group' | 'version'>): string => (group === '' ? version : `${group}/${version}`)

function groupVersionOf(text: string): {group: string; version: string} {
  const [version, group] = text.split('/').reverse() as [string, string?]
  return {group: group ?? '', version}
}

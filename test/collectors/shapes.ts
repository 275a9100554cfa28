/** Kubernetes objects as an API server gives them, in the shapes that installers leave behind. */

type Env = Readonly<Record<string, string | {readonly key: string; readonly of?: string} | {readonly field: string}>>
export interface DaemonSetShape {
  readonly name?: string
  readonly namespace?: string
  readonly env?: Env
  readonly image?: string
  readonly beside?: readonly object[]
  readonly owner?: string
  readonly desired?: number
  readonly ready?: number
  readonly configMap?: string
  readonly annotations?: Readonly<Record<string, string>>
}

export const daemonSet = (shape: DaemonSetShape = {}): any => {
  const {name = 'calico-node', namespace = 'kube-system', env = upstreamEnv, image = 'docker.io/calico/node:v3.29.1', beside = [], desired = 3} = shape
  return {
    kind: 'DaemonSet',
    metadata: {
      name,
      namespace,
      labels: {'k8s-app': name},
      ...(shape.owner && {ownerReferences: [{kind: shape.owner, name: 'default'}]}),
    },
    spec: {
      template: {
        metadata: {labels: {'k8s-app': name}, ...(shape.annotations && {annotations: shape.annotations})},
        spec: {
          hostNetwork: true,
          nodeSelector: {'kubernetes.io/os': 'linux'},
          initContainers: [{name: 'install-cni', image: 'docker.io/calico/cni:v3.29.1'}],
          containers: [
            {
              name: 'calico-node',
              image,
              env: envList(env, shape.configMap ?? 'calico-config'),
              envFrom: [{configMapRef: {name: 'kubernetes-services-endpoint', optional: true}}],
              livenessProbe: {exec: {command: ['/bin/calico-node', '-felix-live', '-bird-live']}},
              readinessProbe: {exec: {command: ['/bin/calico-node', '-felix-ready', '-bird-ready']}},
              resources: {requests: {cpu: '250m'}},
            },
            ...beside,
          ],
        },
      },
    },
    status: {desiredNumberScheduled: desired, updatedNumberScheduled: desired, numberReady: shape.ready ?? desired},
  }
}

const envList = (env: Env, configMap: string) =>
  Object.entries(env).map(([name, value]) => {
    if (typeof value === 'string') return {name, value}
    if ('field' in value) return {name, valueFrom: {fieldRef: {fieldPath: value.field}}}
    return {name, valueFrom: {configMapKeyRef: {name: value.of ?? configMap, key: value.key}}}
  })

export const upstreamEnv: Env = {
  DATASTORE_TYPE: 'kubernetes',
  NODENAME: {field: 'spec.nodeName'},
  CALICO_NETWORKING_BACKEND: {key: 'calico_backend'},
  CLUSTER_TYPE: 'k8s,bgp',
  IP: 'autodetect',
  FELIX_IPINIPMTU: {key: 'veth_mtu'},
}
export const withTypha: Env = {...upstreamEnv, FELIX_TYPHAK8SSERVICENAME: {key: 'typha_service_name'}}
export const etcdEnv: Env = {ETCD_ENDPOINTS: {key: 'etcd_endpoints'}, CALICO_NETWORKING_BACKEND: {key: 'calico_backend'}, CLUSTER_TYPE: 'k8s,bgp'}
export const kubesprayEnv: Env = {
  ...upstreamEnv,
  CALICO_K8S_NODE_REF: {field: 'spec.nodeName'},
  NODEIP: {field: 'status.hostIP'},
  IP_AUTODETECTION_METHOD: 'can-reach=$(NODEIP)',
  FELIX_IPTABLESLOCKTIMEOUTSECS: '10',
  FELIX_IGNORELOOSERPF: 'False',
}
export const pmkEnv: Env = {
  ...withTypha,
  IP_AUTODETECTION_METHOD: 'first-found',
  IP6_AUTODETECTION_METHOD: 'first-found',
  CALICO_ROUTER_ID: 'hash',
  IPV6_CONTAINERS_CIDR: '',
  CALICO_IPV6POOL_BLOCK_SIZE: '116',
}
export const operatorEnv: Env = {
  DATASTORE_TYPE: 'kubernetes',
  CALICO_NETWORKING_BACKEND: 'bird',
  CLUSTER_TYPE: 'k8s,operator,bgp',
  FELIX_TYPHAK8SNAMESPACE: 'calico-system',
  FELIX_TYPHAK8SSERVICENAME: 'calico-typha',
}

/** Not JSON: the CNI installer fills in `__CNI_MTU__`. */
export const cniConfig = (datastore: string) =>
  `{"name": "k8s-pod-network", "plugins": [{"type": "calico", ${datastore} "mtu": __CNI_MTU__, "ipam": {"type": "calico-ipam"}}]}`
export const configMap = (data: Readonly<Record<string, string>> = {}, name = 'calico-config', namespace = 'kube-system') => ({
  metadata: {name, namespace},
  data: {
    typha_service_name: 'none',
    calico_backend: 'bird',
    veth_mtu: '0',
    cni_network_config: cniConfig('"datastore_type": "kubernetes",'),
    ...data,
  },
})
export const node = (name: string, labels: Readonly<Record<string, string>> = {}, more: object = {}) => ({
  metadata: {name, labels: {'kubernetes.io/os': 'linux', ...labels}, annotations: {'projectcalico.org/IPv4Address': '10.0.0.1/24'}},
  spec: {podCIDR: '10.244.0.0/24'},
  status: {
    addresses: [{type: 'InternalIP', address: '10.0.0.1'}],
    conditions: [{type: 'Ready', status: 'True'}],
    nodeInfo: {kernelVersion: '6.8.0-45-generic', operatingSystem: 'linux', kubeletVersion: 'v1.33.2', architecture: 'amd64'},
  },
  ...more,
})
export const deployment = (name: string, container: string, env: Env = {}, replicas = 1, namespace = 'kube-system') => ({
  metadata: {name, namespace, labels: {'k8s-app': name}},
  spec: {replicas, template: {metadata: {labels: {'k8s-app': name}}, spec: {containers: [{name: container, env: envList(env, 'calico-config')}]}}},
  status: {readyReplicas: replicas, updatedReplicas: replicas},
})
export const installation = (calicoNetwork: object = {bgp: 'Enabled', linuxDataplane: 'Iptables'}, more: object = {}) => ({
  metadata: {name: 'default'},
  spec: {variant: 'Calico', cni: {type: 'Calico', ipam: {type: 'Calico'}}, calicoNetwork, ...more},
  status: {calicoVersion: 'v3.29.1', mtu: 1450, computed: {variant: 'Calico', cni: {type: 'Calico', ipam: {type: 'Calico'}}, calicoNetwork, ...more}},
})

export const paths = {
  daemonSets: '/apis/apps/v1/daemonsets',
  daemonSetsOf: (namespace: string) => `/apis/apps/v1/namespaces/${namespace}/daemonsets`,
  deploymentsOf: (namespace: string) => `/apis/apps/v1/namespaces/${namespace}/deployments`,
  podsOf: (namespace: string) => `/api/v1/namespaces/${namespace}/pods`,
  config: '/api/v1/namespaces/kube-system/configmaps/calico-config',
  installation: '/apis/operator.tigera.io/v1/installations/default',
  nodes: '/api/v1/nodes',
  apis: '/apis',
  apiService: '/apis/apiregistration.k8s.io/v1/apiservices/v3.projectcalico.org',
  v1: (plural: string) => `/apis/crd.projectcalico.org/v1/${plural}`,
  v3: (plural: string) => `/apis/projectcalico.org/v3/${plural}`,
}
export const groups = (...names: readonly string[]) => ({groups: names.map(name => ({name}))})

/** A plain manifest install on the Kubernetes datastore, with v1 CRDs. */
export const upstream = {
  [paths.daemonSets]: [daemonSet()],
  [paths.config]: configMap(),
  [paths.nodes]: [node('a'), node('b'), node('c')],
  [paths.apis]: groups('apps', 'crd.projectcalico.org'),
  [paths.deploymentsOf('kube-system')]: [
    deployment('calico-kube-controllers', 'calico-kube-controllers', {DATASTORE_TYPE: 'kubernetes'}),
    deployment('coredns', 'coredns'),
  ],
  [paths.podsOf('kube-system')]: [],
  [paths.v1('ippools')]: [],
  [paths.v1('bgppeers')]: [],
  [paths.v1('bgpconfigurations')]: [],
  [paths.v1('felixconfigurations')]: [],
}

import {type EnvVar, fixed, fromConfig, fromField} from './env-var.ts'
import type {ClusterPlan} from './plan.ts'

/** Environment of the calico-node container, as each installer writes it; the marks by which an installer is told are among them. */
export const nodeEnvironment = (plan: ClusterPlan): EnvVar[] => environments[plan.flavour](plan)

const environments: Record<ClusterPlan['flavour'], (plan: ClusterPlan) => EnvVar[]> = {
  manifest,
  tkg: manifest,
  etcd: manifest,
  pmk: plan => [...manifest(plan), ...platform9],
  kubespray,
  canal: () => [
    ...fixed(
      'DATASTORE_TYPE=kubernetes',
      'USE_POD_CIDR=true',
      'CALICO_NETWORKING_BACKEND=none',
      'CLUSTER_TYPE=k8s,canal',
      'FELIX_IPTABLESREFRESHINTERVAL=60',
      'IP=',
    ),
    ...common,
  ],
  operator,
}

const common = [
  ...fixed(
    'WAIT_FOR_DATASTORE=true',
    'CALICO_DISABLE_FILE_LOGGING=true',
    'FELIX_DEFAULTENDPOINTTOHOSTACTION=ACCEPT',
    'FELIX_IPV6SUPPORT=false',
    'FELIX_HEALTHENABLED=true',
  ),
  fromField('NODENAME', 'spec.nodeName'),
]

/** With etcd nothing says DATASTORE_TYPE: Felix's own default is etcdv3. */
export const datastoreEnvironment = (plan: ClusterPlan): EnvVar[] => (plan.api === 'none' ? etcdEnvironment(plan) : fixed('DATASTORE_TYPE=kubernetes'))

const etcdEnvironment = (plan: ClusterPlan): EnvVar[] => [
  fromConfig('ETCD_ENDPOINTS', 'etcd_endpoints', plan),
  fromConfig('ETCD_CA_CERT_FILE', 'etcd_ca', plan),
  fromConfig('ETCD_KEY_FILE', 'etcd_key', plan),
  fromConfig('ETCD_CERT_FILE', 'etcd_cert', plan),
]

const typhaEnvironment = (plan: ClusterPlan) => (plan.typha > 0 ? [fromConfig('FELIX_TYPHAK8SSERVICENAME', 'typha_service_name', plan)] : [])

function manifest(plan: ClusterPlan): EnvVar[] {
  return [
    ...datastoreEnvironment(plan),
    ...(plan.api === 'native-v3' ? fixed('CALICO_API_GROUP=projectcalico.org/v3') : []),
    ...typhaEnvironment(plan),
    fromConfig('CALICO_NETWORKING_BACKEND', 'calico_backend', plan),
    ...fixed(
      `CLUSTER_TYPE=${plan.backend === 'bird' ? 'k8s,bgp' : 'k8s'}`,
      'IP=autodetect',
      ...(plan.autodetection ? [`IP_AUTODETECTION_METHOD=${plan.autodetection}`] : []),
    ),
    ...fixed(
      `CALICO_IPV4POOL_CIDR=${plan.podCidr}`,
      `CALICO_IPV4POOL_IPIP=${plan.ipipMode}`,
      `CALICO_IPV4POOL_VXLAN=${plan.vxlanMode}`,
      'CALICO_IPV6POOL_VXLAN=Never',
    ),
    ...['FELIX_IPINIPMTU', 'FELIX_VXLANMTU', 'FELIX_WIREGUARDMTU'].map(name => fromConfig(name, 'veth_mtu', plan)),
    ...common,
  ]
}

/** platform9/nodelet: the IPv6 variables are there even where a cluster has none. */
const platform9 = fixed(
  'IP6=none',
  'CALICO_IPV4POOL_BLOCK_SIZE=26',
  'CALICO_IPV4POOL_NAT_OUTGOING=true',
  'IP6_AUTODETECTION_METHOD=first-found',
  'CALICO_ROUTER_ID=hash',
  'CALICO_IPV6POOL_CIDR=',
  'IPV6_CONTAINERS_CIDR=',
  'CALICO_IPV6POOL_BLOCK_SIZE=116',
  'CALICO_IPV6POOL_NAT_OUTGOING=false',
  'FELIX_LOGSEVERITYSCREEN=info',
)

/** kubespray: roles/network_plugin/calico/templates/calico-node.yml.j2; the MTU stays with Felix unless calico_mtu is set. */
function kubespray(plan: ClusterPlan): EnvVar[] {
  return [
    ...datastoreEnvironment(plan),
    ...typhaEnvironment(plan),
    ...(plan.backend === 'vxlan' ? fixed('FELIX_VXLANVNI=4096', 'FELIX_VXLANPORT=4789') : []),
    fromConfig('CALICO_NETWORKING_BACKEND', 'calico_backend', plan),
    ...fixed('CLUSTER_TYPE=k8s,bgp'),
    fromField('CALICO_K8S_NODE_REF', 'spec.nodeName'),
    ...fixed(
      'FELIX_HEALTHHOST=localhost',
      'FELIX_IPTABLESBACKEND=Auto',
      'FELIX_IPTABLESLOCKTIMEOUTSECS=10',
      'CALICO_IPV4POOL_IPIP=Off',
      'CALICO_IPV4POOL_VXLAN=Never',
      'FELIX_LOGSEVERITYSCREEN=info',
      'CALICO_STARTUP_LOGLEVEL=error',
      'FELIX_USAGEREPORTINGENABLED=False',
      'FELIX_CHAININSERTMODE=Insert',
      'FELIX_PROMETHEUSMETRICSENABLED=False',
      'FELIX_PROMETHEUSMETRICSPORT=9091',
    ),
    fromField('NODEIP', 'status.hostIP'),
    ...fixed('IP_AUTODETECTION_METHOD=can-reach=$(NODEIP)', 'IP=autodetect', 'FELIX_IGNORELOOSERPF=False', 'CALICO_MANAGE_CNI=true'),
    ...common.filter(({name}) => name !== 'FELIX_DEFAULTENDPOINTTOHOSTACTION'),
    ...fixed('FELIX_DEFAULTENDPOINTTOHOSTACTION=RETURN'),
  ]
}

/** operator: pkg/render/node.go; MTU variables only where Installation.mtu is set. */
function operator(plan: ClusterPlan): EnvVar[] {
  return [
    ...fixed(
      'DATASTORE_TYPE=kubernetes',
      `CLUSTER_TYPE=k8s,operator${plan.backend === 'bird' ? ',bgp' : ''}`,
      `CALICO_NETWORKING_BACKEND=${plan.backend}`,
      'NO_DEFAULT_POOLS=true',
      'IP=autodetect',
      `IP_AUTODETECTION_METHOD=${plan.autodetection ?? 'first-found'}`,
      'IP6=none',
    ),
    ...fixed(
      'FELIX_TYPHAK8SNAMESPACE=calico-system',
      'FELIX_TYPHAK8SSERVICENAME=calico-typha',
      'FELIX_TYPHACAFILE=/etc/pki/tls/certs/tigera-ca-bundle.crt',
      'FELIX_TYPHACERTFILE=/node-certs/tls.crt',
      'FELIX_TYPHAKEYFILE=/node-certs/tls.key',
    ),
    ...common,
  ]
}

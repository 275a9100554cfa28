import type {KubeObject} from '../cluster-state.ts'
import {serviceAddress, templateObject} from './calico-workloads.ts'
import {objectOf} from './meta.ts'
import {type ClusterPlan, minorOf} from './plan.ts'
import {replicaSetOf, workloadNamespaces} from './planned-pods.ts'
import {type Objects, put} from './put.ts'

/** What kubeadm leaves in every cluster. */
export function kubernetesObjects(plan: ClusterPlan): Objects {
  const objects: Objects = {}
  put(objects, 'namespaces', ...namespaces(plan))
  put(objects, 'services', service('default', 'kubernetes', serviceAddress(plan, 1), 443), service('kube-system', 'kube-dns', serviceAddress(plan, 10), 53))
  put(objects, 'endpointslices.discovery.k8s.io', apiServerEndpoints(plan))
  put(objects, 'configmaps', ...(plan.kubeadm ? [kubeadmConfig(plan)] : []), kubeProxyConfig(plan))
  put(objects, 'daemonsets.apps', kubeProxy(plan))
  put(objects, 'deployments.apps', coreDns(plan))
  if (servesServiceCidrs(plan)) put(objects, 'servicecidrs.networking.k8s.io', serviceCidr(plan))
  return objects
}

/** Stable since Kubernetes 1.33. */
export const servesServiceCidrs = (plan: ClusterPlan): boolean => minorOf(plan) >= 33

const serviceCidr = ({serviceCidr: cidr}: ClusterPlan): KubeObject =>
  objectOf(
    'ServiceCIDR',
    'kubernetes',
    {},
    {spec: {cidrs: [cidr]}, status: {conditions: [{type: 'Ready', status: 'True', reason: '', message: 'Kubernetes Service CIDR is ready'}]}},
  )

function namespaces(plan: ClusterPlan): KubeObject[] {
  const names = new Set([
    'default',
    'kube-system',
    'kube-public',
    'kube-node-lease',
    plan.namespace,
    ...(plan.flavour === 'operator' ? ['tigera-operator'] : []),
    ...workloadNamespaces,
  ])
  return [...names].map(name =>
    objectOf('Namespace', name, {labels: {'kubernetes.io/metadata.name': name}}, {spec: {finalizers: ['kubernetes']}, status: {phase: 'Active'}}),
  )
}

const service = (namespace: string, name: string, clusterIP: string, port: number): KubeObject =>
  objectOf(
    'Service',
    name,
    {namespace},
    {
      spec: {
        clusterIP,
        clusterIPs: [clusterIP],
        type: 'ClusterIP',
        ipFamilies: ['IPv4'],
        ipFamilyPolicy: 'SingleStack',
        ports: [{name: port === 53 ? 'dns' : 'https', port, protocol: port === 53 ? 'UDP' : 'TCP', targetPort: port === 53 ? 53 : 6443}],
        ...(name === 'kube-dns' && {selector: {'k8s-app': 'kube-dns'}}),
      },
      status: {loadBalancer: {}},
    },
  )

const apiServerEndpoints = ({nodes}: ClusterPlan): KubeObject =>
  objectOf(
    'EndpointSlice',
    'kubernetes',
    {namespace: 'default', labels: {'kubernetes.io/service-name': 'kubernetes'}},
    {
      addressType: 'IPv4',
      endpoints: nodes.filter(({controlPlane}) => controlPlane).map(({address}) => ({addresses: [address], conditions: {ready: true}})),
      ports: [{name: 'https', port: 6443, protocol: 'TCP'}],
    },
  )

const kubeadmConfig = ({kubernetesVersion, podCidr, serviceCidr}: ClusterPlan): KubeObject =>
  objectOf(
    'ConfigMap',
    'kubeadm-config',
    {namespace: 'kube-system'},
    {
      data: {
        ClusterConfiguration: `apiServer: {}
apiVersion: kubeadm.k8s.io/v1beta4
caCertificateValidityPeriod: 87600h0m0s
certificateValidityPeriod: 8760h0m0s
certificatesDir: /etc/kubernetes/pki
clusterName: kubernetes
controlPlaneEndpoint: api.cluster.example.com:6443
controllerManager: {}
dns: {}
encryptionAlgorithm: RSA-2048
etcd:
  local:
    dataDir: /var/lib/etcd
imageRepository: registry.k8s.io
kind: ClusterConfiguration
kubernetesVersion: ${kubernetesVersion}
networking:
  dnsDomain: cluster.local
  podSubnet: ${podCidr}
  serviceSubnet: ${serviceCidr}
proxy: {}
scheduler: {}
`,
      },
    },
  )

const kubeProxyConfig = ({podCidr}: ClusterPlan): KubeObject =>
  objectOf(
    'ConfigMap',
    'kube-proxy',
    {namespace: 'kube-system', labels: {app: 'kube-proxy'}},
    {
      data: {'config.conf': `apiVersion: kubeproxy.config.k8s.io/v1alpha1\nkind: KubeProxyConfiguration\nclusterCIDR: ${podCidr}\nmode: ""\n`},
    },
  )

function kubeProxy(plan: ClusterPlan): KubeObject {
  const count = plan.nodes.length
  return objectOf(
    'DaemonSet',
    'kube-proxy',
    {namespace: 'kube-system', labels: {'k8s-app': 'kube-proxy'}},
    {
      spec: {selector: {matchLabels: {'k8s-app': 'kube-proxy'}}, template: templateObject(plan, 'kube-proxy')},
      status: {
        currentNumberScheduled: count,
        desiredNumberScheduled: count,
        numberMisscheduled: 0,
        numberReady: count,
        updatedNumberScheduled: count,
        numberAvailable: count,
      },
    },
  )
}

const coreDns = (plan: ClusterPlan): KubeObject =>
  objectOf(
    'Deployment',
    'coredns',
    {namespace: 'kube-system', labels: {'k8s-app': 'kube-dns'}, annotations: {'deployment.kubernetes.io/revision': replicaSetOf('coredns')}},
    {
      spec: {replicas: 2, selector: {matchLabels: {'k8s-app': 'kube-dns'}}, template: templateObject(plan, 'coredns')},
      status: {replicas: 2, updatedReplicas: 2, readyReplicas: 2, availableReplicas: 2},
    },
  )

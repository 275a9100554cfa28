import type {ClusterState} from '../cluster-state.ts'
import {buildCluster} from './build.ts'
import {type PlanChoices, planHealthy, type Size} from './healthy.ts'

/** Healthy clusters as each installer leaves them, in versions that were made for one another. */
const flavours = {
  operator: {
    flavour: 'operator',
    namespace: 'calico-system',
    api: 'aggregated',
    backend: 'vxlan',
    ipipMode: 'Never',
    vxlanMode: 'Always',
  },
  canal: {flavour: 'canal', daemonSet: 'canal', backend: 'none', ipipMode: 'Never', typha: 0, vethMtu: 1450},
  kubespray: {
    flavour: 'kubespray',
    calicoVersion: '3.30.3',
    kubernetesVersion: 'v1.32.8',
    kernelVersion: '5.15.0-153-generic',
    osImage: 'Ubuntu 22.04.5 LTS',
    podCidr: '10.233.64.0/18',
    serviceCidr: '10.233.0.0/18',
    poolName: 'default-pool',
    backend: 'vxlan',
    ipipMode: 'Never',
    vxlanMode: 'Always',
    typha: 0,
  },
  pmk: {
    flavour: 'pmk',
    calicoVersion: '3.27.2',
    kubernetesVersion: 'v1.30.9-pmk.18',
    kernelVersion: '5.15.0-119-generic',
    osImage: 'Ubuntu 22.04.4 LTS',
    registry: 'docker.io',
    ipipMode: 'Always',
    vethMtu: 1440,
    autodetection: 'first-found',
    hashedRouterIds: true,
    typha: 3,
    kubeadm: false,
  },
  tkg: {
    flavour: 'tkg',
    calicoVersion: '3.26.3',
    kubernetesVersion: 'v1.28.15+vmware.2',
    kernelVersion: '5.10.0-33-amd64',
    osImage: 'Debian GNU/Linux 11 (bullseye)',
    registry: 'projects.registry.vmware.com/tkg',
    ipipMode: 'Always',
    typha: 0,
    nodeLabels: {'run.tanzu.vmware.com/kubernetesDistributionVersion': 'v1.28.15---vmware.2-tkg.2', 'run.tanzu.vmware.com/tkr': 'v1.28.15---vmware.2-tkg.2'},
    providerIdPrefix: 'vsphere://4221c6c0-8b0e-4f0d-9a51-',
    chassisTag: 'No Asset Tag',
  },
  etcd: {flavour: 'etcd', api: 'none', typha: 0, calicoVersion: '3.29.6', kubernetesVersion: 'v1.31.13'},
  'native-v3': {calicoVersion: '3.32.1', kubernetesVersion: 'v1.34.2', api: 'native-v3'},
  aggregated: {api: 'aggregated', calicoVersion: '3.30.3', kubernetesVersion: 'v1.32.8'},
} as const satisfies Record<string, PlanChoices>

export const flavourScenarios: Record<string, (size: Size) => ClusterState> = Object.fromEntries(
  Object.entries(flavours).map(([name, choices]) => [name, (size: Size) => buildCluster(planHealthy(size, choices))]),
)

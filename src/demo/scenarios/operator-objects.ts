import type {KubeObject} from '../cluster-state.ts'
import {installationUid} from './calico-workloads.ts'
import {cniNetworkConfig} from './cni-config.ts'
import {created, objectOf} from './meta.ts'
import {overlayMtu} from './mtu.ts'
import type {ClusterPlan} from './plan.ts'
import {type Objects, put} from './put.ts'

/** What the operator reads, and what it says about itself. */
export function operatorObjects(plan: ClusterPlan): Objects {
  const objects: Objects = {}
  if (plan.flavour !== 'operator') return objects
  put(objects, 'installations.operator.tigera.io', installation(plan))
  put(objects, 'apiservers.operator.tigera.io', objectOf('APIServer', 'default', {}, {spec: {}, status: {conditions: conditions(), state: 'Ready'}}))
  put(
    objects,
    'tigerastatuses.operator.tigera.io',
    ...['apiserver', 'calico', 'ippools', 'tiers'].map(name => objectOf('TigeraStatus', name, {}, {spec: {}, status: {conditions: conditions()}})),
  )
  put(objects, 'deployments.apps', operatorDeployment())
  put(objects, 'configmaps', objectOf('ConfigMap', 'cni-config', {namespace: 'calico-system'}, {data: {config: cniNetworkConfig(plan)}}))
  return objects
}

const conditions = () =>
  (
    [
      ['Available', 'True'],
      ['Progressing', 'False'],
      ['Degraded', 'False'],
    ] as const
  ).map(([type, status]) => ({
    type,
    status,
    lastTransitionTime: created,
    observedGeneration: 2,
    reason: 'AllObjectsAvailable',
    message: 'All Objects Available',
  }))

function installation(plan: ClusterPlan): KubeObject {
  const spec = installationSpec(plan)
  const status = {variant: 'Calico', calicoVersion: `v${plan.calicoVersion}`, mtu: overlayMtu(plan), computed: spec, conditions: conditions()}
  return objectOf(
    'Installation',
    'default',
    {more: {uid: installationUid, generation: 2, finalizers: ['tigera.io/operator-cleanup', 'operator.tigera.io/installation-controller']}},
    {spec, status},
  )
}

const encapsulations = {Always: '', CrossSubnet: 'CrossSubnet', Never: ''} as const
function encapsulation({ipipMode, vxlanMode}: ClusterPlan): string {
  if (vxlanMode !== 'Never') return `VXLAN${encapsulations[vxlanMode]}`
  return ipipMode === 'Never' ? 'None' : `IPIP${encapsulations[ipipMode]}`
}

const installationSpec = (plan: ClusterPlan) => ({
  variant: 'Calico',
  cni: {type: 'Calico', ipam: {type: 'Calico'}},
  controlPlaneReplicas: 2,
  calicoNetwork: {
    bgp: plan.backend === 'bird' ? 'Enabled' : 'Disabled',
    hostPorts: 'Enabled',
    linuxDataplane: 'Iptables',
    multiInterfaceMode: 'None',
    nodeAddressAutodetectionV4: {kubernetes: 'NodeInternalIP'},
    ipPools: [
      {
        name: plan.poolName,
        cidr: plan.podCidr,
        blockSize: plan.blockSize,
        encapsulation: encapsulation(plan),
        natOutgoing: 'Enabled',
        nodeSelector: 'all()',
        disableBGPExport: false,
        assignmentMode: 'Automatic',
        allowedUses: ['Workload', 'Tunnel'],
      },
    ],
    windowsDataplane: 'Disabled',
  },
  nodeUpdateStrategy: {type: 'RollingUpdate', rollingUpdate: {maxUnavailable: 1}},
  nonPrivileged: 'Disabled',
})

const operatorDeployment = (): KubeObject =>
  objectOf(
    'Deployment',
    'tigera-operator',
    {namespace: 'tigera-operator', labels: {'k8s-app': 'tigera-operator'}},
    {
      spec: {
        replicas: 1,
        selector: {matchLabels: {name: 'tigera-operator'}},
        template: {
          metadata: {labels: {name: 'tigera-operator', 'k8s-app': 'tigera-operator'}},
          spec: {hostNetwork: true, serviceAccountName: 'tigera-operator', containers: [{name: 'tigera-operator', image: 'quay.io/tigera/operator:v1.40.2'}]},
        },
      },
      status: {replicas: 1, updatedReplicas: 1, readyReplicas: 1, availableReplicas: 1},
    },
  )

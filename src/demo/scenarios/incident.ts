import {change, remove} from '../change.ts'
import type {ClusterState, KubeObject} from '../cluster-state.ts'
import {buildCluster} from './build.ts'
import {storedAs} from './calico-objects.ts'
import {etcdKeys} from './config-map.ts'
import {planHealthy, type Size} from './healthy.ts'
import {breakBird, refuseRouter} from './incident-bgp.ts'
import {notReady} from './incident-pods.ts'
import type {ClusterPlan, PlannedNode} from './plan.ts'

const v1 = (resource: string) => `${resource}.crd.projectcalico.org`

/**
 * A cluster on Azure machines that grew over the years. It was moved from etcd to the Kubernetes datastore and one Deployment was forgotten; Typha's
 * Service was cleaned away and nobody noticed until a node restarted; eBPF was tried and left on; two machines are not like the others. Most of it works.
 */
export function incident(size: Size): ClusterState {
  const plan = planHealthy(size, {
    ipipMode: 'Always',
    vethMtu: 1480,
    nic: 'eth0',
    kernelVersion: '6.8.0-1034-azure',
    chassisTag: '7783-7084-3265-9085-8269-3286-77',
    providerIdPrefix: 'azure:///subscriptions/5f0c1d3e-7a52-4b7e-9d0b-2f6f6c1f8e11/resourceGroups/shop-production/providers/Microsoft.Compute/virtualMachines/',
  })
  const state = buildCluster(plan)
  const worker = workersOf(plan)
  showMetrics(state)
  leaveControllersOnEtcd(state)
  loseTyphaService(state)
  breakBird(state, plan, worker(5))
  notReady(state, plan, worker(5), rebooted)
  label(state, [worker(1), worker(2)], {ingress: 'true'})
  refuseRouter(state, [worker(1), worker(2)])
  shrinkNic(state, plan, worker(9), 1400)
  enableBpf(state)
  ageKernel(state, worker(4))
  label(state, [worker(8)], {workload: 'batch'})
  addPool(state, {name: 'batch-pool', cidr: '10.100.0.0/18'})
  return state
}

/** It was rebooted in the morning: Felix and confd found no Typha any more, and without confd there is no configuration for BIRD. */
const rebooted = {
  since: '2025-11-18T06:39:52Z',
  unready: 'BIRD is not ready: Error querying BIRD: unable to connect to BIRDv4 socket: dial unix /var/run/calico/bird.ctl: connect: no such file or directory',
  unlive: 'bird/confd is not live: exit status 1',
  restarts: 41,
  lastStart: '2025-11-18T09:27:33Z',
}

/** Somebody once built a dashboard. */
function showMetrics(state: ClusterState): void {
  change(state, {resource: v1('felixconfigurations'), name: 'default'}, ({spec}) => Object.assign(spec, {prometheusMetricsEnabled: true}))
  const on = ({spec}: {spec: {containers: {env: object[]}[]}}) => spec.containers[0]!.env.push({name: 'TYPHA_PROMETHEUSMETRICSENABLED', value: 'true'})
  change(state, {resource: 'deployments.apps', name: 'calico-typha'}, ({spec}) => on(spec.template))
  for (const {metadata} of podsOf(state, 'calico-typha')) change(state, {resource: 'pods', name: metadata.name}, on)
}

/** By number, as their names say; a small cluster has the last one do several jobs. */
const workersOf = ({nodes}: ClusterPlan) => {
  const workers = nodes.filter(node => !node.controlPlane && !node.reflector)
  const some = workers.length > 0 ? workers : nodes
  return (number: number): PlannedNode => some[Math.min(number, some.length) - 1]!
}

function label(state: ClusterState, nodes: readonly PlannedNode[], labels: Record<string, string>): void {
  for (const {name} of nodes) change(state, {resource: 'nodes', name}, ({metadata}) => Object.assign(metadata.labels, labels))
}

/** The Deployment was overlooked when the datastore was moved. */
function leaveControllersOnEtcd(state: ClusterState): void {
  change(state, {resource: 'configmaps', name: 'calico-config'}, ({data}) => Object.assign(data, {...etcdKeys, etcd_endpoints: 'https://10.20.0.11:2379'}))
  const from = (name: string, key: string) => ({name, valueFrom: {configMapKeyRef: {name: 'calico-config', key}}})
  const onEtcd = (pod: {spec: {containers: {env: unknown[]}[]}}) => {
    pod.spec.containers[0]!.env = [
      from('ETCD_ENDPOINTS', 'etcd_endpoints'),
      from('ETCD_CA_CERT_FILE', 'etcd_ca'),
      {name: 'ENABLED_CONTROLLERS', value: 'policy,namespace,serviceaccount,workloadendpoint,node'},
    ]
  }
  change(state, {resource: 'deployments.apps', name: 'calico-kube-controllers'}, ({spec}) => onEtcd(spec.template))
  for (const {metadata} of podsOf(state, 'calico-kube-controllers')) change(state, {resource: 'pods', name: metadata.name}, onEtcd)
}
const podsOf = (state: ClusterState, app: string): KubeObject[] => (state.objects.pods ?? []).filter(({metadata}) => metadata.labels?.['k8s-app'] === app)

/** Felix keeps the connections it has, and finds no Typha once it starts anew. */
function loseTyphaService(state: ClusterState): void {
  remove(state, {resource: 'services', name: 'calico-typha'})
  const slices = state.objects['endpointslices.discovery.k8s.io'] ?? []
  for (const {metadata} of slices.filter(slice => slice.metadata.labels?.['kubernetes.io/service-name'] === 'calico-typha'))
    remove(state, {resource: 'endpointslices.discovery.k8s.io', name: metadata.name})
}

/** Behind a VPN gateway the machine has a smaller NIC, and the tunnel MTU that is set for all does not fit it. */
function shrinkNic(state: ClusterState, {nic}: ClusterPlan, {name}: PlannedNode, mtu: number): void {
  const machine = state.nodes[name]!
  machine.links = machine.links.map(link => (link.name === nic ? {...link, mtu} : link))
}

function enableBpf(state: ClusterState): void {
  change(state, {resource: v1('felixconfigurations'), name: 'default'}, ({spec}) => Object.assign(spec, {bpfEnabled: true}))
}

function ageKernel(state: ClusterState, {name}: PlannedNode): void {
  const kernelVersion = '5.0.0-1036-azure'
  change(state, {resource: 'nodes', name}, ({status}) => Object.assign(status.nodeInfo, {kernelVersion, osImage: 'Ubuntu 18.04.6 LTS'}))
  const machine = state.nodes[name]!
  machine.kernelVersion = kernelVersion
  machine.files['/proc/sys/kernel/osrelease'] = `${kernelVersion}\n`
}

/** Written straight into the CRD, where nothing compares it with the service network. */
function addPool(state: ClusterState, {name, cidr}: {name: string; cidr: string}): void {
  const spec = {
    allowedUses: ['Workload', 'Tunnel'],
    blockSize: 26,
    cidr,
    ipipMode: 'Always',
    natOutgoing: true,
    nodeSelector: "workload == 'batch'",
    vxlanMode: 'Never',
  }
  const [pool] = storedAs('crd.projectcalico.org', [{kind: 'IPPool', resource: 'ippools', name, spec}])[v1('ippools')]!
  // `kubectl apply` leaves no annotation of Calico's.
  state.objects[v1('ippools')] = [{...pool!, metadata: {...pool!.metadata, annotations: {}}}, ...(state.objects[v1('ippools')] ?? [])]
}

import {type ClusterState, type KubeObject, scenario} from '../../src/demo/index.ts'
import type {Api} from './api.ts'

/** How one fault of the incident is mended, as its finding says. */
export interface Mend {
  readonly what: string
  /** The findings that go with it: check and message. */
  readonly goes: readonly string[]
  mend(): Promise<unknown>
}

const merge = 'application/merge-patch+json'
const strategic = 'application/strategic-merge-patch+json'
const crd = '/apis/crd.projectcalico.org/v1'

/** In this order: what a later one needs is mended before. Machines are those of the state that the kubelets serve. */
export function mendsOf({must}: Api, {nodes}: ClusterState): Mend[] {
  const healthy = scenario('healthy')
  const patch = (path: string, body: object, type = merge) => must('PATCH', path, {body, type})
  return [
    {
      what: 'kube-controllers on Kubernetes',
      goes: ['datastore/disagreement differ'],
      mend: () => {
        const containers = [{name: 'calico-kube-controllers', env: [{name: 'DATASTORE_TYPE', value: 'kubernetes'}]}]
        return patch('/apis/apps/v1/namespaces/kube-system/deployments/calico-kube-controllers', {spec: {template: {spec: {containers}}}}, strategic)
      },
    },
    {
      what: "Typha's Service",
      goes: ['typha/incomplete noService'],
      mend: async () => {
        const [service, slice] = [typhas(healthy, 'services'), typhas(healthy, 'endpointslices.discovery.k8s.io')]
        await must('POST', '/api/v1/namespaces/kube-system/services', {body: bare(service)})
        await must('POST', '/apis/discovery.k8s.io/v1/namespaces/kube-system/endpointslices', {body: bare(slice)})
      },
    },
    {
      what: 'the router',
      goes: ['bgp/session-down badPeerAs'],
      mend: async () => {
        const {items} = await must('GET', `${crd}/bgppeers`)
        for (const {metadata} of items) await must('DELETE', `${crd}/bgppeers/${metadata.name}`)
        for (const name of ['worker-01', 'worker-02']) {
          const {bird} = nodes[name]!
          if (bird) bird.sessions = bird.sessions.filter(session => !session.name.startsWith('Node_'))
        }
      },
    },
    {
      what: 'BIRD of worker-05',
      goes: ['bgp/bird-not-running v4', 'bgp/session-down peerDown', 'install/node-pods killed'],
      mend: async () => {
        for (const [name, machine] of Object.entries(nodes)) Object.assign(machine, {bird: healthy.nodes[name]!.bird, bird6: healthy.nodes[name]!.bird6})
        const pod = healthy.objects.pods!.find(({spec, metadata: {labels}}) => nodeOf(spec) === 'worker-05' && labels?.['k8s-app'] === 'calico-node')!
        const {qosClass: _servers, ...status} = pod.status as {qosClass?: unknown}
        await patch(`/api/v1/namespaces/kube-system/pods/${pod.metadata.name}/status`, {status})
        const daemonSet = healthy.objects['daemonsets.apps']!.find(({metadata}) => metadata.name === 'calico-node')!
        await patch('/apis/apps/v1/namespaces/kube-system/daemonsets/calico-node/status', {status: {...(daemonSet.status as object), numberUnavailable: 0}})
      },
    },
    {
      what: 'the NIC of worker-09',
      goes: ['mtu/inconsistent doesNotFit', 'mtu/too-large tunnel'],
      mend: async () => {
        const machine = nodes['worker-09']!
        machine.links = machine.links.map(link => (link.name === 'eth0' ? {...link, mtu: 1500} : link))
      },
    },
    {
      what: 'eBPF off',
      goes: ['ebpf/kernel fallsBack', 'mtu/too-large nodePorts'],
      mend: () => patch(`${crd}/felixconfigurations/default`, {spec: {bpfEnabled: false}}),
    },
    {what: 'the pool of batch jobs', goes: ['cidr/services-overlap range'], mend: () => must('DELETE', `${crd}/ippools/batch-pool`)},
    {
      what: 'VXLAN in place of IPIP',
      goes: ['encapsulation/ipip-on-azure unsupported'],
      mend: () => patch(`${crd}/ippools/default-ipv4-ippool`, {spec: {ipipMode: 'Never', vxlanMode: 'Always'}}),
    },
  ]
}

const typhas = ({objects}: ClusterState, resource: string): KubeObject => objects[resource]!.find(({metadata: {name}}) => name.startsWith('calico-typha'))!

const nodeOf = (spec: unknown) => (spec as {nodeName?: string} | undefined)?.nodeName

/** Without what the server makes itself. */
function bare({metadata: {name, labels}, ...rest}: KubeObject): object {
  const {status: _status, ...body} = rest
  return {...body, metadata: {name, labels}}
}

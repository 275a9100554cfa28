import type {Install, NodeEnv} from '../calico/cluster.ts'
import type {CalicoNodeAnnotations, KubeNode} from '../calico/kubernetes.ts'
import type {Link} from '../calico/link.ts'
import type {IpPool, IpPoolSpec} from '../calico/resources.ts'
import {type Known, known} from '../engine/collected.ts'

/** What the examples of checks are made of: ordinary nodes, links and pools, of which an example names only what it is about. */

/** Node `name` at `10.0.0.<number>/24`, as kubelet and Calico both say. */
export function exampleNode(name: string, number: number, more: Partial<KubeNode> & {readonly annotations?: CalicoNodeAnnotations} = {}): KubeNode {
  const {annotations, ...node} = more
  return {
    name,
    labels: {},
    internalIps: [`10.0.0.${number}`],
    externalIps: [],
    podCidrs: [],
    kernelVersion: '6.8.0-45-generic',
    osImage: 'Ubuntu 24.04.1 LTS',
    operatingSystem: 'linux',
    architecture: 'amd64',
    kubeletVersion: 'v1.33.2',
    containerRuntime: 'containerd://2.0.5',
    ready: 'True',
    unschedulable: false,
    taints: [],
    virtual: false,
    calico: annotations ?? {ipv4: `10.0.0.${number}/24`},
    ...node,
  }
}

export const exampleLink = (name: string, mtu: number, more: Partial<Link> = {}): Link => ({name, mtu, up: true, operState: 'UP', addresses: [], ...more})

/** lo, eth0 at `10.0.0.<number>/24`, and what else is given. */
export const exampleLinks = (number: number, nicMtu: number, more: readonly Link[] = []): Link[] => [
  exampleLink('lo', 65536, {addresses: ['127.0.0.1/8', '::1/128']}),
  exampleLink('eth0', nicMtu, {addresses: [`10.0.0.${number}/24`]}),
  ...more,
]

export const examplePod = (mtu: number, name = 'cali0a1b2c3d4e5'): Link => exampleLink(name, mtu, {kind: 'veth'})
export const exampleVxlan = (mtu: number, address = '10.244.1.64/32'): Link =>
  exampleLink('vxlan.calico', mtu, {kind: 'vxlan', operState: 'UNKNOWN', lower: 'eth0', addresses: [address]})
export const exampleIpip = (mtu: number, up = true): Link => exampleLink('tunl0', mtu, {kind: 'ipip', up, operState: up ? 'UNKNOWN' : 'DOWN'})

export const examplePool = (name: string, cidr: string, spec: Partial<IpPoolSpec> = {}): IpPool => ({name, spec: {cidr, ...spec}})

export const manifestInstall: Known<Install> = known({
  flavour: 'manifest',
  title: 'upstream manifest',
  namespace: 'kube-system',
  daemonSet: 'calico-node',
  configMap: 'calico-config',
  evidence: [],
  others: [],
})
export const operatorInstall: Known<Install> = known({
  flavour: 'operator',
  title: 'operator (Installation default)',
  namespace: 'calico-system',
  daemonSet: 'calico-node',
  evidence: [],
  others: [],
})

/** calico-node's environment, all from the DaemonSet. */
export const exampleEnv = (values: Readonly<Record<string, string>>): Known<NodeEnv> =>
  known(Object.fromEntries(Object.entries(values).map(([name, value]) => [name, {value, source: 'DaemonSet kube-system/calico-node'}])))

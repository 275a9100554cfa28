import type {BgpSettings} from '../../src/calico/cluster.ts'
import type {KubeNode} from '../../src/calico/kubernetes.ts'
import {known} from '../../src/engine/collected.ts'
import type {NodeCollector, NodeDoor} from '../../src/engine/collector.ts'
import type {FactTable} from '../../src/engine/facts.ts'
import {readFacts} from '../../src/engine/read-facts.ts'
import {scriptDoor} from '../../src/engine/script-door.ts'
import type {Take} from '../../src/engine/snapshot.ts'
import type {Lab, LabNode} from './lab.ts'

/** The way into the lab's nodes: the same framed script that a pod exec runs. */
export const labDoor = (lab: Lab): NodeDoor => scriptDoor(async ({name}, script) => known(await lab.exec(name, ['sh', '-c', script])))

/** Asks every node of the lab all the probes in one exec, and reads the answers as facts; other facts are not in the table. */
export async function lookAt(lab: Lab, collectors: readonly NodeCollector[]): Promise<FactTable> {
  const door = labDoor(lab)
  const probes = new Map(collectors.map(({source, probe}) => [source, probe]))
  const evidence: Record<string, Take[]> = {}
  await Promise.all(
    lab.nodes.map(async ({name}) => {
      const answers = await door.ask({name}, probes, {timeoutMs: 10_000, maxBytes: 8 * 1024 * 1024})
      for (const [source, data] of answers) (evidence[source] ??= []).push({at: '2026-01-01T00:00:00Z', ms: 1, node: name, data})
    }),
  )
  return readFacts({evidence, nodesWanted: known(lab.nodes.map(({name}) => name))}, collectors)
}

/** What the Kubernetes API would say of the lab's nodes. */
export const kubeNodes = (lab: Lab, {ipv6 = false} = {}): KubeNode[] => lab.nodes.map(node => kubeNode(node, ipv6))

const kubeNode = ({name, address, address6, clusterId}: LabNode, ipv6: boolean): KubeNode => ({
  name,
  labels: {'kubernetes.io/hostname': name},
  internalIps: [address, ...(ipv6 ? [address6] : [])],
  externalIps: [],
  podCidrs: [],
  kernelVersion: '6.1.0',
  osImage: 'Debian GNU/Linux 12',
  operatingSystem: 'linux',
  architecture: 'amd64',
  kubeletVersion: 'v1.33.2',
  containerRuntime: 'containerd://2.0.0',
  ready: 'True',
  unschedulable: false,
  taints: [],
  virtual: false,
  calico: {ipv4: `${address}/24`, ...(ipv6 && {ipv6: `${address6}/64`}), ...(clusterId !== undefined && {routeReflectorClusterId: clusterId})},
})

/** As a default install has it. */
export const meshOn: BgpSettings = {backend: 'bird', backendSource: 'default', mesh: true, asNumber: '64512', listenPort: 179}

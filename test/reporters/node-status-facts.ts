import type {BgpSession, Bird} from '../../src/calico/bgp-session.ts'
import type {KubeNode} from '../../src/calico/kubernetes.ts'
import {type Collected, known, unknown} from '../../src/engine/collected.ts'
import type {FactTable} from '../../src/engine/facts.ts'

/** A cluster that peers in a mesh: `worker-1` has 10.0.0.1 and so on. */
export const nodeNames = (count: number) => Array.from({length: count}, (_, i) => `worker-${i + 1}`)
const addressOf = (name: string) => `10.0.${Math.floor(Number(name.split('-')[1]) / 250)}.${Number(name.split('-')[1]) % 250}`

export const kubeNode = (name: string, calico: KubeNode['calico'] = {ipv4: `${addressOf(name)}/24`}): KubeNode => ({
  name,
  labels: {},
  internalIps: [addressOf(name)],
  externalIps: [],
  podCidrs: [],
  kernelVersion: '6.1.0',
  osImage: 'Debian',
  operatingSystem: 'linux',
  architecture: 'amd64',
  kubeletVersion: 'v1.33.2',
  containerRuntime: 'containerd://2.0',
  ready: 'True',
  unschedulable: false,
  taints: [],
  virtual: false,
  calico,
})

export const session = (peer: string, more: Partial<BgpSession> = {}): BgpSession => ({
  name: `Mesh_${peer.replaceAll(/[.:]/g, '_')}`,
  family: peer.includes(':') ? 6 : 4,
  type: 'mesh',
  peer,
  state: 'up',
  since: '08:29:36',
  bgpState: 'Established',
  error: '',
  ...more,
})
export const down = (peer: string, more: Partial<BgpSession> = {}): BgpSession =>
  session(peer, {state: 'start', since: '14:13:42', bgpState: 'Connect', error: 'Socket: Connection refused', ...more})
export const bird = (...sessions: BgpSession[]): Collected<Bird> => known({running: true, version: 'v0.3.3+birdv1.6.8', sessions})
export const noBird = (reason = 'Unable to connect to server control socket (/var/run/calico/bird.ctl): Connection refused'): Collected<Bird> =>
  known({running: false, reason})

export const mesh = (names: readonly string[]) =>
  Object.fromEntries(names.map(name => [name, bird(...names.filter(peer => peer !== name).map(peer => session(addressOf(peer))))]))
const all = <T>(names: readonly string[], value: Collected<T>) => Object.fromEntries(names.map(name => [name, value]))

/** Facts of a healthy mesh, with others in place of some. */
export function facts(names: readonly string[], more: Partial<FactTable> = {}): FactTable {
  const nothing = unknown('not-collected', 'nobody asked')
  const table: Partial<FactTable> = {
    nodes: known(names.map(name => kubeNode(name))),
    bgpSettings: known({
      backend: 'bird',
      backendSource: 'ConfigMap kube-system/calico-config key calico_backend',
      mesh: true,
      asNumber: '64512',
      listenPort: 179,
    }),
    birdV4: known(mesh(names)),
    birdV6: known(all(names, bird())),
    birdDetailsV4: known(all(names, known([]))),
    birdDetailsV6: known(all(names, known([]))),
    birdWideV4: nothing,
    birdWideV6: nothing,
    ...more,
  }
  return table as FactTable
}

import type {KubeNode} from './kubernetes.ts'
import type {Link} from './link.ts'
import {type Tunnel, workloadLinks} from './mtu.ts'
import {isUnderlay, type Underlay, underlayOf} from './underlay.ts'

/** The MTUs of one node, in bytes. */
export interface NodeMtu {
  readonly node: string
  readonly underlay: Readonly<Record<4 | 6, Underlay | undefined>>
  /** Tunnels in use whose interface is up. */
  readonly tunnels: readonly {readonly tunnel: Tunnel; readonly mtu: number}[]
  /** Largest MTU of pods' interfaces; undefined without pods. */
  readonly pods: {readonly mtu: number; readonly link: string; readonly count: number} | undefined
  /** What could not be told, each as the end of "node a: …". */
  readonly untold: readonly string[]
}

export interface MtuOptions {
  /** Tunnels in use. */
  readonly used: readonly Tunnel[]
  readonly interfacePrefixes: readonly string[]
}

export function nodeMtu(node: KubeNode, links: readonly Link[], {used, interfacePrefixes}: MtuOptions): NodeMtu {
  const families = new Set<4 | 6>(used.length === 0 ? [defaultFamily(node)] : used.map(({family}) => family))
  const found = [...families].map(family => ({family, underlay: underlayOf(node, links, family)}))
  const underlay = {
    4: undefined,
    6: undefined,
    ...Object.fromEntries(found.flatMap(({family, underlay}) => (isUnderlay(underlay) ? [[family, underlay]] : []))),
  }
  const devices = used.map(tunnel => ({tunnel, link: links.find(({name}) => name === tunnel.device)}))
  const pods = workloadLinks(links, interfacePrefixes).toSorted((a, b) => b.mtu - a.mtu)
  return {
    node: node.name,
    underlay,
    tunnels: devices.flatMap(({tunnel, link}) => (link?.up ? [{tunnel, mtu: link.mtu}] : [])),
    pods: pods[0] && {mtu: pods[0].mtu, link: pods[0].name, count: pods.length},
    untold: [
      ...found.flatMap(({underlay}) => (isUnderlay(underlay) ? [] : [underlay.reason])),
      // Flannel can also route without a tunnel (host-gw).
      ...devices.flatMap(({tunnel, link}) =>
        link?.up || tunnel.name === 'flannel' ? [] : [`${tunnel.device}, which ${tunnel.title} needs, is ${link ? 'down' : 'not there'}`],
      ),
    ],
  }
}

/** Of nodes without tunnels: that of Calico's address, else of the first InternalIP. */
const defaultFamily = ({calico, internalIps}: KubeNode): 4 | 6 => (calico.ipv4 === undefined && (calico.ipv6 ?? internalIps[0])?.includes(':') ? 6 : 4)

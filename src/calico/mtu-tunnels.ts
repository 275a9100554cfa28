import type {Collected} from '../engine/collected.ts'
import {networkOf, parseCidr} from './cidr.ts'
import type {Install} from './cluster.ts'
import {type FelixSources, felixSetting} from './felix-setting.ts'
import type {KubeNode} from './kubernetes.ts'
import {type Tunnel, tunnels, withHostEncryption} from './mtu.ts'
import {felixBoolean} from './node-env.ts'
import {activePools} from './pools.ts'
import type {IpPool} from './resources.ts'

export interface TunnelsInUse {
  readonly tunnels: readonly Tunnel[]
  /** What could not be seen, so that there may be more tunnels. */
  readonly unseen?: string
}
export interface TunnelSources extends FelixSources {
  readonly ipPools: readonly IpPool[]
  /** Without them CrossSubnet counts as in use. */
  readonly nodes?: readonly KubeNode[]
  readonly install: Collected<Install>
}

/**
 * Tunnels that carry pods' packets now: asked for by active pools and not switched off in Felix; CrossSubnet only where nodes are in more than
 * one subnet. An interface that is merely there (tunl0 of a loaded module) is in nobody's way.
 */
export function tunnelsInUse(sources: TunnelSources): TunnelsInUse {
  const active = activePools(sources.ipPools)
  const wireguard = felixSetting('wireguardEnabled', sources)
  const wireguardV6 = felixSetting('wireguardEnabledV6', sources)
  const used = [
    ...(pooled(active, 'ipipMode', 4, sources, 'ipipEnabled') ? [tunnels.ipip] : []),
    ...(pooled(active, 'vxlanMode', 4, sources, 'vxlanEnabled') ? [tunnels.vxlan] : []),
    ...(pooled(active, 'vxlanMode', 6, sources, 'vxlanEnabled') ? [tunnels.vxlanV6] : []),
    ...(felixBoolean(wireguard.setting?.value) ? [named(tunnels.wireguard, sources, 'wireguardInterfaceName')] : []),
    ...(felixBoolean(wireguardV6.setting?.value) ? [named(tunnels.wireguardV6, sources, 'wireguardInterfaceNameV6')] : []),
    ...(sources.install.known && sources.install.value.flavour === 'canal' ? [tunnels.flannel] : []),
  ]
  const unseen = wireguard.known && wireguardV6.known ? undefined : 'whether WireGuard is on could not be seen (FelixConfiguration or calico-node environment)'
  return {
    tunnels: used.map(tunnel => (encryptsHosts(sources) ? withHostEncryption(tunnel) : tunnel)),
    ...(unseen !== undefined && {unseen}),
  }
}

function pooled(pools: readonly IpPool[], mode: 'ipipMode' | 'vxlanMode', family: 4 | 6, sources: TunnelSources, off: string): boolean {
  if (felixBoolean(felixSetting(off, sources).setting?.value) === false) return false
  return pools.some(({spec}) => {
    if (parseCidr(spec.cidr)?.family !== family) return false
    return spec[mode] === 'Always' || (spec[mode] === 'CrossSubnet' && (!sources.nodes || severalSubnets(sources.nodes, family)))
  })
}

/** By the prefixes in Calico's annotations, as Felix and BIRD decide it. */
export function severalSubnets(nodes: readonly KubeNode[], family: 4 | 6): boolean {
  const networks = nodes.flatMap(({calico}) => networkOf((family === 4 ? calico.ipv4 : calico.ipv6) ?? '') ?? [])
  return new Set(networks).size > 1
}

function named(tunnel: Tunnel, sources: TunnelSources, setting: string): Tunnel {
  const device = felixSetting(setting, sources).setting?.value
  return device === undefined ? tunnel : {...tunnel, device}
}

const encryptsHosts = (sources: TunnelSources) =>
  sources.install.known &&
  sources.install.value.provider === 'AKS' &&
  felixBoolean(felixSetting('wireguardHostEncryptionEnabled', sources).setting?.value) === true

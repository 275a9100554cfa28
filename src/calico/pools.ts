import type {Encapsulation} from './cluster.ts'
import type {EncapsulationMode, IpPool} from './resources.ts'

/** Pools that pods get addresses from: not disabled, and their allowedUses, Workload and Tunnel when unset, hold Workload. */
export const activePools = (pools: readonly IpPool[]): IpPool[] =>
  pools.filter(({spec}) => spec.disabled !== true && (spec.allowedUses === undefined || spec.allowedUses.length === 0 || spec.allowedUses.includes('Workload')))

/** Modes are Never when unset (facts: calico.md §8.4). */
export function poolsEncapsulation(pools: readonly IpPool[], wireguard: boolean): Encapsulation {
  const active = activePools(pools)
  const titles = [...new Set(active.map(poolTitle))].sort()
  return {
    title: [...(titles.length > 0 ? titles : ['none']), ...(wireguard ? ['WireGuard'] : [])].join(' + '),
    ipip: active.some(({spec}) => isOn(spec.ipipMode)),
    vxlan: active.some(({spec}) => isOn(spec.vxlanMode)),
    wireguard,
  }
}

function poolTitle({spec}: IpPool): string {
  const [protocol, mode] = isOn(spec.ipipMode) ? ['IPIP', spec.ipipMode] : ['VXLAN', spec.vxlanMode]
  if (!isOn(mode)) return 'none'
  return mode === 'CrossSubnet' ? `${protocol} CrossSubnet` : protocol
}

const isOn = (mode: EncapsulationMode | undefined) => mode !== undefined && mode !== 'Never'

import type {Fix} from '../engine/check.ts'
import type {Collected} from '../engine/collected.ts'
import type {Install} from './cluster.ts'
import {type FelixSources, felixSetting} from './felix-setting.ts'
import {defaultMtu, podMtu, type Tunnel, type TunnelName} from './mtu.ts'
import {howToSet} from './owner.ts'
import {patchCalico} from './owners/commands.ts'

/** FelixConfiguration's field for each tunnel's MTU. */
export const mtuField: Readonly<Record<Exclude<TunnelName, 'flannel'>, string>> = {
  ipip: 'ipipMTU',
  vxlan: 'vxlanMTU',
  vxlanV6: 'vxlanMTUV6',
  wireguard: 'wireguardMTU',
  wireguardV6: 'wireguardMTUV6',
}

/** Steps that make tunnels and pods fit; `fits` is the largest pod MTU for all nodes, `nic` the smallest NIC's. Bytes. */
export function mtuFixes(
  sources: FelixSources & {readonly install: Collected<Install>},
  misfits: readonly Tunnel[],
  {fits: most, nic}: {readonly fits: number | undefined; readonly nic: number | undefined},
): Fix[] {
  const inResource = misfits.flatMap(tunnel => fixOfResource(tunnel, sources, nic) ?? [])
  const fits = nic === undefined ? most : Math.min(most ?? nic, podMtu(nic, misfits))
  return [
    ...inResource,
    howToSet(sources.install, 'mtu', fits === undefined ? undefined : String(fits)),
    {text: 'Or raise the MTU of the NICs, where the network between the nodes carries it everywhere.'},
  ]
}

/** A value in FelixConfiguration stays in force whatever the owner of the install sets elsewhere, unless the environment has one. */
function fixOfResource(tunnel: Tunnel, sources: FelixSources, nic: number | undefined): Fix | undefined {
  if (tunnel.name === 'flannel') return undefined
  const field = mtuField[tunnel.name]
  const {setting} = felixSetting(field, sources)
  const resource = /^FelixConfiguration (\S+) /.exec(setting?.source ?? '')?.[1]
  if (!setting || resource === undefined || Number(setting.value) === 0) return undefined
  const value = nic === undefined ? 0 : defaultMtu(tunnel, nic)
  return {
    text: `${setting.source} is ${setting.value}: set it to ${value}${value === 0 ? '' : ', or to 0, with which Felix takes what fits'}.`,
    command: patchCalico('felixconfiguration', resource, {[field]: value}),
  }
}

import type {Fix} from '../engine/check.ts'
import type {Collected} from '../engine/collected.ts'
import type {Dataplane, Install} from './cluster.ts'
import {type FelixSources, felixSetting} from './felix-setting.ts'
import {defaultMtu, podMtu, type Tunnel, type TunnelName, tunnels} from './mtu.ts'
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

/** What there is to fit into. Bytes: the largest pod MTU for all nodes, and the smallest NIC's. */
interface Room {
  readonly fits: number | undefined
  readonly nic: number | undefined
}
interface MtuFixSources extends FelixSources {
  readonly install: Collected<Install>
  readonly dataplane: Collected<Dataplane>
}

/** Steps that make tunnels and pods fit; the same number whatever the finding, so that the second step does not undo the first. */
export function mtuFixes(sources: MtuFixSources, misfits: readonly Tunnel[], {fits: most, nic}: Room): Fix[] {
  const inResource = misfits.flatMap(tunnel => fixOfResource(tunnel, sources, nic) ?? [])
  const fits = nic === undefined ? most : Math.min(most ?? nic, podMtu(nic, misfits))
  const value = withNodePorts(sources.dataplane, {fits, nic})
  const {text, command} = howToSet(sources.install, 'mtu', value === undefined ? undefined : String(value))
  const why = value === fits ? '' : ` ${value} also leaves room for eBPF's node ports.`
  return [
    ...inResource,
    {text: `${text}${why}`, ...(command !== undefined && {command})},
    {text: 'Or raise the MTU of the NICs, where the network between the nodes carries it everywhere.'},
  ]
}

/** eBPF hands node port traffic to other nodes through VXLAN, whatever the pools ask for. */
function withNodePorts(dataplane: Collected<Dataplane>, {fits, nic}: Room): number | undefined {
  if (nic === undefined || !dataplane.known || dataplane.value.kind !== 'ebpf') return fits
  return Math.min(fits ?? nic, podMtu(nic, [tunnels.vxlan]))
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

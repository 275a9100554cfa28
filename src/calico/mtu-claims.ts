import type {Collected} from '../engine/collected.ts'
import {type FelixSources, felixSettings} from './felix-setting.ts'
import type {ConfigMap} from './kubernetes.ts'
import type {Tunnel} from './mtu.ts'
import {mtuField} from './mtu-fix.ts'
import type {Installation} from './resources.ts'

/** One place that says an MTU. 0 lets Calico take what fits. */
export interface MtuClaim {
  /** Bytes. */
  readonly mtu: number
  /** `ConfigMap kube-system/calico-config key veth_mtu`. */
  readonly where: string
  /** The object that says it. */
  readonly kind: string
  readonly name: string
}
export interface MtuPlaces extends FelixSources {
  readonly calicoConfig: Collected<ConfigMap>
  readonly installation: Collected<Installation>
}

/** What new pods are meant to get: the CNI template of the ConfigMap, or Installation; undefined where neither was seen to say. */
export function podClaim({calicoConfig, installation}: MtuPlaces): MtuClaim | undefined {
  if (calicoConfig.known) return configMapClaim(calicoConfig.value)
  if (!installation.known) return undefined
  const {spec, computed = spec} = installation.value
  return {mtu: computed.calicoNetwork?.mtu ?? 0, where: 'Installation default spec.calicoNetwork.mtu', kind: 'Installation', name: 'default'}
}

/** install-cni puts veth_mtu (CNI_MTU) in place of __CNI_MTU__; Kubespray writes the number itself; without `mtu` it is automatic. */
function configMapClaim({namespace, name, data}: ConfigMap): MtuClaim | undefined {
  const place = `ConfigMap ${namespace}/${name}`
  const template = data.cni_network_config ?? ''
  const literal = /"mtu"\s*:\s*"?(\d{1,7})"?/.exec(template)?.[1]
  if (literal !== undefined) return {mtu: Number(literal), where: `${place} key cni_network_config`, kind: 'ConfigMap', name}
  const veth = data.veth_mtu?.trim()
  if (!template.includes('__CNI_MTU__') && template !== '') return {mtu: 0, where: `${place} key cni_network_config`, kind: 'ConfigMap', name}
  return veth === undefined || !isNumber(veth) ? undefined : {mtu: Number(veth), where: `${place} key veth_mtu`, kind: 'ConfigMap', name}
}

export interface TunnelClaims {
  readonly tunnel: Tunnel
  readonly field: string
  /** The one in force first. */
  readonly claims: readonly MtuClaim[]
}

/** All places that set a tunnel's MTU, the environment first. Values that are no numbers are left out: Felix takes its default then. */
export function tunnelClaims(tunnel: Tunnel, places: MtuPlaces): TunnelClaims | undefined {
  if (tunnel.name === 'flannel') return undefined
  const field = mtuField[tunnel.name]
  const names = places.felixConfigurations.known ? places.felixConfigurations.value.map(({name}) => name) : []
  const nodes = names.flatMap(name => (name.startsWith('node.') ? [name.slice('node.'.length)] : []))
  const settings = [...felixSettings(field, places), ...nodes.flatMap(node => felixSettings(field, places, node))]
  const claims = settings.flatMap(({value, source}) => (/^\d{1,7}$/.test(value) ? [{mtu: Number(value), where: source, ...objectOf(source)}] : []))
  return {tunnel, field, claims: [...new Map(claims.map(claim => [claim.where, claim])).values()]}
}

function objectOf(source: string): Pick<MtuClaim, 'kind' | 'name'> {
  const [, kind, name] = /(FelixConfiguration|ConfigMap|DaemonSet) (?:[^\s/]*\/)?([^\s)]+)/.exec(source) ?? []
  return {kind: kind ?? 'DaemonSet', name: name ?? 'calico-node'}
}

/** Values in FelixConfigurations that the environment keeps from having effect; 0 asks for nothing. */
export const beaten = (tunnels: readonly TunnelClaims[]): {readonly field: string; readonly inForce: MtuClaim; readonly other: MtuClaim}[] =>
  tunnels.flatMap(({field, claims: [inForce, ...others]}) =>
    inForce?.where.startsWith('env ') ? others.flatMap(other => (other.mtu !== 0 && other.mtu !== inForce.mtu ? [{field, inForce, other}] : [])) : [],
  )

/** What sets a tunnel to less than pods are given; the tightest if there are several. */
export function tighterThan(pods: MtuClaim, tunnels: readonly TunnelClaims[]): MtuClaim | undefined {
  const tight = tunnels.flatMap(({claims: [inForce]}) => (inForce && inForce.mtu !== 0 && inForce.mtu < pods.mtu ? [inForce] : []))
  return tight.toSorted((a, b) => a.mtu - b.mtu)[0]
}

/** Tunnels that run with another MTU than the operator was asked for. */
export const overruled = (wanted: MtuClaim, tunnels: readonly TunnelClaims[]): MtuClaim[] =>
  wanted.kind === 'Installation'
    ? tunnels.flatMap(({claims: [inForce]}) => (inForce?.where.startsWith('env ') && inForce.mtu !== wanted.mtu ? [inForce] : []))
    : []

/** veth_mtu that is no number: Felix takes its default, and the CNI configuration is no JSON. */
export function unreadableVethMtu(calicoConfig: MtuPlaces['calicoConfig']): string | undefined {
  const written = calicoConfig.known ? calicoConfig.value.data.veth_mtu : undefined
  return written === undefined || isNumber(written) ? undefined : `veth_mtu of the ConfigMap is no number: ${JSON.stringify(written.slice(0, 40))}`
}

const isNumber = (text: string) => /^\s*\d{0,7}\s*$/.test(text)

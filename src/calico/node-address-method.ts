import type {Collected} from '../engine/collected.ts'
import {parseCidr} from './cidr.ts'
import type {NodeEnv} from './cluster.ts'
import type {Installation} from './resources.ts'

/** How calico-node comes by its address, in the words of IP_AUTODETECTION_METHOD. */
export interface AddressMethod {
  /** `first-found`, `interface=eth1`, `IP=10.0.0.5`. */
  readonly text: string
  readonly source: string
  /** Somebody chose a network, rather than leaving it to Calico or Kubernetes. */
  readonly deliberate: boolean
  /** It gives the address that Kubernetes knows, so that another one is from before it did. */
  readonly asKubernetes: boolean
}
export interface MethodSources {
  readonly nodeEnv: Collected<NodeEnv>
  readonly installation: Collected<Installation>
}

/** undefined: no place that could say was seen. Unset means first-found (node/pkg/lifecycle/startup/autodetection). */
export function addressMethod(family: 4 | 6, {nodeEnv, installation}: MethodSources): AddressMethod | undefined {
  const [name, fixed] = family === 4 ? (['IP_AUTODETECTION_METHOD', 'IP'] as const) : (['IP6_AUTODETECTION_METHOD', 'IP6'] as const)
  if (!nodeEnv.known) return installation.known ? operatorsMethod(family, installation.value) : undefined
  const env = nodeEnv.value
  const [address, set] = [env[fixed], env[name]]
  if (address && isHostIp(address)) return {...method(`${fixed}=status.hostIP`, address.source), asKubernetes: true}
  if (address?.value !== undefined && parseCidr(address.value)) return method(`${fixed}=${address.value}`, address.source)
  if (set?.value) return {...method(set.value, `${name} of ${set.source}`), ...(reachesItself(set.value, env) && {deliberate: false, asKubernetes: true})}
  if (nodeEnv.partial === undefined && set?.unresolved === undefined) return method('first-found', `default: ${name} is not set`)
  return installation.known ? operatorsMethod(family, installation.value) : undefined
}

/** Kubespray's can-reach=$(NODEIP), a variable that is status.hostIP: the way to a node's own address is that address. */
function reachesItself(method: string, env: NodeEnv): boolean {
  const variable = /^can-reach=\$\((\w+)\)$/.exec(method)?.[1]
  const from = variable === undefined ? undefined : env[variable]
  return from !== undefined && isHostIp(from)
}
const isHostIp = ({unresolved}: NodeEnv[string]) => unresolved === 'fieldRef status.hostIP'

function operatorsMethod(family: 4 | 6, {spec, computed = spec}: Installation): AddressMethod {
  const field = family === 4 ? 'nodeAddressAutodetectionV4' : 'nodeAddressAutodetectionV6'
  return method(inWords(computed.calicoNetwork?.[field] ?? {}), `Installation spec.calicoNetwork.${field}`)
}

/** Field names: operator-crds.yaml. */
function inWords({kubernetes, interface: name, skipInterface, canReach, cidrs}: Readonly<Record<string, unknown>>): string {
  if (kubernetes === 'NodeInternalIP') return 'kubernetes-internal-ip'
  if (typeof name === 'string') return `interface=${name}`
  if (typeof skipInterface === 'string') return `skip-interface=${skipInterface}`
  if (typeof canReach === 'string') return `can-reach=${canReach}`
  return Array.isArray(cidrs) && cidrs.length > 0 ? `cidr=${cidrs.map(String).join(',')}` : 'first-found'
}

const method = (text: string, source: string): AddressMethod => ({
  text,
  source,
  deliberate: /^(interface|cidr|can-reach)=/.test(text),
  asKubernetes: text === 'kubernetes-internal-ip',
})

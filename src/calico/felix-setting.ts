import {type Collected, orAbsent} from '../engine/collected.ts'
import type {NodeEnv} from './cluster.ts'
import type {FelixConfiguration} from './resources.ts'

/** A Felix parameter and the place it comes from. */
export interface FelixSetting {
  readonly value: string
  /** `env FELIX_VXLANMTU (ConfigMap kube-system/calico-config key veth_mtu)`, `FelixConfiguration default vxlanMTU`. */
  readonly source: string
}
export interface FelixSources {
  readonly nodeEnv: Collected<NodeEnv>
  readonly felixConfigurations: Collected<readonly FelixConfiguration[]>
}

/**
 * The value Felix works with: environment, then FelixConfiguration `node.<name>`, then `default` (felix/config/config_params.go). Empty values are
 * ignored there and here. Undefined: set nowhere that was seen. `known` is false when a place that could set it was not seen.
 */
export function felixSetting(
  name: string,
  {nodeEnv, felixConfigurations}: FelixSources,
  node?: string,
): {readonly setting?: FelixSetting; readonly known: boolean} {
  const setting = felixSettings(name, {nodeEnv, felixConfigurations}, node)[0]
  const unresolved = nodeEnv.known && envOf(name, nodeEnv.value)?.unresolved !== undefined
  const resources = orAbsent(felixConfigurations, [])
  const known =
    setting?.source.startsWith('env ') ||
    (nodeEnv.known && nodeEnv.partial === undefined && !unresolved && resources.known && resources.partial === undefined && !bySelector(name, resources.value))
  return {...(setting && {setting}), known}
}

/** Since v3.32 a FelixConfiguration of any name can choose its nodes by selector: which of them have the value is not told here. */
const bySelector = (name: string, resources: readonly FelixConfiguration[]) =>
  resources.some(resource => resource.spec.nodeSelector !== undefined && text(resource.spec[name]) !== undefined)

/** All places that set it, the one in force first. */
export function felixSettings(name: string, {nodeEnv, felixConfigurations}: FelixSources, node?: string): FelixSetting[] {
  const env = nodeEnv.known ? envOf(name, nodeEnv.value) : undefined
  const fromEnv = env?.value ? [{value: env.value, source: `env FELIX_${(envNames[name] ?? name).toUpperCase()} (${env.source})`}] : []
  const resources = felixConfigurations.known ? felixConfigurations.value : []
  const inOrder = [...(node === undefined ? [] : [`node.${node}`]), 'default']
  const fromResources = inOrder.flatMap(resource => {
    const value = text(resources.find(candidate => candidate.name === resource)?.spec[name])
    return value === undefined ? [] : [{value, source: `FelixConfiguration ${resource} ${name}`}]
  })
  return [...fromEnv, ...fromResources]
}

/** Where Felix's own name is not the resource's (felix-params: YAML name against environment name). */
const envNames: Readonly<Record<string, string>> = {ipipMTU: 'IpInIpMtu', ipipEnabled: 'IpInIpEnabled'}

/** Felix reads its environment without regard to case. */
function envOf(name: string, nodeEnv: NodeEnv): NodeEnv[string] | undefined {
  const wanted = `felix_${envNames[name] ?? name}`.toLowerCase()
  return Object.entries(nodeEnv).find(([key]) => key.toLowerCase() === wanted)?.[1]
}

/** A field may hold anything where no schema stands before it; an object with a toString of its own cannot be made text by String(). */
function text(value: unknown): string | undefined {
  if (value === undefined || value === null || value === '') return undefined
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

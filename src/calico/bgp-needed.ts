import type {Collected} from '../engine/collected.ts'
import type {CalicoVersion, Encapsulation} from './cluster.ts'
import {type FelixSources, felixSetting} from './felix-setting.ts'

/** Whether pods of different nodes need BGP to reach each other, and why. */
export interface BgpNeed {
  readonly needed: boolean | undefined
  readonly reason: string
}
export interface NeedFacts extends FelixSources {
  readonly encapsulation: Collected<Encapsulation>
  readonly calicoVersion: Collected<CalicoVersion>
}

/**
 * Felix programs VXLAN routes by itself in every version. Routes of IPIP pools and of pools without encapsulation are BIRD's, unless FelixConfiguration
 * programClusterRoutes gives them to Felix: Enabled (3.31+), EnabledIPIPOnly (3.33+, and the default there), EnabledNoEncapOnly
 * (calico: design/cluster-route-programming/DESIGN.md).
 */
export function bgpNeeded(facts: NeedFacts): BgpNeed {
  const {encapsulation, calicoVersion} = facts
  if (!encapsulation.known) return {needed: undefined, reason: `the pools' encapsulation was not seen (${encapsulation.why})`}
  const kinds = encapsulation.value.title.split(' + ').map(kind => kind.split(' ')[0]!)
  const routed = kinds.filter(kind => kind !== 'VXLAN')
  if (routed.length === 0) return {needed: false, reason: 'all pools are VXLAN, which Felix routes without BGP'}
  const {setting, known: seen} = felixSetting('programClusterRoutes', facts)
  if (!seen || (!setting && !calicoVersion.known)) return {needed: undefined, reason: 'whether Felix programs these routes itself was not seen'}
  const owner = setting?.value ?? (calicoVersion.known && atLeast(calicoVersion.value, 3, 33) ? 'EnabledIPIPOnly' : 'Disabled')
  const left = routed.filter(kind => !byFelix(kind, owner))
  return left.length === 0
    ? {needed: false, reason: `Felix programs the routes of ${routed.join(' and ')} pools itself (programClusterRoutes ${owner})`}
    : {
        needed: true,
        reason: `BIRD programs the routes of ${left.map(kind => (kind === 'none' ? 'pools without encapsulation' : `${kind} pools`)).join(' and ')}`,
      }
}

const byFelix = (kind: string, owner: string) =>
  owner === 'Enabled' || (owner === 'EnabledIPIPOnly' && kind === 'IPIP') || (owner === 'EnabledNoEncapOnly' && kind === 'none')
const atLeast = (version: CalicoVersion, major: number, minor: number) => version.major > major || (version.major === major && version.minor >= minor)

import type {Collected} from '../engine/collected.ts'
import type {CalicoVersion, Encapsulation} from './cluster.ts'
import {type FelixSources, felixSetting} from './felix-setting.ts'
import {felixWritesRoutes, type RouteKind} from './route-owner.ts'

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
 * Felix programs the routes of VXLAN and of WireGuard by itself in every version. Those of IPIP pools and of pools without encapsulation are BIRD's, unless
 * programClusterRoutes gives them to Felix (design/cluster-route-programming/DESIGN.md).
 */
export function bgpNeeded(facts: NeedFacts): BgpNeed {
  const {encapsulation, calicoVersion} = facts
  if (!encapsulation.known) return {needed: undefined, reason: `the pools' encapsulation was not seen (${encapsulation.why})`}
  const kinds = encapsulation.value.title.split(' + ').map(title => title.split(' ')[0]!)
  const routed = kinds.flatMap(kind => (kind === 'IPIP' ? 'ipip' : kind === 'none' ? 'bare' : []))
  if (routed.length === 0) return {needed: false, reason: `all pools are ${kinds.join(' and ')}, which Felix routes without BGP`}
  const setting = felixSetting('programClusterRoutes', facts)
  const byFelix = routed.map(kind => felixWritesRoutes(kind, calicoVersion.known ? calicoVersion.value : undefined, setting))
  const left = routed.filter((_, index) => byFelix[index] === false)
  if (left.length > 0) return {needed: true, reason: `BIRD programs the routes of ${left.map(kind => names[kind]).join(' and ')}`}
  if (byFelix.includes(undefined)) return {needed: undefined, reason: 'whether Felix programs these routes itself was not seen'}
  const told = setting.setting ? `programClusterRoutes ${setting.setting.value}` : 'its default since v3.33'
  return {needed: false, reason: `Felix programs the routes of ${routed.map(kind => names[kind]).join(' and ')} itself (${told})`}
}

const names: Readonly<Record<RouteKind, string>> = {ipip: 'IPIP pools', bare: 'pools without encapsulation'}

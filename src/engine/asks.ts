import type {Check} from './check.ts'
import {type Access, type Collector, isDerived, isProbe, type NodeCollector} from './collector.ts'
import type {FactName} from './facts.ts'
import {accessOf, collectorOf, planOf} from './plan.ts'

/** What one check asks a cluster for, told to people by `explain` and the pages of docs/checks. */
export interface Asks {
  readonly needs: readonly FactSource[]
  readonly uses: readonly FactSource[]
  readonly rights: readonly Access[]
}
export interface FactSource {
  readonly fact: FactName
  /** `on each node: cat /var/lib/calico/mtu`, `from the API: nodes`, `concluded from nodeEnv, installation`. */
  readonly from: string
}

export function asksOf(check: Check, collectors: readonly Collector[]): Asks {
  const needs: readonly FactName[] = check.needs
  const uses: readonly FactName[] = check.uses ?? []
  const source = (fact: FactName): FactSource => ({fact, from: fromText(collectorOf(fact, collectors))})
  return {needs: needs.map(source), uses: uses.map(source), rights: accessOf(planOf([...needs, ...uses], collectors))}
}

function fromText(collector: Collector): string {
  if (isDerived(collector)) return `concluded from ${collector.from.join(', ')}`
  if (isProbe(collector)) return `on each node: ${commandText(collector)}`
  const resources = collector.access.map(({resource, name}) => (name === undefined ? resource : `${resource} ${name}`))
  return `from the API: ${resources.length > 0 ? [...new Set(resources)].join(', ') : collector.source}`
}

/** A command that is a script of ours is named, not shown. */
function commandText({source, probe}: NodeCollector): string {
  const [argv] = probe.tries
  return argv[0] === 'sh' ? `${source}, a script of read commands` : argv.join(' ')
}

import {collectors} from '../../src/collectors/index.ts'
import type {Check} from '../../src/engine/check.ts'
import type {Access} from '../../src/engine/collector.ts'
import {type FactName, perNodeFacts} from '../../src/engine/facts.ts'
import {calicoNamespace, planOf} from '../../src/engine/plan.ts'
import type {AuditEntry} from './audit-log.ts'
import type {Document} from './proof-run.ts'

/**
 * What a check needs and its user was refused, told from the API server's audit log alone: sources of the API with a request that was answered 403, and `exec`
 * unless one was started on each node.
 */
export function refusedNeeds({needs}: Check, log: readonly AuditEntry[], nodes: number): string[] {
  const {api, probes} = planOf(needs, collectors)
  const refused = log.filter(({status}) => status === 403)
  const sources = api.filter(({access}) => access.some(right => refused.some(entry => isAbout(right, entry)))).map(({source}) => source)
  const asked = new Set(log.filter(({subresource, status}) => subresource === 'exec' && status === 101).map(({name}) => name))
  return probes.length > 0 && asked.size < nodes ? [...sources, 'exec'] : sources
}

const isAbout = ({verb, group, resource, name, namespace}: Access, asked: AuditEntry) =>
  verb === asked.verb &&
  group === asked.group &&
  resource === asked.resource &&
  (name === undefined || name === asked.name) &&
  (namespace === undefined || namespace === calicoNamespace || namespace === asked.namespace)

/** Checks that pass in a report which says itself that something they need was not seen. */
export function passesUnseen(checks: readonly Check[], {checks: judged, coverage}: Document): string[] {
  const missing = new Set(coverage.facts.missing.map(({fact}) => fact))
  const passed = checks.filter(({id}) => judged.some(one => one.id === id && one.status === 'pass'))
  const lacks = ({needs}: Check) =>
    (needs as readonly FactName[]).filter(fact => missing.has(fact) || (perNodeFacts.has(fact) && coverage.nodes.missing.length > 0))
  return passed.flatMap(check => lacks(check).map(fact => `${check.id} without ${fact}`))
}

import {collectors} from '../../src/collectors/index.ts'
import type {Check} from '../../src/engine/check.ts'
import type {Access} from '../../src/engine/collector.ts'
import {calicoNamespace, planOf} from '../../src/engine/plan.ts'
import type {AuditEntry} from './audit-log.ts'

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

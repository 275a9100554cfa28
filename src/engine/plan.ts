import type {Check} from './check.ts'
import {type Access, type ClusterCollector, type Collector, isDerived, isProbe, type NodeCollector} from './collector.ts'
import {describedFacts} from './describe-cluster.ts'
import type {FactName} from './facts.ts'

/** What has to be asked so that the chosen checks can judge; nothing more. */
export interface Plan {
  readonly api: readonly ClusterCollector[]
  readonly probes: readonly NodeCollector[]
}

/** Facts that the engine itself reads to know which nodes to ask and where. */
export const engineFacts = ['kubeNodes', 'calicoPods'] as const satisfies readonly FactName[]

export function planFor(checks: readonly Check[], collectors: readonly Collector[], extra: readonly FactName[] = []): Plan {
  return planOf([...describedFacts, ...extra, ...checks.flatMap(({needs, uses = []}) => [...needs, ...uses] as FactName[])], collectors)
}

/** What has to be asked for these facts alone. */
export function planOf(wanted: readonly FactName[], collectors: readonly Collector[]): Plan {
  const api = new Set<ClusterCollector>()
  const probes = new Set<NodeCollector>()
  const visited = new Set<FactName>()
  const visit = (fact: FactName): void => {
    if (visited.has(fact)) return
    visited.add(fact)
    const collector = collectorOf(fact, collectors)
    if (isDerived(collector)) return collector.from.forEach(visit)
    if (isProbe(collector)) {
      probes.add(collector)
      return engineFacts.forEach(visit)
    }
    api.add(collector)
    collector.after?.forEach(visit)
  }
  wanted.forEach(visit)
  return {api: [...api], probes: [...probes]}
}

export function collectorOf(fact: FactName, collectors: readonly Collector[]): Collector {
  const collector = collectors.find(({facts}) => fact in facts)
  if (!collector) throw new Error(`no collector for fact ${fact}`)
  return collector
}

/** Rights that the plan uses; exec when nodes are asked. */
export function accessOf({api, probes}: Plan): Access[] {
  const access = [...api.flatMap(collector => collector.access), ...(probes.length > 0 ? execAccess : [])]
  return [...new Map(access.map(item => [JSON.stringify(item), item])).values()]
}

/** Stands for Calico's own namespace, which is known only after a look at the cluster. */
export const calicoNamespace = '$calico'

/** A WebSocket exec is a GET, and authorised as `get` before Kubernetes 1.35 and as `create` since: both are needed. */
const execAccess: readonly Access[] = [
  {verb: 'get', group: '', resource: 'pods', subresource: 'exec', namespace: calicoNamespace},
  {verb: 'create', group: '', resource: 'pods', subresource: 'exec', namespace: calicoNamespace},
]

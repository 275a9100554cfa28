import {collectors} from '../../src/collectors/index.ts'
import {collect} from '../../src/engine/collect.ts'
import {unknown} from '../../src/engine/collected.ts'
import type {Cluster} from '../../src/engine/collector.ts'
import type {FactName, FactTable} from '../../src/engine/facts.ts'
import {planFor} from '../../src/engine/plan.ts'
import {readFacts} from '../../src/engine/read-facts.ts'

/** The facts as a run would have them, over the engine itself. */
export async function factsOf(cluster: Cluster, wanted: readonly FactName[]): Promise<FactTable> {
  const snapshot = await collect(planFor([], collectors, wanted), {
    collectors,
    cluster,
    door: undefined,
    source: {kind: 'live'},
    settings: {exec: 'none', checks: [], nodes: []},
    concurrency: 4,
    nodeTimeoutMs: 1000,
    signal: new AbortController().signal,
  })
  return readFacts({...snapshot, nodesWanted: unknown('not-collected')}, collectors)
}

import {mkdtemp, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {connect} from '../../src/cluster/connect.ts'
import {podDoor} from '../../src/cluster/pod-door.ts'
import {collectors} from '../../src/collectors/index.ts'
import type {SimulatedCluster} from '../../src/demo/index.ts'
import type {Check} from '../../src/engine/check.ts'
import {collect} from '../../src/engine/collect.ts'
import type {FactName, FactTable} from '../../src/engine/facts.ts'
import {planFor} from '../../src/engine/plan.ts'
import {readFacts} from '../../src/engine/read-facts.ts'
import type {Snapshot} from '../../src/engine/snapshot.ts'

export interface Looked {
  readonly snapshot: Snapshot
  readonly table: FactTable
}

/** Looks at a simulated cluster as `check` looks at any: over HTTPS and WebSocket, by the same client. */
export async function lookAt({kubeconfig}: Pick<SimulatedCluster, 'kubeconfig'>, checks: readonly Check[], facts: readonly FactName[] = []): Promise<Looked> {
  const folder = await mkdtemp(join(tmpdir(), 'look-'))
  const signal = AbortSignal.timeout(60_000)
  const path = join(folder, 'kubeconfig')
  await writeFile(path, kubeconfig)
  const connection = await connect({kubeconfig: path, signal})
  try {
    const snapshot = await collect(planFor(checks, collectors, facts), {
      collectors,
      cluster: connection.cluster,
      door: podDoor(connection.cluster),
      source: {kind: 'demo'},
      settings: {exec: 'pod', checks: checks.map(({id}) => id), nodes: []},
      concurrency: 20,
      nodeTimeoutMs: 15_000,
      signal,
    })
    return {snapshot, table: readFacts(snapshot, collectors)}
  } finally {
    connection.close()
    await rm(folder, {recursive: true})
  }
}

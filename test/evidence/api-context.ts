import type {Missed} from '../../src/bundle/manifest.ts'
import {collectors} from '../../src/collectors/index.ts'
import {collect} from '../../src/engine/collect.ts'
import type {Cluster, Limits} from '../../src/engine/collector.ts'
import type {FactName, FactTable} from '../../src/engine/facts.ts'
import {nodesToAsk} from '../../src/engine/nodes-wanted.ts'
import {planOf} from '../../src/engine/plan.ts'
import {readFacts} from '../../src/engine/read-facts.ts'
import {apiEvidenceTasks} from '../../src/evidence/api-evidence.ts'
import type {EvidenceContext, EvidenceFile, EvidenceOptions} from '../../src/evidence/task.ts'

export const contextFacts: readonly FactName[] = [
  'kubeNodes',
  'calicoPods',
  'calicoNamespaces',
  'calicoDeployments',
  'apiGroup',
  'installation',
  'felixConfigurations',
  'nodeEnv',
  'calicoConfig',
  'install',
  'kubeControllersMetricsPort',
]

/** What a look at a cluster without exec leaves for those who gather raw evidence. */
export async function contextOf(cluster: Cluster, options: Partial<EvidenceOptions> = {}): Promise<EvidenceContext> {
  const snapshot = await collect(planOf(contextFacts, collectors), {
    collectors,
    cluster,
    door: undefined,
    source: {kind: 'demo'},
    settings: {exec: 'none', checks: [], nodes: []},
    concurrency: 20,
    nodeTimeoutMs: 1_000,
    signal: new AbortController().signal,
  })
  const table: FactTable = readFacts(snapshot, collectors)
  const nodes = table.kubeNodes.known ? table.kubeNodes.value.map(({name}) => name) : []
  return {cluster, door: undefined, facts: table, nodes: nodesToAsk(nodes, table), options: {tailLines: 1_000, maxFileBytes: 1024 ** 2, ...options}}
}

export interface Gathered {
  readonly files: readonly EvidenceFile[]
  readonly missed: readonly Missed[]
  /** The text of one file. */
  text(path: string): string
  paths(pattern: RegExp): string[]
}

export const noLimits: Limits = {timeoutMs: 5_000, maxBytes: 64 * 1024 ** 2}

/** Runs all tasks, several at once. */
export async function gather(context: EvidenceContext, limits: Limits = noLimits): Promise<Gathered> {
  const files: EvidenceFile[] = []
  const missed: Missed[] = []
  await Promise.all(
    apiEvidenceTasks(context).map(async task => {
      for await (const one of task.run(limits)) 'file' in one ? files.push(one.file) : missed.push(one.missed)
    }),
  )
  const text = (path: string) => {
    const found = files.find(file => file.path === path)
    if (!found) throw new Error(`no ${path} among ${files.map(file => file.path).join(' ')}`)
    return found.text
  }
  return {files, missed, text, paths: pattern => files.map(({path}) => path).filter(path => pattern.test(path))}
}

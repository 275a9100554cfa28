import {known, unknown} from '../../src/engine/collected.ts'
import type {Limits, NodeDoor, NodeToAsk, Probe, ProbeOutput} from '../../src/engine/collector.ts'
import type {FactName, FactTable} from '../../src/engine/facts.ts'
import type {Evidence, EvidenceContext, EvidenceTask} from '../../src/evidence/task.ts'
import {fakeCluster} from '../collectors/fake-cluster.ts'

type Answers = Awaited<ReturnType<NodeDoor['ask']>>
export interface Asked {
  readonly node: string
  readonly probes: ReadonlyMap<string, Probe>
  readonly maxBytes: number
}

/** What every probe says unless told otherwise: its own command. */
export const said = (probe: Probe, more: Partial<ProbeOutput> = {}): ProbeOutput => ({
  argv: probe.tries[0],
  exit: 0,
  stdout: `${probe.tries[0].join(' ')}\n`,
  stderr: '',
  ...more,
})

/** A door that answers as `answer` says, and remembers what it was asked. */
export function fakeDoor(answer: (name: string, probe: Probe, node: NodeToAsk) => ReturnType<Answers['get']> = (_name, probe) => known(said(probe))) {
  const asked: Asked[] = []
  const most = {now: 0, ever: 0}
  const door: NodeDoor = {
    async ask(node, probes, {maxBytes}) {
      asked.push({node: node.name, probes, maxBytes})
      most.ever = Math.max(most.ever, ++most.now)
      await new Promise(resolve => setImmediate(resolve))
      most.now--
      return new Map(
        [...probes].flatMap(([name, probe]) => {
          const said = answer(name, probe, node)
          return said ? [[name, said] as const] : []
        }),
      )
    },
  }
  return {door, asked, most}
}

/** Facts that nobody collected, but for those given. */
export const factsWith = (given: Partial<FactTable> = {}): FactTable =>
  new Proxy(given as FactTable, {get: (table, name: FactName) => table[name] ?? unknown('not-collected')})

export const contextOf = (door: NodeDoor | undefined, nodes: readonly string[] = ['n1'], facts: Partial<FactTable> = {}): EvidenceContext => ({
  cluster: fakeCluster({}),
  door,
  facts: factsWith(facts),
  nodes: nodes.map(name => ({name})),
  options: {tailLines: 100, maxFileBytes: 100_000},
})

export async function run(tasks: readonly EvidenceTask[], limits: Partial<Limits> = {}): Promise<Evidence[]> {
  const collected: Evidence[] = []
  const runOne = async (task: EvidenceTask) => {
    for await (const one of task.run({timeoutMs: 5_000, maxBytes: 8_000_000, ...limits})) collected.push(one)
  }
  await Promise.all(tasks.map(runOne))
  return collected
}
export const filesOf = (evidence: readonly Evidence[]) => evidence.flatMap(one => ('file' in one ? [one.file] : []))
export const missedOf = (evidence: readonly Evidence[]) => evidence.flatMap(one => ('missed' in one ? [one.missed] : []))

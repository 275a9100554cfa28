import {apiEvidenceTasks} from './api-evidence.ts'
import {nodeEvidenceTasks} from './node-tasks.ts'
import type {EvidenceContext, EvidenceTask} from './task.ts'

export interface Chosen {
  readonly sick: ReadonlySet<string>
  /** Nodes that answered a probe of the look: no other is asked by exec again. */
  readonly answered: ReadonlySet<string>
}

/**
 * All there is to ask, in order: what is of no node, then the sick nodes, then the sample; within each first what comes through the API, for that costs the nodes
 * nothing and works where exec is dead.
 */
export function evidenceTasks(context: EvidenceContext, {sick, answered}: Chosen): EvidenceTask[] {
  const toExec = context.nodes.filter(({name}) => answered.has(name))
  const tasks = [...apiEvidenceTasks(context), ...(context.door ? nodeEvidenceTasks({...context, nodes: toExec}) : [])]
  const rank = ({node}: EvidenceTask) => (node === undefined ? 0 : sick.has(node) ? 1 : 2)
  return tasks.toSorted((a, b) => rank(a) - rank(b))
}

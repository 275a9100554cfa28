import type {EvidenceTask} from './task.ts'

/** What is about to be asked, guessed before anything is. */
export interface Estimate {
  readonly nodes: number
  readonly tasks: number
  /** Before compression. */
  readonly bytes: number
  readonly ms: number
}

export function estimateOf(tasks: readonly Pick<EvidenceTask, 'node' | 'estimate'>[], concurrency: number): Estimate {
  const sum = (of: (estimate: EvidenceTask['estimate']) => number) => tasks.reduce((total, {estimate}) => total + of(estimate), 0)
  return {
    nodes: new Set(tasks.flatMap(({node}) => node ?? [])).size,
    tasks: tasks.length,
    bytes: Math.round(sum(({bytes}) => bytes)),
    ms: Math.round(sum(({ms}) => ms) / Math.max(1, Math.min(concurrency, tasks.length))),
  }
}

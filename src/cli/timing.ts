import type {Snapshot, Take} from '../engine/snapshot.ts'

/** For `--verbose`: what each source took and what came of it, slowest first. */
export function timingLines({evidence, durationMs}: Pick<Snapshot, 'evidence' | 'durationMs'>): string {
  const lines = Object.entries(evidence)
    .map(([source, takes]) => ({source, takes, ms: Math.max(...takes.map(take => take.ms))}))
    .sort((a, b) => b.ms - a.ms || (a.source < b.source ? -1 : 1))
    .map(({source, takes, ms}) => `  ${String(ms).padStart(6)} ms  ${source}: ${outcome(takes)}`)
  return [`Looked for ${durationMs} ms`, ...lines, ''].join('\n')
}

/** `seen`, `forbidden`, or of nodes: `11 of 12 nodes, 1 timeout`. */
function outcome(takes: readonly Take[]): string {
  const causes = Map.groupBy(takes, ({data}) => (data.known ? 'seen' : data.why))
  if (takes.length === 1 && takes[0]!.node === undefined) return [...causes.keys()].join()
  const missing = [...causes].flatMap(([cause, some]) => (cause === 'seen' ? [] : [`${some.length} ${cause}`]))
  return [`${causes.get('seen')?.length ?? 0} of ${takes.length} nodes`, ...missing].join(', ')
}

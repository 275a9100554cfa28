import {readBundle} from '../bundle/read.ts'
import {collectors} from '../collectors/index.ts'
import {nodesWanted} from '../engine/nodes-wanted.ts'
import {readFacts} from '../engine/read-facts.ts'
import type {Snapshot} from '../engine/snapshot.ts'
import {ofBundle} from './bundle-fault.ts'
import type {Look, LookFlags} from './look.ts'
import {timingLines} from './timing.ts'

/** What was seen when the bundle was made, as if it were seen now. `--node` chooses among its nodes. Throws SourceError and UsageError. */
export async function lookIntoBundle(file: string, flags: Pick<LookFlags, 'node' | 'verbose'>): Promise<Look> {
  const saved = await readBundle(file)
  const snapshot = {...saved, source: {...saved.source, kind: 'bundle', file}, nodesWanted: chosenNodes(file, saved, flags.node ?? [])} as const
  if (flags.verbose) process.stderr.write(timingLines(snapshot))
  return {snapshot, table: readFacts(snapshot, collectors)}
}

function chosenNodes(file: string, saved: Snapshot, patterns: readonly string[]): Snapshot['nodesWanted'] {
  return patterns.length === 0 ? saved.nodesWanted : ofBundle(file, () => nodesWanted(readFacts(saved, collectors), patterns))
}

import type {stopwatch} from '../bundle/log-text.ts'
import type {ManifestNodes, Missed} from '../bundle/manifest.ts'
import {apiOf, nodesOf} from '../bundle/missed.ts'
import {redactSnapshot} from '../bundle/redact-snapshot.ts'
import {loadChecks} from '../checks/index.ts'
import {collectors} from '../collectors/index.ts'
import type {FactTable} from '../engine/facts.ts'
import {readFacts} from '../engine/read-facts.ts'
import {type Report, report} from '../engine/report.ts'
import type {Snapshot, Source} from '../engine/snapshot.ts'
import {bundleFacts} from './bundle-facts.ts'
import type {BundleCollectFlags} from './bundle-flags.ts'
import type {Ending} from './bundle-keep.ts'
import {lookThrough} from './look.ts'
import {version} from './package.ts'
import {timingLines} from './timing.ts'
import type {Ways} from './ways.ts'

/** A look and what came of it. Its answers can be let go once they are written: at a thousand nodes they are most of what we hold. */
export interface Judged {
  readonly source: Source
  readonly nodes: ManifestNodes
  readonly api: {readonly missed: readonly Missed[]}
  readonly struckOut: number
  /** What each source took, for log.txt. */
  readonly timing: string
  /** The time was over, or somebody pressed Ctrl-C, before all was looked at. */
  readonly ended: 'interrupted' | 'timeout' | undefined
  /** All of it, once: what takes it has it alone. */
  take(): {readonly snapshot: Snapshot; readonly table: FactTable; readonly report: Report}
}

/** Judged as it will be judged from the bundle: after credentials were struck out. */
export async function lookAndJudge(
  ways: Ways,
  flags: BundleCollectFlags,
  {ending, watch}: {ending: Ending; watch: ReturnType<typeof stopwatch>},
): Promise<Judged> {
  const checks = await loadChecks()
  watch.next('look: all facts of all checks')
  const looked = await ending.asking(lookThrough(ways, flags, {checks, facts: bundleFacts(flags)}, ending.signal))
  const ended = ending.why()
  watch.next('strike out credentials, judge')
  const {value: snapshot, struckOut} = redactSnapshot(looked.snapshot)
  const table = readFacts(snapshot, collectors)
  const held = [{snapshot, table, report: report(snapshot, table, checks, {version})}]
  return {source: snapshot.source, nodes: nodesOf(snapshot), api: apiOf(snapshot), struckOut, timing: timingLines(snapshot), ended, take: () => held.pop()!}
}

import {type BundleFile, logFile, nodeFiles, reportFile, snapshotFile} from '../bundle/contents.ts'
import {logText, type stopwatch} from '../bundle/log-text.ts'
import {bundleSchema} from '../bundle/manifest.ts'
import {redact} from '../bundle/redact.ts'
import type {Archive, Fill} from '../bundle/write.ts'
import type {Report} from '../engine/report.ts'
import type {Snapshot} from '../engine/snapshot.ts'
import type {LeftOut} from '../evidence/left-out.ts'
import {leftOutText} from '../evidence/run-notes.ts'
import {render} from '../reporters/index.ts'
import {collectEvidence} from './bundle-evidence.ts'
import {type BundleCollectFlags, limitsOf} from './bundle-flags.ts'
import type {Judged} from './bundle-judge.ts'
import type {Ending} from './bundle-keep.ts'
import {type EvidencePlan, planEvidence} from './bundle-plan.ts'
import {estimateText} from './bundle-text.ts'
import {version} from './package.ts'
import type {Ways} from './ways.ts'

interface Call {
  readonly flags: BundleCollectFlags
  readonly argv: readonly string[]
  readonly start: Date
  readonly watch: ReturnType<typeof stopwatch>
  readonly ending: Ending
}

/** The snapshot and what we say of it, then the raw evidence as it comes, then our own log. */
export function fillBundle(look: Judged, ways: Ways, {flags, argv, start, watch, ending}: Call): Fill {
  return async archive => {
    const limits = limitsOf(flags)
    watch.next('write the look')
    const plan = await writeLook(archive, look, seen => planEvidence(ways, {...seen, nodes: look.nodes}, limits))
    if (!flags.quiet && ending.why() === undefined) process.stderr.write(estimateText(plan, look.nodes))
    watch.next('raw evidence')
    const {run, told, struckOut} = await collectEvidence(archive, plan, limits, {quiet: flags.quiet ?? false, ending})
    const log = {start: start.toISOString(), phases: watch.end(), sources: look.timing, outcomes: run.outcomes}
    await archive.addAnyway(logFile(logText(log)))
    const ended = look.ended ?? (run.leftOut.length > 0 ? ending.why() : undefined)
    return {
      schema: bundleSchema,
      tool: {name: 'calico-doctor', version},
      arguments: redact([...argv]).value,
      start: start.toISOString(),
      partial: partialBecause(ended, told.leftOut),
      nodes: look.nodes,
      api: look.api,
      evidence: told,
      struckOut: look.struckOut + struckOut,
    }
  }
}

/** The plan is made before the answers are let go, and holds none of them. */
async function writeLook(archive: Archive, look: Judged, planOf: (seen: ReturnType<Judged['take']>) => EvidencePlan): Promise<EvidencePlan> {
  const {snapshot, table, report} = look.take()
  for (const file of headOf(snapshot, report)) await archive.addAnyway(file)
  let left: BundleFile | undefined
  for (const file of nodeFiles(snapshot)) if ((await archive.add(file)) === undefined) left ??= file
  const plan = planOf({snapshot, table, report})
  return left === undefined
    ? plan
    : {
        ...plan,
        leftOut: [...plan.leftOut, {why: 'size', detail: leftOutText.size, what: 'nodes/: the answers of the look one by one; snapshot.json holds them all'}],
      }
}

const plain = {width: 100, colour: false, unicode: true}
function* headOf(snapshot: Snapshot, judged: Report): Generator<BundleFile> {
  yield snapshotFile(snapshot)
  for (const format of ['json', 'html'] as const) yield reportFile(format, render(judged, format, plain))
}

const reasons = {
  interrupted: 'interrupted before everything was asked',
  timeout: 'the time (--timeout) was over before everything was asked',
} as const

/** What somebody chose to leave out (--sample-nodes) makes a bundle no less whole. */
function partialBecause(ended: 'interrupted' | 'timeout' | undefined, leftOut: readonly LeftOut[]): string | null {
  if (ended !== undefined) return reasons[ended]
  if (leftOut.some(({why}) => why === 'size')) return 'the size (--max-size) was used up before everything was kept'
  const slow = new Set(leftOut.flatMap(({why, nodes}) => (why === 'node-time' ? nodes : []))).size
  return slow === 0 ? null : `${slow} ${slow === 1 ? 'node' : 'nodes'} used up the time of one node (8 × --node-timeout)`
}

import {strikeText} from '../bundle/credentials-in-text.ts'
import type {EvidenceLimits, ManifestEvidence} from '../bundle/manifest.ts'
import type {Archive} from '../bundle/write.ts'
import {groupLeftOut} from '../evidence/left-out.ts'
import {memoryBytes} from '../evidence/limits.ts'
import {runEvidence} from '../evidence/run.ts'
import type {RunResult} from '../evidence/run-notes.ts'
import type {EvidenceFile} from '../evidence/task.ts'
import {type Ending, graceMs} from './bundle-keep.ts'
import type {EvidencePlan} from './bundle-plan.ts'
import {evidenceLine} from './bundle-progress.ts'

export interface CollectedEvidence {
  readonly run: RunResult
  readonly told: ManifestEvidence
  readonly struckOut: number
}

/** Asks what was planned; each answer goes into the archive as it comes, credentials struck out, and is forgotten. */
export async function collectEvidence(
  archive: Archive,
  plan: EvidencePlan,
  limits: EvidenceLimits,
  {quiet, ending}: {quiet: boolean; ending: Ending},
): Promise<CollectedEvidence> {
  const line = evidenceLine(quiet, () => archive.written)
  let struckOut = 0
  const keep = async ({text, struckOut: before = 0, ...origin}: EvidenceFile) => {
    const clean = strikeText(text)
    const struck = before + (clean === text ? 0 : 1)
    const redacted = struck > 0
    struckOut += struck
    return (await archive.add({...origin, redacted, text: () => [clean]})) !== undefined
  }
  try {
    const run = await runEvidence(plan.tasks, {...limits, memoryBytes, graceMs, signal: ending.signal, keep, onProgress: line.onProgress})
    const {sick, sample, estimate} = plan
    const leftOut = groupLeftOut([...plan.leftOut, ...run.leftOut])
    return {run, struckOut, told: {sick, sample, missed: run.missed, leftOut, estimate, limits}}
  } finally {
    line.clear()
  }
}

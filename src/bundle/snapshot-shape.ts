import type {Why} from '../engine/collected.ts'
import type {Snapshot} from '../engine/snapshot.ts'
import {anything, firstWrong, is, isRecord, listOf, number, oneOf, optional, type Rule, recordOf, shapeOf, text, time} from './rules.ts'

type Shape = {readonly snapshot: Snapshot; readonly wrong?: never} | {readonly snapshot?: never; readonly wrong: string}

/** Holds parsed JSON to what the engine relies on without looking; what the answers hold is held to the shape of each source (evidence-shapes.ts). */
export function snapshotFrom(json: unknown): Shape {
  const wrong = firstWrong(json, {
    schema: is(value => value === 1, 'no schema it knows'),
    takenAt: time,
    durationMs: number,
    source: shapeOf({kind: oneOf('live', 'bundle', 'demo'), context: optional(text), server: optional(text), file: optional(text), tool: optional(text)}),
    settings: shapeOf({exec: oneOf('pod', 'ssh', 'local', 'none'), checks: listOf(text), nodes: listOf(text)}),
    nodesWanted: collected(listOf(text)),
    evidence: recordOf(listOf(take)),
  })
  return wrong === undefined ? {snapshot: json as Snapshot} : {wrong}
}

const whys: readonly Why[] = ['absent', 'forbidden', 'timeout', 'unreachable', 'failed', 'not-collected']
/** Seen, with a value of this shape, or unseen with the reason. */
export const collected =
  (rule: Rule): Rule =>
  value => {
    if (!isRecord(value) || typeof value.known !== 'boolean') return 'neither seen nor unseen'
    if (!value.known) return firstWrong(value, {why: oneOf(...whys), detail: text})
    return firstWrong(value, {value: rule, partial: optional(text)})
  }

const probeOutput = shapeOf({argv: listOf(text), exit: number, stdout: text, stderr: text, cut: optional(text), packed: optional(text)})
const take: Rule = value => {
  const node = isRecord(value) && value.node !== undefined
  return firstWrong(value, {at: time, ms: number, node: optional(text), data: collected(node ? probeOutput : anything)})
}

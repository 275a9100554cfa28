import {type Collected, unknown} from '../engine/collected.ts'
import type {ProbeOutput} from '../engine/collector.ts'
import {pack} from '../engine/packed.ts'
import type {Settings, Snapshot, Source, Take} from '../engine/snapshot.ts'

/** The latest of everything that was seen since the start: one take for each source, and for each probe on each node. */
export interface LiveEvidence {
  /** What the API said this round. */
  api(snapshot: Snapshot): void
  /** What a node said now, or why it did not: what it said before is the screen's to remember. What it was not asked is not collected. */
  node(node: string, at: Date, ms: number, answers: ReadonlyMap<string, Collected<ProbeOutput>>): void
  /** These are gone. */
  forget(nodes: readonly string[]): void
  /** All of it, as one look. */
  snapshot(): Snapshot
}

/** Each answer is read once and kept for hours: of a thousand nodes the smaller ones are 25 MB. */
const packAbove = 1_024
/** What a node said longer ago tells nothing of it now, unless a turn of all nodes takes longer. */
const longestMs = 10 * 60_000

export function liveEvidence(source: Source, settings: Settings, probes: readonly string[], execsPerSecond: number): LiveEvidence {
  let api: Snapshot | undefined
  const takes = new Map<string, Map<string, Take>>(probes.map(probe => [probe, new Map()]))
  const started = new Date()
  return {
    api: snapshot => {
      api = snapshot
    },
    node: (node, at, ms, answers) => {
      for (const [probe, byNode] of takes) {
        const answer = answers.get(probe)
        if (answer) byNode.set(node, {at: at.toISOString(), ms, node, data: pack(answer, packAbove)})
        else byNode.delete(node)
      }
    },
    forget: nodes => {
      for (const byNode of takes.values()) for (const node of nodes) byNode.delete(node)
    },
    snapshot: () => {
      const nodesWanted = api?.nodesWanted ?? unknown('not-collected', 'the API was not asked yet')
      const isWanted = new Set(nodesWanted.known ? nodesWanted.value : [])
      const oldest = Date.now() - Math.max(longestMs, (3 * isWanted.size * 1_000) / execsPerSecond)
      const nodes = [...takes].map(
        ([probe, byNode]) => [probe, [...byNode.values()].filter(({node}) => isWanted.has(node!)).map(take => fresh(take, oldest))] as const,
      )
      const takenAt = api?.takenAt ?? started.toISOString()
      return {schema: 1, takenAt, durationMs: api?.durationMs ?? 0, source, settings, nodesWanted, evidence: {...api?.evidence, ...Object.fromEntries(nodes)}}
    },
  }
}

/** After a pause of an hour nobody may pass for what was said before it. */
function fresh(take: Take, oldest: number): Take {
  if (Date.parse(take.at) >= oldest) return take
  return {...take, data: unknown('not-collected', `this node was asked last at ${take.at}, too long ago`)}
}

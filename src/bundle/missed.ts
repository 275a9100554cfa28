import {withoutTypha} from '../calico/typha-service-name.ts'
import type {Snapshot, Take} from '../engine/snapshot.ts'
import type {Manifest, ManifestNodes, Missed} from './manifest.ts'

/** Which nodes were wanted, which answered, and why the others did not. */
export function nodesOf({nodesWanted, evidence}: Snapshot): ManifestNodes {
  if (!nodesWanted.known) return {wanted: null, got: [], missed: [{why: nodesWanted.why, detail: nodesWanted.detail}], partly: []}
  const takes = takesByNode(evidence)
  const answered = (node: string) => takes.get(node)?.some(([, {data}]) => data.known) ?? false
  const got = nodesWanted.value.filter(answered)
  return {
    wanted: nodesWanted.value,
    got,
    missed: nodesWanted.value.filter(node => !answered(node)).map(node => missedNode(node, takes.get(node)?.[0]?.[1])),
    partly: got.flatMap(node => takes.get(node)!.flatMap(([source, take]) => missedOf(take, {node, source}))),
  }
}

/** What the API has not is an answer, and a Typha that the cluster is not told to have is not missed; everything else that is missing is named. */
export function apiOf({evidence}: Snapshot): Manifest['api'] {
  const latest = Object.entries(evidence).map(([source, takes]) => [source, takes.at(-1)] as const)
  const missed = latest.flatMap(([source, take]) => (take && take.node === undefined ? missedOf(take, {source}) : []))
  return {missed: missed.filter(({why, detail}) => why !== 'absent' && detail !== withoutTypha)}
}

function missedNode(node: string, take: Take | undefined): Missed {
  return take && !take.data.known ? {node, why: take.data.why, detail: take.data.detail} : {node, why: 'not-collected', detail: 'this node was not asked'}
}

function missedOf({data}: Take, of: Pick<Missed, 'node' | 'source'>): Missed[] {
  return data.known ? [] : [{...of, why: data.why, detail: data.detail}]
}

function takesByNode(evidence: Snapshot['evidence']): Map<string, [source: string, take: Take][]> {
  const byNode = new Map<string, [string, Take][]>()
  for (const [source, takes] of Object.entries(evidence))
    for (const take of takes) if (take.node !== undefined) byNode.set(take.node, [...(byNode.get(take.node) ?? []), [source, take]])
  return byNode
}

import type {Collected, PerNode} from '../engine/collected.ts'
import {nodeList} from './node-list.ts'

/** One line a cause: on which nodes something was not seen. What is not there is an answer. */
export function unseenNodes(place: string, fact: Collected<PerNode<unknown>>): string[] {
  if (!fact.known) return [`${place} of the nodes was not seen (${fact.why})`]
  const missing = Object.entries(fact.value).flatMap(([node, part]) => (part.known || part.why === 'absent' ? [] : [{node, why: part.why}]))
  const lines = [...Map.groupBy(missing, ({why}) => why)].map(([why, of]) => `${place} was not seen on ${nodeList(of.map(({node}) => node))} (${why})`)
  return fact.partial === undefined ? lines : [...lines, `${place} was not seen on all nodes (${fact.partial})`]
}

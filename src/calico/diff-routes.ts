import type {FactTable} from '../engine/facts.ts'
import type {BgpSessionDetail} from './bgp-session.ts'
import type {Change, Compared} from './diff-model.ts'
import {comparePerNode, type Fields, joined, type Presence} from './diff-values.ts'

/** Routes that BIRD took in and gave out over BGP, node by node. Only `bundle collect --wide` asks for them. */
export function diffRoutes(a: FactTable, b: FactTable, present: Presence): Compared<Change> {
  const [inA, inB] = [
    [a.birdWideV4, a.birdWideV6],
    [b.birdWideV4, b.birdWideV6],
  ].map(facts => facts.some(wasAsked))
  if (!inA || !inB) {
    const side = inA ? 'B' : inB ? 'A' : 'both'
    return {changes: [], notComparable: [{what: 'routes', side, why: 'not-collected', detail: 'only bundle collect --wide counts them', nodes: []}]}
  }
  return joined(
    comparePerNode('IPv4 routes', [a.birdWideV4, b.birdWideV4], fieldsOf('IPv4'), present),
    comparePerNode('IPv6 routes', [a.birdWideV6, b.birdWideV6], fieldsOf('IPv6'), present),
  )
}

/** Asked of one node at least. */
const wasAsked = (fact: FactTable['birdWideV4'] | undefined) =>
  fact?.known ? Object.values(fact.value).some(answer => answer.known || answer.why !== 'not-collected') : fact !== undefined && fact.why !== 'not-collected'

function fieldsOf(family: string): (details: readonly BgpSessionDetail[]) => Fields {
  return details => {
    const counted = details.filter(({imported, exported}) => imported !== undefined && exported !== undefined)
    const sum = (count: (detail: BgpSessionDetail) => number | undefined) => String(counted.reduce((total, detail) => total + (count(detail) ?? 0), 0))
    return counted.length === 0
      ? new Map()
      : new Map([
          [`${family} routes imported`, sum(({imported}) => imported)],
          [`${family} routes exported`, sum(({exported}) => exported)],
        ])
  }
}

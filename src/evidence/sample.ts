/** Which nodes are asked for raw evidence, in the order to ask, and which are left out. */
export interface Sample {
  readonly asked: readonly string[]
  readonly leftOut: readonly string[]
}

/** How many nodes without signs of trouble are asked: one healthy node is worth a comparison, a thousand are not. */
export const defaultSample = 20

/**
 * Every sick node, then `count` of the others, evenly over their order, which for names of one pool is an even share of each pool. The same nodes give the same
 * sample, so that two bundles of one cluster can be compared.
 */
export function sampleOf(nodes: readonly string[], sick: readonly string[], count: number | 'all'): Sample {
  const known = new Set(sick)
  const others = nodes.filter(node => !known.has(node)).toSorted()
  const wanted = count === 'all' ? others.length : Math.min(count, others.length)
  const chosen = new Set(Array.from({length: wanted}, (_, index) => others[Math.floor(((index + 0.5) * others.length) / wanted)]!))
  return {asked: [...sick, ...chosen], leftOut: others.filter(node => !chosen.has(node))}
}

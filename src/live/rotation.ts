/** What is known of the rounds so far. Times are milliseconds of one clock. */
export interface Rotation {
  /** Nodes that are wanted, in any order. */
  readonly nodes: readonly string[]
  /** Those with signs of trouble, the gravest first. */
  readonly sick: readonly string[]
  /** When each was asked last; a node that is not in it never was. */
  readonly asked: ReadonlyMap<string, number>
  /** Asked and not yet answered: never asked a second time meanwhile. */
  readonly waiting: ReadonlySet<string>
  /** How many may be asked this round. */
  readonly budget: number
  /** Of these, how many may be sick ones: who does not answer holds its place for long, and there are so many places. */
  readonly budgetForSick?: number
}

/** A round never goes to the sick alone, or the healthy would turn sick unseen. */
const shareOfOthers = 0.25

/** Whom to ask this round: the sick every round, the others in turn, those first that were not asked for longest. */
export function nextNodes({nodes, sick, asked, waiting, budget, budgetForSick = budget}: Rotation): string[] {
  const isSick = new Set(sick)
  const free = (node: string) => !waiting.has(node)
  const oldest = (a: string, b: string) => (asked.get(a) ?? 0) - (asked.get(b) ?? 0)
  const wanted = new Set(nodes)
  const others = nodes.filter(node => free(node) && !isSick.has(node)).toSorted(oldest)
  const troubled = sick.filter(node => free(node) && wanted.has(node))
  const forOthers = Math.min(others.length, Math.max(Math.ceil(budget * shareOfOthers), budget - troubled.length))
  const forSick = Math.max(0, Math.min(budget - forOthers, budgetForSick))
  // More sick nodes than a round holds take turns, too.
  const chosenSick = troubled.length > forSick ? troubled.toSorted(oldest).slice(0, forSick) : troubled
  return [...chosenSick, ...others.slice(0, budget - chosenSick.length)]
}

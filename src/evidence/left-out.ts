/** Why something was never asked, or not kept. */
export type LeftOutWhy = 'sample' | 'size' | 'time' | 'node-time' | 'interrupted' | 'silent'
/** Evidence that is not in the bundle although there may be some: what, of which nodes, and why. */
export interface LeftOut {
  readonly why: LeftOutWhy
  /** One line for people. */
  readonly detail: string
  /** Nodes that lost all or some of their evidence by it. */
  readonly nodes: readonly string[]
  /** Tasks or files, named as in log.txt; empty: all of these nodes. */
  readonly what: readonly string[]
}

export interface LeftOutItem {
  readonly why: LeftOutWhy
  readonly detail: string
  readonly node?: string | undefined
  readonly what?: string
}

/** One entry a cause, in the order in which causes were met. */
export function groupLeftOut(items: readonly LeftOutItem[]): LeftOut[] {
  return [...Map.groupBy(items, ({why, detail}) => `${why}\0${detail}`).values()].map(group => ({
    why: group[0]!.why,
    detail: group[0]!.detail,
    nodes: [...new Set(group.flatMap(({node}) => node ?? []))],
    what: [...new Set(group.flatMap(({what}) => what ?? []))],
  }))
}

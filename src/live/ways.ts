import type {Collected} from '../engine/collected.ts'
import type {Cluster, NodeDoor} from '../engine/collector.ts'

/** The ways into a cluster that is looked at again and again. */
export interface LiveWays {
  /** The door for one collector: what it lists is kept up to date. */
  of(source: string): Cluster
  /** Pages that are asked for anew each time: metrics. */
  readonly cluster: Cluster
  /** undefined: `--exec none`. */
  readonly door: NodeDoor | undefined
  /** A question that any living API server answers at once. */
  heartbeat(): Promise<Collected<unknown>>
  /** The API server was away: nothing that is kept counts any more. */
  doubt(): void
  close(): void
}

import type {Cluster, ListOptions, Resource} from '../engine/collector.ts'
import type {Bounds} from './deadline.ts'
import {type FollowedList, followList} from './followed-list.ts'
import type {Wire} from './wire.ts'

/** Doors to a cluster whose lists are kept up to date by watches, so that looking again and again costs the API server next to nothing. */
export interface WatchingCluster {
  /**
   * The door for one collector. Its first list reads and begins to watch; each later one of the same resource and selectors gives what is there now, by the
   * first one's projection. All else is asked anew each time.
   */
  of(source: string): Cluster
  /** After the API server was away: every list is read anew. */
  doubt(): void
  close(): void
}

export function watchingCluster(cluster: Cluster, wire: Wire, bounds: Bounds): WatchingCluster {
  const lists = new Map<string, FollowedList<any>>()
  const follow = (source: string, resource: Resource, options: ListOptions<any>) => {
    const key = JSON.stringify([source, resource, options.labelSelector, options.fieldSelector])
    const list = lists.get(key) ?? followList(wire, resource, options, bounds)
    lists.set(key, list)
    return list.current()
  }
  const each = (act: (list: FollowedList<any>) => void) => [...lists.values()].forEach(act)
  return {
    of: source => ({...cluster, list: (resource, options) => follow(source, resource, options)}),
    doubt: () => each(list => list.doubt()),
    close: () => each(list => list.close()),
  }
}

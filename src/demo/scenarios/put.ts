import type {KubeObject} from '../cluster-state.ts'

/** By `resource.group`, as in ClusterState. */
export type Objects = Record<string, KubeObject[]>

export const put = (objects: Objects, resource: string, ...more: readonly KubeObject[]): void => {
  const list = (objects[resource] ??= [])
  // Not push(...more): 20,000 arguments are too many for one call.
  for (const object of more) list.push(object)
}

export function merge(...all: readonly Objects[]): Objects {
  const merged: Objects = {}
  for (const objects of all) for (const [resource, list] of Object.entries(objects)) put(merged, resource, ...list)
  return merged
}

import type {ClusterState, KubeObject} from './cluster-state.ts'

/** Which object: `nodes`, `ippools.crd.projectcalico.org`; the first of that name where no namespace is given. */
export interface Which {
  readonly resource: string
  readonly name: string
  readonly namespace?: string
}

/**
 * Puts a changed copy in an object's place, also while the server runs; objects of one kind share parts, so they must not be changed in place.
 * Throws RangeError when there is no such object.
 */
export function change(state: ClusterState, which: Which, edit: (object: any) => void): void {
  const {list, index} = find(state, which)
  const copy = structuredClone(list[index]!)
  edit(copy)
  copy.metadata.resourceVersion = nextVersion(state)
  list[index] = copy
}

export function remove(state: ClusterState, which: Which): void {
  const {list, index} = find(state, which)
  list.splice(index, 1)
  state.forgottenBefore = Number(nextVersion(state))
}

function nextVersion(state: ClusterState): string {
  state.resourceVersion = String(Number(state.resourceVersion) + 1)
  return state.resourceVersion
}

function find(state: ClusterState, {resource, name, namespace}: Which): {list: KubeObject[]; index: number} {
  const list = state.objects[resource] ?? []
  const index = list.findIndex(({metadata}) => metadata.name === name && (namespace === undefined || metadata.namespace === namespace))
  if (index < 0) throw new RangeError(`the simulated cluster has no ${resource} ${namespace === undefined ? '' : `${namespace}/`}${name}`)
  return {list, index}
}

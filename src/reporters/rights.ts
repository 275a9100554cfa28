import type {Access} from '../engine/collector.ts'
import {calicoNamespace} from '../engine/plan.ts'

/** `list ippools.crd.projectcalico.org`, `get, create pods/exec in Calico's namespace`: one line a resource. */
export function rightsLines(rights: readonly Access[]): string[] {
  const byResource = Map.groupBy(rights, resourceText)
  return [...byResource].map(([resource, access]) => `${[...new Set(access.map(({verb}) => verb))].join(', ')} ${resource}`)
}

function resourceText({group, resource, subresource, namespace, name}: Access): string {
  const full = `${resource}${subresource === undefined ? '' : `/${subresource}`}${group === '' ? '' : `.${group}`}`
  const place = namespace === calicoNamespace ? "Calico's namespace" : namespace === undefined ? undefined : `namespace ${namespace}`
  return [full, ...(name === undefined ? [] : [name]), ...(place === undefined ? [] : [`in ${place}`])].join(' ')
}

import {matchesLabels} from '../../src/calico/label-selector.ts'
import {type Collected, known, type Unknown, unknown} from '../../src/engine/collected.ts'
import type {Cluster, ListOptions, Resource} from '../../src/engine/collector.ts'

/** Objects by API path; an `Unknown` is what this path answers instead. Everything else is 404. */
export type Paths = Readonly<Record<string, unknown>>
export interface FakeCluster extends Cluster {
  /** Every path that was asked for, in order. */
  readonly asked: readonly string[]
}

export function fakeCluster(paths: Paths): FakeCluster {
  const asked: string[] = []
  const answer = (path: string): Collected<any> => {
    asked.push(path)
    const found = paths[path]
    if (found === undefined) return unknown('absent', `404 ${path}`)
    return isUnknown(found) ? found : known(structuredClone(found))
  }
  return {
    asked,
    get: async path => answer(path),
    list: async (resource, options) => listed(answer(pathOf(resource)), options),
    can: async () => known(true),
    text: async path => textOf(answer(path)),
    exec: async () => unknown('unreachable', 'no exec here'),
  }
}

const textOf = (answer: Collected<unknown>): Collected<string> => (answer.known ? known(String(answer.value)) : answer)

export const forbidden = (what: string): Unknown => unknown('forbidden', `403 ${what}`)

function listed<T>(answer: Collected<readonly unknown[]>, {labelSelector = '', project}: ListOptions<T>): Collected<T[]> {
  if (!answer.known) return answer
  return known(
    answer.value
      .filter(item => matchesLabels(labelsOf(item), labelSelector))
      .map(project)
      .filter(item => item !== undefined),
  )
}

const labelsOf = (item: any): Record<string, string> => item?.metadata?.labels ?? {}
const isUnknown = (found: unknown): found is Unknown => typeof found === 'object' && found !== null && 'known' in found

function pathOf({group, version, resource, namespace}: Resource): string {
  const root = group === '' ? `/api/${version}` : `/apis/${group}/${version}`
  return namespace === undefined ? `${root}/${resource}` : `${root}/namespaces/${namespace}/${resource}`
}

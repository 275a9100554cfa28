import {type Unknown, unknown} from '../engine/collected.ts'
import type {Access, Cluster} from '../engine/collector.ts'
import {calicoNamespace} from '../engine/plan.ts'

/** What metrics pages need. */
export const proxyAccess: Access = {verb: 'get', group: '', resource: 'pods', subresource: 'proxy', namespace: calicoNamespace}

/** Asked once for each namespace before a thousand pods are: the refusal, where there is one. Where the question itself fails, the pages tell. */
export async function proxyRefusals(cluster: Cluster, namespaces: readonly string[]): Promise<ReadonlyMap<string, Unknown>> {
  const asked = [...new Set(namespaces)].map(async namespace => {
    const may = await cluster.can({...proxyAccess, namespace})
    return may.known && !may.value
      ? [[namespace, unknown('forbidden', `no right to read metrics of pods of ${namespace} (pods/proxy, verb get)`)] as const]
      : []
  })
  return new Map((await Promise.all(asked)).flat())
}

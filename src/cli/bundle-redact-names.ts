import {type Harvest, harvestFields} from '../bundle/anonymize-harvest.ts'
import type {Cluster} from '../engine/collector.ts'

/** Adds names to those that a bundle tells. */
export type MoreNames = (harvest: Harvest) => void

interface Named {
  readonly namespace?: string
  readonly pod?: string
  readonly node?: string
}

/**
 * Every namespace and pod of the cluster, for logs name pods of which no resource of Calico's tells. Of what may not be listed only what the bundle itself tells
 * is known; `unseen` says why.
 */
export async function namesInCluster(cluster: Cluster): Promise<{readonly more: MoreNames; readonly unseen: readonly string[]}> {
  const [pods, namespaces] = await Promise.all([
    cluster.list({group: '', version: 'v1', resource: 'pods'}, {project: podNames}),
    cluster.list({group: '', version: 'v1', resource: 'namespaces'}, {project: (item): Named => ({namespace: item?.metadata?.name})}),
  ])
  const seen = [pods, namespaces].flatMap(collected => (collected.known ? collected.value : []))
  const unseen = [pods, namespaces].flatMap((collected, index) => (collected.known ? [] : [`${index === 0 ? 'pods' : 'namespaces'} (${collected.why})`]))
  return {more: harvest => harvestFields(seen, harvest), unseen}
}

const podNames = (item: any): Named => ({namespace: item?.metadata?.namespace, pod: item?.metadata?.name, node: item?.spec?.nodeName})

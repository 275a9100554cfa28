import {typhaTarget} from '../../calico/metrics-target.ts'
import type {TyphaMetrics} from '../../calico/typha-metrics.ts'
import {type Collected, known, unknown} from '../../engine/collected.ts'
import {defineCollector} from '../../engine/collector.ts'
import type {PodMetrics} from '../../engine/facts.ts'
import {askPage, readPage, typhaPage} from '../ask-metrics.ts'
import {atMost} from '../at-most.ts'
import {optional} from '../fields.ts'
import {proxyAccess, proxyRefusals} from '../proxy-right.ts'

interface PodPage extends Omit<PodMetrics<never>, 'metrics'> {
  /** ISO 8601, our clock. */
  readonly at: string
  readonly page: Collected<string>
}

const atOnce = 4

export default defineCollector({
  source: 'typha-metrics',
  access: [proxyAccess],
  after: ['calicoPods', 'calicoDeployments', 'calicoConfig'],
  async collect(cluster, {calicoPods, calicoDeployments, calicoConfig}): Promise<Collected<PodPage[]>> {
    if (!calicoPods.known) return calicoPods
    const pods = calicoPods.value.filter(({app, phase}) => app === 'calico-typha' && phase !== 'Succeeded' && phase !== 'Failed')
    if (pods.length === 0)
      return calicoPods.partial === undefined ? unknown('absent', 'no Typha runs here') : unknown('failed', `no Typha was seen: ${calicoPods.partial}`)
    const targets = pods.map(pod => ({pod, target: typhaTarget(pod, calicoDeployments, calicoConfig)}))
    const off = targets.find(({target}) => !target.known && target.why === 'absent')
    if (off && targets.every(({target}) => !target.known && target.why === 'absent')) return off.target as Collected<never>
    const refusals = await proxyRefusals(
      cluster,
      targets.flatMap(({target}) => (target.known ? target.value.namespace : [])),
    )
    const pages = await atMost(atOnce, targets, async ({pod: {namespace, name, node}, target}) => {
      const page = target.known ? (refusals.get(namespace) ?? (await askPage(cluster, target.value, typhaPage))) : target
      return {namespace, pod: name, ...optional('node', node), at: new Date().toISOString(), page}
    })
    return known(pages, calicoPods.partial)
  },
  facts: {
    typhaMetrics: (pages: readonly PodPage[]): PodMetrics<TyphaMetrics>[] =>
      pages.map(({namespace, pod, node, page}) => ({namespace, pod, ...optional('node', node), metrics: readPage(page, typhaPage)})),
  },
})

import type {FelixMetrics} from '../../calico/felix-metrics.ts'
import {felixTarget, type MetricsTarget} from '../../calico/metrics-target.ts'
import {type Collected, known, type PerNode} from '../../engine/collected.ts'
import {type Cluster, defineCollector, type Limits} from '../../engine/collector.ts'
import {askPage, felixPage, metricsLimits, readPage} from '../ask-metrics.ts'
import {atMost} from '../at-most.ts'
import {proxyAccess, proxyRefusals} from '../proxy-right.ts'

interface NodePage {
  readonly node: string
  /** ISO 8601, our clock. */
  readonly at: string
  readonly page: Collected<string>
}
interface Wanted {
  readonly node: string
  readonly target: Collected<MetricsTarget>
  readonly limits: Limits
}

/** Fewer than the connections that there are, so that what else is asked finds one. */
const atOnce = 12
/** A node whose kubelet is silent is hardly reached: two hundred of them must not cost minutes. */
const silentMs = 2_000

/** Felix's own numbers of every node, where they are switched on. */
export default defineCollector({
  source: 'felix-metrics',
  access: [proxyAccess],
  after: ['kubeNodes', 'calicoPods', 'nodeEnv', 'felixConfigurations', 'install'],
  async collect(cluster, facts, asking): Promise<Collected<NodePage[]>> {
    const nodes = asking.nodes()
    if (!nodes.known) return nodes
    const ready = new Set(facts.kubeNodes.known ? facts.kubeNodes.value.filter(node => node.ready === 'True').map(({name}) => name) : [])
    const isSilent = (node: string) => facts.kubeNodes.known && !ready.has(node)
    const wanted = nodes.value.map(node => ({
      node: node.name,
      target: felixTarget(node, facts),
      limits: isSilent(node.name) ? {...metricsLimits, timeoutMs: silentMs} : metricsLimits,
    }))
    return known(await pagesOf(cluster, wanted), nodes.partial)
  },
  facts: {
    felixMetrics: (pages: readonly NodePage[]): PerNode<FelixMetrics> => Object.fromEntries(pages.map(({node, page}) => [node, readPage(page, felixPage)])),
  },
})

async function pagesOf(cluster: Cluster, wanted: readonly Wanted[]): Promise<NodePage[]> {
  const refusals = await proxyRefusals(
    cluster,
    wanted.flatMap(({target}) => (target.known ? target.value.namespace : [])),
  )
  return atMost(atOnce, wanted, async ({node, target, limits}) => {
    const at = new Date().toISOString()
    if (!target.known) return {node, at, page: target}
    return {node, at, page: refusals.get(target.value.namespace) ?? (await askPage(cluster, target.value, felixPage, limits))}
  })
}

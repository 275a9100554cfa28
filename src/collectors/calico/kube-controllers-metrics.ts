import type {CalicoPod} from '../../calico/kubernetes.ts'
import {controllersTarget} from '../../calico/metrics-target.ts'
import {type Collected, unknown} from '../../engine/collected.ts'
import {defineCollector} from '../../engine/collector.ts'
import {askPage, controllersPage, readPage} from '../ask-metrics.ts'
import {proxyAccess, proxyRefusals} from '../proxy-right.ts'

/** There is one replica; while it is replaced, the one that runs. */
export default defineCollector({
  source: 'kube-controllers-metrics',
  access: [proxyAccess],
  after: ['calicoPods', 'kubeControllersMetricsPort'],
  async collect(cluster, {calicoPods, kubeControllersMetricsPort: port}): Promise<Collected<string>> {
    if (!calicoPods.known) return calicoPods
    const pod = running(calicoPods.value.filter(({app}) => app === 'calico-kube-controllers'))
    if (!pod)
      return unknown(
        calicoPods.partial === undefined ? 'absent' : 'failed',
        `no kube-controllers pod${calicoPods.partial === undefined ? '' : ` was seen: ${calicoPods.partial}`}`,
      )
    const target = controllersTarget(pod, port.known ? port.value : undefined)
    if (!target.known) return target
    const refusals = await proxyRefusals(cluster, [pod.namespace])
    const unseen = port.known || port.why === 'absent' ? {} : {doubt: `whether its metrics are switched on was not seen (${port.why})`}
    return refusals.get(pod.namespace) ?? askPage(cluster, {...target.value, ...unseen}, controllersPage)
  },
  facts: {kubeControllersMetrics: (page: string) => readPage({known: true, value: page}, controllersPage)},
})

const running = (pods: readonly CalicoPod[]) => pods.find(({phase, terminating}) => phase === 'Running' && !terminating) ?? pods[0]

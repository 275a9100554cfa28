import {describe, expect, test} from 'vitest'
import {readFelixMetrics} from '../../src/calico/felix-metrics.ts'
import {readKubeControllersMetrics} from '../../src/calico/kube-controllers-metrics.ts'
import {changeBetween} from '../../src/calico/metrics-rate.ts'
import {readTyphaMetrics} from '../../src/calico/typha-metrics.ts'
import {type ClusterState, scenario} from '../../src/demo/index.ts'
import {metricsPageOf} from '../../src/demo/metrics-pages.ts'

const podsOf = ({objects}: ClusterState, app: string) => objects.pods!.filter(({metadata}) => metadata.labels?.['k8s-app'] === app)
const felixOf = (state: ClusterState, node: string, seconds = 0) => {
  const pod = podsOf(state, 'calico-node').find(({spec}) => (spec as {nodeName?: string}).nodeName === node)!
  return readFelixMetrics(metricsPageOf(state, pod, 9091, seconds)!)!
}

describe('the incident', () => {
  const state = scenario('incident')
  test('has a Felix that waits for the datastore, and knows nothing of the cluster', () => {
    expect(felixOf(state, 'worker-05').gauges).toMatchObject({resyncState: 1, endpoints: 0, clusterHosts: 0})
    expect(felixOf(state, 'worker-01').gauges).toMatchObject({resyncState: 3, clusterHosts: 12})
  })
  test('has one that writes iptables where the kernel is too old for eBPF', () => {
    expect(felixOf(state, 'worker-04').gauges).toHaveProperty('iptablesRules')
    expect(felixOf(state, 'worker-01').gauges).toMatchObject({bpfDirtyEndpoints: 0, bpfHappyEndpoints: expect.any(Number)})
  })
  test('counts on: nothing shrinks, and updates take as long as the quantiles say', () => {
    for (const node of Object.keys(state.nodes).filter(name => name !== 'worker-05')) {
      for (let at = 0; at < 300; at += 20) {
        const change = changeBetween({at, metrics: felixOf(state, node, at)}, {at: at + 20_000, metrics: felixOf(state, node, at + 20)})!
        expect(change.restarted).toBe(false)
        expect(Object.values(change.increase).every(value => value >= 0)).toBe(true)
        const median = felixOf(state, node, at + 10).summaries.applyTime!.quantiles['0.5']!
        expect(change.mean.applyTime! / median).toBeGreaterThan(0.7)
        expect(change.mean.applyTime! / median).toBeLessThan(1.3)
      }
    }
  })
  test('has every node at a Typha, three times', () => {
    const connections = podsOf(state, 'calico-typha').map(pod => readTyphaMetrics(metricsPageOf(state, pod, 9093)!)!.gauges.connections!)
    expect(connections.reduce((sum, count) => sum + count, 0)).toBe(36)
  })
})

test('kube-controllers and the blocks say the same', () => {
  const state = scenario('healthy', {nodes: 4})
  const {gauges, pools} = readKubeControllersMetrics(metricsPageOf(state, podsOf(state, 'calico-kube-controllers')[0]!, 9094)!)!
  const networked = state.objects.pods!.filter(({spec}) => (spec as {hostNetwork?: boolean}).hostNetwork !== true)
  expect(gauges).toMatchObject({allocations: networked.length, gcCandidates: 0})
  expect(pools).toMatchObject([{name: 'default-ipv4-ippool', size: 65_536}])
})

import {expect, test} from 'vitest'
import type {NodeEnv} from '../../src/calico/cluster.ts'
import type {CalicoPod} from '../../src/calico/kubernetes.ts'
import {known, unknown} from '../../src/engine/collected.ts'
import {type MetricsFacts, metricsOf, metricsOff, servesMetrics} from '../../src/evidence/api-metrics.ts'

const pod = (app: string, node?: string): CalicoPod => ({
  ...{namespace: 'kube-system', name: `${app}-${node}`, app, phase: 'Running', ready: true, hostNetwork: true},
  ...{terminating: false, containers: [], ...(node !== undefined && {node})},
})
const unseen = unknown('forbidden')
const none: MetricsFacts = {
  ...{nodeEnv: known<NodeEnv>({}), felixConfigurations: known([]), install: unseen, calicoDeployments: unseen, calicoConfig: unseen},
  kubeControllersMetricsPort: known(0),
}
const felix = [pod('calico-node', 'a'), pod('canal', 'b')]

test('what is switched off is said once for all pods, with what switches it on', () => {
  const off = metricsOff([...felix, pod('calico-node'), pod('calico-kube-controllers', 'a'), pod('goldmane', 'a')], none)
  expect(off.map(one => ('missed' in one ? `${one.missed.source}: ${one.missed.why}, ${one.missed.detail}` : ''))).toEqual([
    "metrics of Felix (2 pods): absent, Felix's metrics are off (the default); prometheusMetricsEnabled: true in FelixConfiguration default switches them on",
    expect.stringMatching(/^metrics of kube-controllers \(1 pods\): absent, .*prometheusMetricsPort/),
  ])
})

test('what was not seen is not called off: it is asked', () => {
  const doubtful = {...none, felixConfigurations: unseen, kubeControllersMetricsPort: unseen}
  expect(metricsOff(felix, doubtful)).toEqual([])
  expect(metricsOf(felix[0]!, doubtful)).toMatchObject({known: true, value: {port: 9091, doubt: expect.stringContaining('was not seen')}})
})

test('nobody asks a pod that nobody scheduled, nor one that serves no metrics', () => {
  const on = {...none, felixConfigurations: known([{name: 'default', spec: {prometheusMetricsEnabled: true, prometheusMetricsPort: 9081}}])}
  expect([pod('calico-node'), pod('goldmane', 'a')].map(one => metricsOf(one, on))).toEqual([undefined, undefined])
  expect(servesMetrics(felix[0]!, on)).toBe(true)
  expect(metricsOf(felix[0]!, on)).toMatchObject({value: {pod: 'calico-node-a', port: 9081}})
})

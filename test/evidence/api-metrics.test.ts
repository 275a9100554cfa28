import {expect, test} from 'vitest'
import type {NodeEnv} from '../../src/calico/cluster.ts'
import type {Container, Workload} from '../../src/calico/kubernetes.ts'
import {known, unknown} from '../../src/engine/collected.ts'
import {metricsPlace} from '../../src/evidence/api-metrics.ts'

const felix = {app: 'calico-node', node: 'a'}
const none = {nodeEnv: known<NodeEnv>({}), felixConfigurations: known([]), calicoDeployments: known([])}
const configured = (name: string, spec: Readonly<Record<string, unknown>>) => ({...none, felixConfigurations: known([{name, spec}])})
const env = (values: Readonly<Record<string, string>>): NodeEnv =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, {value, source: 'DaemonSet kube-system/calico-node'}]))

test('Felix serves metrics only when it is told to, by its environment before its configuration', () => {
  expect(metricsPlace(felix, none)).toEqual({why: 'absent', detail: 'Felix serves no metrics: prometheusMetricsEnabled is off unless it is set'})
  expect(metricsPlace(felix, configured('default', {prometheusMetricsEnabled: true}))).toEqual({port: 9091})
  expect(metricsPlace(felix, configured('node.a', {prometheusMetricsEnabled: true, prometheusMetricsPort: 9081}))).toEqual({port: 9081})
  expect(metricsPlace(felix, configured('node.b', {prometheusMetricsEnabled: true}))).toMatchObject({why: 'absent'})
  const both = {...configured('default', {prometheusMetricsEnabled: true}), nodeEnv: known(env({FELIX_PROMETHEUSMETRICSENABLED: 'false'}))}
  expect(metricsPlace(felix, both)).toEqual({
    why: 'absent',
    detail: 'Felix serves no metrics: env FELIX_PROMETHEUSMETRICSENABLED (DaemonSet kube-system/calico-node) is false',
  })
  const operators = {...none, nodeEnv: known(env({FELIX_PROMETHEUSMETRICSENABLED: 'true', FELIX_PROMETHEUSMETRICSPORT: '9090'}))}
  expect(metricsPlace(felix, operators)).toEqual({port: 9090})
})

test('what was not seen is not called off', () => {
  expect(metricsPlace(felix, {...none, felixConfigurations: unknown('forbidden')})).toMatchObject({why: 'not-collected'})
  expect(metricsPlace({app: 'calico-typha', node: 'a'}, {...none, calicoDeployments: unknown('timeout')})).toMatchObject({why: 'not-collected'})
})

test('Typha by the environment of its Deployment', () => {
  const container = (values: Readonly<Record<string, string>>): Container => ({
    name: 'calico-typha',
    image: '',
    command: [],
    env: Object.entries(values).map(([name, value]) => ({name, value})),
    envFrom: [],
    limits: {},
  })
  const workload = (values: Readonly<Record<string, string>>): Workload => ({
    kind: 'Deployment',
    namespace: 'kube-system',
    name: 'calico-typha',
    labels: {},
    annotations: {},
    podLabels: {},
    owners: [],
    nodeSelector: {},
    hostNetwork: true,
    initContainers: [],
    containers: [container(values)],
    desired: 1,
    updated: 1,
    ready: 1,
  })
  const place = (values: Readonly<Record<string, string>>) =>
    metricsPlace({app: 'calico-typha', node: 'a'}, {...none, calicoDeployments: known([workload(values)])})
  expect(place({TYPHA_PROMETHEUSMETRICSENABLED: 'true'})).toEqual({port: 9093})
  expect(place({TYPHA_PROMETHEUSMETRICSENABLED: 'true', TYPHA_PROMETHEUSMETRICSPORT: '9193'})).toEqual({port: 9193})
  expect(place({})).toMatchObject({why: 'absent'})
})

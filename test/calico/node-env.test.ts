import fc from 'fast-check'
import {expect, test} from 'vitest'
import type {Container, Workload} from '../../src/calico/kubernetes.ts'
import {envOf, felixBoolean} from '../../src/calico/node-env.ts'
import {known, unknown} from '../../src/engine/collected.ts'

const workload: Workload = {
  kind: 'DaemonSet',
  namespace: 'kube-system',
  name: 'calico-node',
  labels: {},
  annotations: {},
  podLabels: {},
  owners: [],
  nodeSelector: {},
  hostNetwork: true,
  initContainers: [],
  containers: [],
  desired: 1,
  updated: 1,
  ready: 1,
}
const container = (env: Container['env']): Container => ({name: 'calico-node', image: '', command: [], env, envFrom: [], limits: {}})
const configMap = known({namespace: 'kube-system', name: 'calico-config', data: {veth_mtu: '1440'}})
const read = (env: Container['env'], config: Parameters<typeof envOf>[2] = configMap) => ({...envOf(workload, container(env), config)})

test('values, keys, and what is known on the node only', () => {
  const from = (name: string, key: string) => ({name, key})
  expect(
    read([
      {name: 'IP', value: 'autodetect'},
      {name: 'CNI_MTU', configMap: from('calico-config', 'veth_mtu')},
      {name: 'GONE', configMap: from('calico-config', 'gone')},
      {name: 'ELSEWHERE', configMap: from('other', 'key')},
      {name: 'NODENAME', other: 'fieldRef spec.nodeName'},
    ]),
  ).toEqual({
    IP: {value: 'autodetect', source: 'DaemonSet kube-system/calico-node'},
    CNI_MTU: {value: '1440', source: 'ConfigMap kube-system/calico-config key veth_mtu'},
    GONE: {source: 'ConfigMap kube-system/calico-config key gone', unresolved: 'the ConfigMap has no key gone'},
    ELSEWHERE: {source: 'ConfigMap kube-system/other key key', unresolved: 'this ConfigMap was not read'},
    NODENAME: {source: 'DaemonSet kube-system/calico-node', unresolved: 'fieldRef spec.nodeName'},
  })
})
test('a ConfigMap that was not seen leaves its cause', () => {
  const env = read([{name: 'CNI_MTU', configMap: {name: 'calico-config', key: 'veth_mtu'}}], unknown('timeout', '15 s'))
  expect(env.CNI_MTU).toMatchObject({unresolved: 'timeout: 15 s'})
})
test('variables further up are filled in, the last of two of one name counts', () => {
  const env = read([
    {name: 'HOST', value: '10.0.0.5'},
    {name: 'IP_AUTODETECTION_METHOD', value: 'can-reach=$(HOST)'},
    {name: 'LATER', value: '$(AFTER)'},
    {name: 'AFTER', value: 'x'},
    {name: 'HOST', value: '10.0.0.6'},
  ])
  expect([env.IP_AUTODETECTION_METHOD?.value, env.LATER?.value, env.HOST?.value]).toEqual(['can-reach=10.0.0.5', '$(AFTER)', '10.0.0.6'])
})
test('variables that double each other stay as they are written', () => {
  const doubling = Array.from({length: 40}, (_, index) => ({name: `A${index + 1}`, value: `$(A${index})`.repeat(2)}))
  const env = read([{name: 'A0', value: 'x'}, ...doubling, {name: 'WIDE', value: '$(A16)'.repeat(100_000)}])
  expect(env.A3?.value).toBe('xxxxxxxx')
  expect(Object.values(env).every(({value = ''}) => value.length <= 600_000)).toBe(true)
  expect(env.WIDE?.value).toHaveLength(600_000)
})
test('names that JavaScript knows are names like others', () => {
  const env = envOf(workload, container([{name: '__proto__', value: 'x'}]), configMap)
  expect(env.toString).toBeUndefined()
  // biome-ignore lint/suspicious/noProto: it is an own property here, which is the point
  expect(env.__proto__).toMatchObject({value: 'x'})
})
test('Felix’s booleans', () => {
  expect(['True', '1', 'YES', 'f', 'n', 'on', '', undefined].map(felixBoolean)).toEqual([true, true, true, false, false, undefined, undefined, undefined])
})
test('no variable makes it throw', () => {
  const text = fc.string({unit: 'binary'})
  const variable = fc.record({name: text, value: text, configMap: fc.record({name: text, key: text}), other: text}, {requiredKeys: ['name']})
  fc.assert(fc.property(fc.array(variable), env => void envOf(workload, container(env), configMap)))
})

import fc from 'fast-check'
import {describe, expect, test} from 'vitest'
import {ebpfAsked} from '../../src/calico/ebpf-asked.ts'
import {kernelGrade, switchAnswer} from '../../src/calico/ebpf-kernels.ts'
import {ebpfOff} from '../../src/calico/ebpf-off.ts'
import kernel from '../../src/checks/ebpf/kernel.ts'
import {exampleNode, manifestInstall, operatorInstall} from '../../src/checks/example-cluster.ts'
import {known, unknown} from '../../src/engine/collected.ts'
import {examine} from '../../src/engine/examine.ts'

const old = exampleNode('old', 9, {kernelVersion: '4.15.0-213-generic'})
const iptables = {kind: 'iptables', source: 'default'} as const
const verdictOf = (facts: object) => examine(kernel, {felixConfigurations: known([]), install: manifestInstall, ...facts} as never)

describe('where eBPF is not asked for, whether it could be', () => {
  test('all kernels', () =>
    expect(verdictOf({nodes: known([exampleNode('a', 1), exampleNode('b', 2)]), dataplane: known(iptables)})).toMatchObject({
      status: 'not-applicable',
      reason: 'eBPF is not asked for (dataplane iptables); all 2 kernels would support it',
    }))
  test('some', () =>
    expect(verdictOf({nodes: known([exampleNode('a', 1), old, exampleNode('c', 3, {kernelVersion: '5.4.0'})]), dataplane: known(iptables)})).toMatchObject({
      reason: 'eBPF is not asked for (dataplane iptables); too old for it: node old; older than Calico asks for it (5.10): node c',
    }))
  test('one', () => expect(switchAnswer([exampleNode('a', 1)])).toBe('its one kernel would support it'))
})

describe('what was not seen', () => {
  test('a setting that was not seen whole is not taken for off', () =>
    expect(verdictOf({nodes: known([old]), dataplane: known(iptables, 'FelixConfiguration was not seen (forbidden)')})).toMatchObject({
      status: 'unknown',
      reasons: ['whether eBPF is asked for was seen in part: FelixConfiguration was not seen (forbidden)'],
    }))
  test('an unseen setting is no matter where every kernel would do', () =>
    expect(verdictOf({nodes: known([exampleNode('a', 1)]), dataplane: unknown('forbidden', '403')})).toMatchObject({status: 'pass'}))
  test('a kernel that is not understood names its node', () =>
    expect(verdictOf({nodes: known([exampleNode('odd', 1, {kernelVersion: 'custom'})]), dataplane: known({kind: 'ebpf', source: 'default'})})).toMatchObject({
      status: 'unknown',
      reasons: ['the kernel version that the API gives is not understood: node odd'],
    }))
  test('two resources that disagree about a node', () =>
    expect(
      verdictOf({
        nodes: known([old]),
        dataplane: known(iptables),
        felixConfigurations: known([
          {name: 'on', spec: {nodeSelector: 'all()', bpfEnabled: true}},
          {name: 'off', spec: {nodeSelector: 'all()', bpfEnabled: false}},
        ]),
      }),
    ).toMatchObject({
      status: 'unknown',
      reasons: ['whether FelixConfiguration on bpfEnabled, FelixConfiguration off bpfEnabled counts cannot be told: node old'],
    }))
})

describe('what asks for it', () => {
  const resources = [{name: 'gpu', spec: {nodeSelector: 'has(gpu)', bpfEnabled: true}}]
  test('a selector that chooses the node', () =>
    expect(ebpfAsked(exampleNode('a', 1, {labels: {gpu: ''}}), iptables, resources)).toEqual({on: true, source: 'FelixConfiguration gpu bpfEnabled'}))
  test('a selector that does not', () => expect(ebpfAsked(old, iptables, resources)).toEqual({on: false, source: 'default'}))
  test('a selector in no words of Calico', () =>
    expect(ebpfAsked(old, iptables, [{name: 'x', spec: {nodeSelector: '((', bpfEnabled: true}}]).on).toBeUndefined())
  test('the environment beats them all', () =>
    expect(ebpfAsked(exampleNode('a', 1, {labels: {gpu: ''}}), {kind: 'iptables', source: 'env FELIX_BPFENABLED'}, resources).on).toBe(false))
})

describe('how to take it off', () => {
  test('at the environment, where nobody writes it again', () =>
    expect(ebpfOff('env FELIX_BPFENABLED', manifestInstall).command).toBe(
      'kubectl -n kube-system set env daemonset/calico-node -c calico-node FELIX_BPFENABLED-',
    ))
  test("at the node's own resource", () =>
    expect(ebpfOff('FelixConfiguration node.a bpfEnabled', operatorInstall).command).toBe(
      `calicoctl patch felixconfiguration node.a -p '{"spec":{"bpfEnabled":false}}'`,
    ))
  test("at the operator's field", () =>
    expect(ebpfOff('FelixConfiguration default bpfEnabled', operatorInstall).command).toContain('"linuxDataplane":"Iptables"'))
})

test('any text is a kernel or none', () =>
  fc.assert(
    fc.property(fc.string({unit: 'binary'}), fc.string({unit: 'binary'}), (kernelVersion, osImage) => {
      expect(['supported', 'undocumented', 'tooOld', 'unread']).toContain(kernelGrade({kernelVersion, osImage, architecture: 'amd64'}))
    }),
  ))

import fc from 'fast-check'
import {describe, expect, test} from 'vitest'
import {onAzure} from '../../src/calico/azure.ts'
import {exampleNode} from '../../src/checks/example-cluster.ts'
import {readChassisTag} from '../../src/collectors/node/chassis-tag.ts'
import {known, unknown} from '../../src/engine/collected.ts'

const read = (stdout: string, exit = 0, stderr = '') => readChassisTag({stdout, exit, stderr})

test('a chassis tag is had as it is', () =>
  expect(read('7783-7084-3265-9085-8269-3286-77\n')).toEqual({known: true, value: '7783-7084-3265-9085-8269-3286-77'}))
test('a machine without DMI has none', () => {
  expect(read('', 1, 'cat: /sys/class/dmi/id/chassis_asset_tag: No such file or directory\n')).toMatchObject({why: 'absent'})
  expect(read('', 1, 'cat: /sys/class/dmi/id/chassis_asset_tag: No such device\n')).toMatchObject({why: 'absent'})
})
test('a refusal is not absence', () => expect(read('', 1, 'cat: Permission denied')).toMatchObject({why: 'failed'}))
test('never throws', () => fc.assert(fc.property(fc.string(), fc.string(), (stdout, stderr) => void read(stdout, 1, stderr))))

describe('is a node on Azure?', () => {
  const tag = known('7783-7084-3265-9085-8269-3286-77')
  const unseen = unknown('forbidden', '403')
  const label = (labels: Readonly<Record<string, string>>) => ({labels})
  test.each([
    ['providerID', {providerId: 'azure:///subscriptions/1'}, unseen, true],
    ['upper case', {providerId: 'Azure:///subscriptions/1'}, unseen, true],
    ['another cloud, whatever its labels', {providerId: 'aws:///a/i-1', labels: {'node.kubernetes.io/instance-type': 'Standard_D2'}}, unseen, false],
    ['AKS label', label({'kubernetes.azure.com/agentpool': 'np1'}), unseen, true],
    ['machine type', label({'node.kubernetes.io/instance-type': 'Standard_B2ms'}), unseen, true],
    ["somebody else's machine type", label({'node.kubernetes.io/instance-type': 'Standard_large'}), unknown('absent', ''), false],
    ['zone', label({'topology.kubernetes.io/zone': 'westeurope-1'}), unseen, true],
    ['zone of the same shape elsewhere', label({'topology.kubernetes.io/zone': 'rack-1'}), known('x'), false],
    ['chassis tag', {}, tag, true],
    ['chassis tag under k3s', {providerId: 'k3s://a'}, tag, true],
    ['another chassis tag', {}, known(''), false],
    ['no DMI', {}, unknown('absent', ''), false],
    ['nothing seen', {}, unseen, undefined],
    ['nothing seen under rke2', {providerId: 'rke2://a'}, unseen, undefined],
  ] as const)('%s', (_name, node, chassis, expected) => expect(onAzure(exampleNode('a', 1, node), chassis).azure).toBe(expected))
})

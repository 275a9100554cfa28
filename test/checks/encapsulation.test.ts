import {describe, expect, test} from 'vitest'
import backend from '../../src/checks/encapsulation/backend.ts'
import ipipOnAzure from '../../src/checks/encapsulation/ipip-on-azure.ts'
import {exampleNode} from '../../src/checks/example-cluster.ts'
import {known, unknown} from '../../src/engine/collected.ts'
import {examined} from './examined.ts'

describe('encapsulation/backend', () => {
  const {'IPIP without BIRD': broken, 'no encapsulation without BIRD': bare, 'the version was not seen: cannot be told': unseen} = backend.examples

  test("names the owner's knob and the way without BIRD", () => {
    const [finding] = examined(backend, {...broken!.given}).findings
    expect(finding?.fix.map(({command}) => command)).toEqual([
      expect.stringContaining('"calico_backend":"bird"'),
      expect.stringContaining('"vxlanMode":"Always"'),
    ])
  })
  test('the version decides: not seen, not passed', () => {
    expect(examined(backend, {...unseen!.given})).toMatchObject({status: 'unknown', reasons: [expect.stringContaining('Calico version')]})
    expect(examined(backend, {...broken!.given, felixConfigurations: unknown('forbidden', '403')}).status, 'v3.30 has no such setting').toBe('fail')
    expect(examined(backend, {...bare!.given, calicoVersion: unknown('failed', '')}).status, 'no version writes bare routes by itself').toBe('fail')
  })
  test('Windows nodes do not make two', () => {
    const nodes = [exampleNode('a', 1), exampleNode('w', 2, {operatingSystem: 'windows'})]
    expect(examined(backend, {...broken!.given, nodes}).status).toBe('pass')
  })
  test("another plugin's prefix means policy only", () => {
    const nodeEnv = known({FELIX_INTERFACEPREFIX: {value: 'eni', source: 'DaemonSet kube-system/calico-node'}})
    expect(examined(backend, {...broken!.given, nodeEnv})).toMatchObject({status: 'not-applicable', reason: expect.stringContaining('eni')})
  })
})

describe('encapsulation/ipip-on-azure', () => {
  const {
    'IPIP on Azure': broken,
    'nothing says where the machine is: cannot be told': unseen,
    'Azure and machines elsewhere in one cluster': mixed,
  } = ipipOnAzure.examples

  test('says what to use instead, and that a switch interrupts', () => {
    const [finding] = examined(ipipOnAzure, {...broken!.given}).findings
    expect(finding?.fix[0]?.command).toContain('"vxlanMode":"Always"')
    expect(finding?.fix.map(({text}) => text).join(' ')).toMatch(/interrupts traffic/)
    expect(finding?.message).toMatch(/unsupported/)
  })
  test('a machine that nobody asked is no pass', () => {
    expect(examined(ipipOnAzure, {...unseen!.given})).toMatchObject({status: 'unknown', reasons: [expect.stringMatching(/^whether node a is on Azure/)]})
  })
  test('mixed clusters name what is where', () =>
    expect(examined(ipipOnAzure, {...mixed!.given}).findings[0]?.message).toMatch(/On Azure: node a; elsewhere: 1\.$/))
})

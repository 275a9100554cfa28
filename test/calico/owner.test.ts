import fc from 'fast-check'
import {expect, test} from 'vitest'
import type {Flavour, Install} from '../../src/calico/cluster.ts'
import {howToSet, type Setting} from '../../src/calico/owner.ts'
import {known, unknown} from '../../src/engine/collected.ts'

const settings: readonly Setting[] = [
  'mtu',
  'backend',
  'encapsulation',
  'autodetection',
  'dataplane',
  'datastore',
  'typha',
  'pool',
  'as-number',
  'mesh',
  'memory',
]
const flavours: readonly Flavour[] = ['manifest', 'operator', 'canal', 'kubespray', 'pmk', 'tkg', 'etcd-manifest']
const installOf = (flavour: Flavour, more: Partial<Install> = {}): Install => ({
  flavour,
  title: flavour,
  namespace: flavour === 'operator' ? 'calico-system' : 'kube-system',
  daemonSet: flavour === 'canal' ? 'canal' : 'calico-node',
  ...(flavour !== 'operator' && {configMap: flavour === 'canal' ? 'canal-config' : 'calico-config'}),
  evidence: [],
  others: [],
  ...more,
})
const stepFor = (flavour: Flavour, setting: Setting, value?: string) => howToSet(known(installOf(flavour)), setting, value)

test('manifest: the ConfigMap key, then the restart that makes it count', () => {
  expect(stepFor('manifest', 'mtu', '1440').command).toBe(
    `kubectl -n kube-system patch configmap calico-config --type merge -p '{"data":{"veth_mtu":"1440"}}' && kubectl -n kube-system rollout restart daemonset/calico-node`,
  )
  expect(stepFor('manifest', 'autodetection', 'interface=eth.*').command).toBe(
    `kubectl -n kube-system set env daemonset/calico-node -c calico-node 'IP_AUTODETECTION_METHOD=interface=eth.*'`,
  )
})
test('operator: the Installation field, never the DaemonSet', () => {
  expect(stepFor('operator', 'mtu', '1440').command).toBe(`kubectl patch installation default --type merge -p '{"spec":{"calicoNetwork":{"mtu":1440}}}'`)
  expect(stepFor('operator', 'autodetection', 'kubernetes-internal-ip').command).toContain('"kubernetes":"NodeInternalIP"')
  expect(stepFor('operator', 'dataplane', 'ebpf').command).toContain('"linuxDataplane":"BPF"')
  for (const setting of settings) expect(stepFor('operator', setting, 'x').command).not.toMatch(/set env|configmap/)
})
test('operator by Helm: the value that the next upgrade writes', () => {
  const install = known(installOf('operator', {helmRelease: 'calico'}))
  expect(howToSet(install, 'mtu', '1440').text).toContain('installation.calicoNetwork.mtu of Helm release calico')
})
test('Kubespray, Platform9 and Tanzu: their own names', () => {
  expect(stepFor('kubespray', 'mtu', '1440').text).toContain('calico_mtu: 1440')
  expect(stepFor('kubespray', 'encapsulation', 'VXLAN').text).toContain('calico_ipip_mode: Never and calico_vxlan_mode: Always')
  expect(stepFor('kubespray', 'datastore', 'kubernetes').text).toContain('calico_datastore: kdd')
  expect(stepFor('pmk', 'mtu', '1440').text).toContain('mtuSize')
  expect(stepFor('tkg', 'mtu', '1440').text).toContain('vethMTU: 1440')
})
test('encapsulation names the pool and both modes', () => {
  const step = howToSet(known(installOf('manifest')), 'encapsulation', 'VXLAN CrossSubnet', {pool: 'blue'})
  expect(step.command).toBe(`calicoctl patch ippool blue -p '{"spec":{"ipipMode":"Never","vxlanMode":"CrossSubnet"}}'`)
})
test('BGPConfiguration default is made where there is none', () => {
  expect(stepFor('operator', 'mesh', 'false').command).toBe(
    `calicoctl patch bgpconfiguration default -p '{"spec":{"nodeToNodeMeshEnabled":false}}' || ` +
      `echo '{"apiVersion":"projectcalico.org/v3","kind":"BGPConfiguration","metadata":{"name":"default"},"spec":{"nodeToNodeMeshEnabled":false}}' | calicoctl create -f -`,
  )
})
test('an install that was not seen: both usual knobs, nothing to paste', () => {
  const step = howToSet(unknown('forbidden', '403'), 'mtu', '1440')
  expect(step.text).toMatch(/veth_mtu.*Installation default/)
  expect(step.command).toBeUndefined()
})
test('no name or value can end a command', () => {
  const word = fc.string({unit: 'binary'})
  fc.assert(
    fc.property(
      fc.constantFrom(...flavours),
      fc.constantFrom(...settings),
      fc.option(word, {nil: undefined}),
      word,
      word,
      (flavour, setting, value, pool, name) => {
        const install = known(installOf(flavour, {namespace: name, daemonSet: name, configMap: name}))
        const {text, command} = howToSet(install, setting, value, {pool})
        expect(text).not.toBe('')
        // What is left outside of quotes holds nothing that a shell acts on, but for the &&, || and | of our own.
        const bare = (command ?? '')
          .replace(/'[^']*'/g, '')
          .replace(/\\'/g, '')
          .replaceAll(/ (?:&&|\|\||\|) /g, ' ')
        if (!['kubespray'].includes(flavour)) expect(bare).toMatch(/^[\w@%+=:,./ -]*$/)
      },
    ),
  )
})

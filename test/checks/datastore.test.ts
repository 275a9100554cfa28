import {describe, expect, test} from 'vitest'
import type {Flavour} from '../../src/calico/cluster.ts'
import disagreement from '../../src/checks/datastore/disagreement.ts'
import locked from '../../src/checks/datastore/locked.ts'
import mode from '../../src/checks/datastore/mode.ts'
import {exampleInstall, exampleWorkload} from '../../src/checks/example-workloads.ts'
import {type Collected, known, unknown} from '../../src/engine/collected.ts'
import {examine} from '../../src/engine/examine.ts'
import type {Facts} from '../../src/engine/facts.ts'
import {tableOf} from './table.ts'

const claim = (component: string, type: 'kubernetes' | 'etcdv3', where = component) => ({component, type, where})
const split = {
  type: 'kubernetes',
  claims: [claim('calico-node', 'kubernetes'), claim('cni', 'etcdv3'), claim('typha', 'etcdv3', 'Deployment kube-system/typha env X')],
} as const
const deployments = [exampleWorkload('Deployment', 'calico-kube-controllers')]
const findingsOf = (verdict: ReturnType<typeof examine>) => (verdict.status === 'fail' ? verdict.findings : [])

describe('the fix names the owner’s knob', () => {
  const fixIn = (flavour: Flavour) => {
    const table = tableOf({datastore: split, calicoDeployments: deployments, calicoConfig: unknown('absent', ''), install: exampleInstall(flavour).value})
    return findingsOf(examine(disagreement, table)).flatMap(({fix}) => fix.map(({text, command}) => `${text} ${command ?? ''}`))
  }
  test('by hand, each component where it stands', () => {
    expect(fixIn('manifest')).toEqual([
      expect.stringContaining('cni_network_config of ConfigMap kube-system/calico-config'),
      expect.stringContaining('kubectl -n kube-system set env deployment/typha TYPHA_DATASTORETYPE=kubernetes'),
    ])
  })
  test('Kubespray by its variable', () => expect(fixIn('kubespray')[0]).toContain('calico_datastore: kdd'))
  test('the operator is asked why it has not done it', () => expect(fixIn('operator')[0]).toContain('tigerastatus'))
})

describe('what was not seen carries no pass', () => {
  const agreed = {type: 'kubernetes', claims: [claim('calico-node', 'kubernetes')]} as const
  const verdict = (calicoConfig: Collected<Facts['calicoConfig']>) =>
    examine(disagreement, tableOf({datastore: agreed, calicoDeployments: deployments, calicoConfig, cniConfig: {a: known({})}}))
  test('the ConfigMap is absent under the operator: pass', () => expect(verdict(unknown('absent', 'operator')).status).toBe('pass'))
  test('the ConfigMap is forbidden: what the CNI plugin is told is not known', () => {
    expect(verdict(unknown('forbidden', '403'))).toMatchObject({status: 'unknown', reasons: [expect.stringContaining('CNI')]})
  })
  test('a claim that could not be read makes the datastore partial', () => {
    const table = {
      ...tableOf({calicoDeployments: deployments, calicoConfig: unknown('absent', '')}),
      datastore: known(agreed, 'Deployment x env DATASTORE_TYPE: forbidden'),
    }
    expect(examine(disagreement, table).status).toBe('unknown')
  })
  test('ClusterInformation that does not say is no pass', () => {
    expect(examine(locked, tableOf({clusterInformation: {name: 'default', spec: {}}}))).toMatchObject({
      status: 'unknown',
      reasons: [expect.stringContaining('does not say')],
    })
  })
})

test('locked, and migrations unseen: the lock is said, and that nobody knows why', () => {
  const table = tableOf({clusterInformation: {name: 'default', spec: {datastoreReady: false}}, datastoreMigrations: unknown('forbidden', '403')})
  const [finding] = findingsOf(examine(locked, table))
  expect(finding?.message).toContain('whether a migration is running could not be seen')
  expect(finding?.fix.map(({command}) => command)).toEqual(['calicoctl datastore migrate unlock'])
})
test('only the v1 CRD is patched by kubectl', () => {
  const commands = (group: string) => {
    const apiGroup = {mode: 'crd-v1', group, version: 'v1'} as const
    const table = tableOf({clusterInformation: {name: 'default', spec: {datastoreReady: false}}, datastoreMigrations: unknown('absent', ''), apiGroup})
    return findingsOf(examine(locked, table)).flatMap(({fix}) => fix.map(({command}) => command ?? ''))
  }
  expect(commands('crd.projectcalico.org')).toHaveLength(2)
  expect(commands('projectcalico.org')).toEqual(['calicoctl datastore migrate unlock'])
})
test('etcd: the steps of the move, in order', () => {
  const table = tableOf({datastore: {type: 'etcdv3', claims: [claim('calico-node', 'etcdv3')]}, install: exampleInstall('etcd-manifest').value})
  const [finding] = findingsOf(examine(mode, table))
  expect(finding).toMatchObject({severity: 'warning', evidence: ['calico-node: etcdv3 (calico-node)']})
  expect(finding?.fix.map(({text, command = ''}) => /migrate lock|calico.yaml|migrate unlock/.exec(`${text} ${command}`)?.[0])).toEqual([
    'migrate lock',
    'calico.yaml',
    'migrate unlock',
  ])
})

import {expect, test} from 'vitest'
import type {ApiGroup} from '../../src/calico/resources.ts'
import {known} from '../../src/engine/collected.ts'
import {describeCluster} from '../../src/engine/describe-cluster.ts'
import type {FactTable} from '../../src/engine/facts.ts'

test.each([
  [{mode: 'crd-v1', group: 'crd.projectcalico.org', version: 'v1'}, 'crd.projectcalico.org/v1'],
  [{mode: 'aggregated', group: 'crd.projectcalico.org', version: 'v1', apiServerAvailable: true}, 'crd.projectcalico.org/v1 + API server'],
  [{mode: 'aggregated', group: 'crd.projectcalico.org', version: 'v1', apiServerAvailable: false}, 'crd.projectcalico.org/v1 + API server (not available)'],
  [{mode: 'native-v3', group: 'projectcalico.org', version: 'v3'}, 'projectcalico.org/v3'],
] satisfies [ApiGroup, string][])('%j', (apiGroup, text) => {
  expect(describeCluster({apiGroup: known(apiGroup)} as unknown as FactTable).apiGroup).toEqual(known(text))
})

test('a second install is named beside the first', () => {
  const install = {flavour: 'operator', title: 'operator', namespace: 'calico-system', daemonSet: 'calico-node', evidence: [], others: ['kube-system/canal']}
  expect(describeCluster({install: known(install)} as never).install).toEqual(known('operator, namespace calico-system; beside it DaemonSet kube-system/canal'))
})

import {expect, test} from 'vitest'
import {rbacManifest} from '../../src/reporters/rbac.ts'
import {rightsIn, rightText, rolesIn} from '../cli/printed-rights.ts'

test('what may be done in the whole cluster is not printed again for a namespace', () => {
  const everywhere = {verb: 'list', group: 'apps', resource: 'daemonsets'} as const
  const manifest = rbacManifest(
    [everywhere, {...everywhere, namespace: '$calico'}, {...everywhere, verb: 'get', name: 'calico-node', namespace: '$calico'}],
    ['calico-system'],
  )
  expect(rightsIn(rolesIn(manifest)).map(rightText)).toEqual(['list daemonsets.apps', 'get daemonsets.apps calico-node in calico-system'])
})

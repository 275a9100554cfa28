import {afterAll, beforeAll, describe, expect, test} from 'vitest'
import {collectors} from '../../src/collectors/index.ts'
import {scenario} from '../../src/demo/index.ts'
import {unknown} from '../../src/engine/collected.ts'
import type {Cluster} from '../../src/engine/collector.ts'
import {accessOf, calicoNamespace, planOf} from '../../src/engine/plan.ts'
import {apiEvidenceAccess} from '../../src/evidence/api-access.ts'
import {contextFacts, contextOf, gather} from '../evidence/api-context.ts'
import {connected} from '../helpers/connections.ts'
import {writeConfig} from '../helpers/kubeconfig.ts'
import {type Identity, kubeconfigOf} from './api.ts'
import {type RealCluster, startReal, whyNone} from './cluster.ts'
import {accountWith, rolesOf, settled} from './proof-roles.ts'

const state = scenario('incident', {nodes: 5})
const rights = [...accessOf(planOf(contextFacts, collectors)), ...apiEvidenceAccess].map(({subresource, resource, namespace, ...right}) => ({
  ...right,
  resource: subresource === undefined ? resource : `${resource}/${subresource}`,
  ...(namespace !== undefined && {namespace: namespace === calicoNamespace ? 'kube-system' : namespace}),
}))

const noPods = unknown('not-collected', 'there are no pods here')

describe.skipIf(whyNone !== undefined)('raw evidence of a real API server', () => {
  let cluster: RealCluster
  /** The API server would dial the addresses of pods, which are nobody's here: that is not asked. */
  const reader = async (identity: Identity): Promise<Cluster> => {
    const {cluster: door} = await connected({kubeconfig: writeConfig(kubeconfigOf(identity))})
    return {...door, text: async (path, limits) => (path.includes('/proxy/') ? noPods : door.text(path, limits))}
  }
  beforeAll(async () => {
    cluster = await startReal(state)
  })
  afterAll(() => cluster?.close())

  test('with exactly the declared rights nothing is refused', async () => {
    const identity = await accountWith(cluster, 'evidence', rolesOf(rights))
    await settled()
    const got = await gather(await contextOf(await reader(identity)))
    expect(
      got.missed.filter(({why, source}) => why !== 'absent' && !source?.startsWith('metrics of')).map(({source, detail}) => `${source}: ${detail}`),
    ).toEqual([])
    expect(got.paths(/\/calico-node\.log$/)).toHaveLength(5)
    expect(got.paths(/^pods\/kube-system\/calico-node-\w+\.txt$/)).toHaveLength(5)
    expect(got.text('resources/crd.projectcalico.org/ippools.yaml')).toContain('kind: IPPool\n')
    expect(got.text('resources/apiextensions.k8s.io/customresourcedefinitions.yaml')).toContain('  name: ippools.crd.projectcalico.org\n')
    expect(got.text('apiserver/readyz.txt')).toMatch(/^\[\+\]ping ok$/m)
    expect(got.files.filter(({text}) => text.includes('managedFields'))).toEqual([])
  })

  test('one right less is one line, and a kubelet that is not reached is told as such', async () => {
    const identity = await accountWith(cluster, 'no-logs', rolesOf(rights.filter(({resource}) => resource !== 'pods/log')))
    await settled()
    const without = await gather(await contextOf(await reader(identity)))
    expect(without.missed.filter(({why}) => why === 'forbidden')).toMatchObject([{source: 'logs (get pods/log in namespace kube-system)'}])
    const [node] = Object.keys(state.nodes)
    await cluster.kubelets.stop(node!)
    const got = await gather(await contextOf(await reader(cluster.admin.identity)))
    const unreachable = got.missed.filter(({why}) => why === 'unreachable')
    expect(unreachable).toMatchObject([{node, source: expect.stringMatching(/^logs of /)}])
  })
})

import {expect, test} from 'vitest'
import {collectors} from '../../src/collectors/index.ts'
import type {Rule, SimulatedCluster} from '../../src/demo/index.ts'
import type {Access} from '../../src/engine/collector.ts'
import {accessOf, calicoNamespace, planOf} from '../../src/engine/plan.ts'
import {apiEvidenceAccess, apiEvidenceAccessIn} from '../../src/evidence/api-access.ts'
import type {EvidenceContext} from '../../src/evidence/task.ts'
import {isNeededBy, type Right, rightText} from '../cli/printed-rights.ts'
import {connected} from '../helpers/connections.ts'
import {writeConfig} from '../helpers/kubeconfig.ts'
import {simulated} from '../helpers/simulated.ts'
import {contextFacts, contextOf, type Gathered, gather} from './api-context.ts'

const ruleOf = ({verb, group, resource, subresource, name, namespace}: Access, own: string): Rule => ({
  verbs: [verb],
  apiGroups: [group],
  resources: [subresource === undefined ? resource : `${resource}/${subresource}`],
  ...(name !== undefined && {resourceNames: [name]}),
  ...(namespace !== undefined && {namespaces: [namespace === calicoNamespace ? own : namespace]}),
})

const rightOf = ({subresource, namespace, name, ...right}: Access, own: string): Right => ({
  ...right,
  resource: subresource === undefined ? right.resource : `${right.resource}/${subresource}`,
  ...(name !== undefined && {name}),
  ...(namespace !== undefined && {namespace: namespace === calicoNamespace ? own : namespace}),
})

/** Whoever has just these rights, and what the look with them leaves. */
async function userWith(sim: SimulatedCluster, token: string, rights: readonly Access[], own: string): Promise<EvidenceContext> {
  const rules = rights.map(right => ruleOf(right, own))
  const {cluster} = await connected({kubeconfig: writeConfig(sim.addUser(token, rules))})
  return contextOf(cluster)
}
const looking = accessOf(planOf(contextFacts, collectors))
const forbidden = ({missed}: Gathered) => missed.filter(({why}) => why !== 'absent')

test.each(['healthy', 'incident', 'operator', 'aggregated', 'native-v3', 'canal'])('%s: with exactly the declared rights nothing is refused', async name => {
  const {cluster, sim} = await simulated({scenario: name, nodes: 4})
  const {facts} = await contextOf(cluster)
  const own = facts.calicoNamespaces.known ? facts.calicoNamespaces.value[0]! : ''
  const context = await userWith(sim, 'least', [...looking, ...apiEvidenceAccessIn(facts)], own)
  const got = await gather(context)
  expect(forbidden(got)).toEqual([])
  expect(got.paths(/calico-node\.log$|canal\/calico-node/).length + got.paths(/logs\/.*\/calico-node\.log$/).length).toBeGreaterThan(3)
  const asked = sim.requests.filter(({user, resource}) => user === 'demo-least' && resource !== '')
  expect(asked.filter(({status}) => status === 403)).toEqual([])
  const idle = apiEvidenceAccessIn(facts).filter(right => !asked.some(request => isNeededBy(rightOf(right, own), request)))
  // The simulated operator and API server have no pods of their own, and serve no younger kinds.
  const unused = idle
    .map(right => rightText(rightOf(right, own)))
    .filter(text => !/^get pods.* in (calico-apiserver|tigera-operator)$|^list \w+\.operator/.test(text))
  expect(unused).toEqual([])
})

test('logs, proxies and exec are never asked for in the whole cluster, Secrets nowhere', () => {
  expect(apiEvidenceAccess.filter(({subresource, namespace}) => subresource !== undefined && namespace === undefined)).toEqual([])
  expect(apiEvidenceAccess.filter(({resource, verb}) => resource === 'secrets' || !['get', 'list'].includes(verb))).toEqual([])
  expect(apiEvidenceAccess.filter(({resource, name}) => resource === 'configmaps' && name === undefined)).toEqual([])
})

test('one right less is one line that names it', async () => {
  const {cluster, sim} = await simulated({nodes: 5})
  const all = [...looking, ...apiEvidenceAccessIn((await contextOf(cluster)).facts)]
  const without = async (token: string, left: (right: Access) => boolean) => {
    const got = await gather(
      await userWith(
        sim,
        token,
        all.filter(right => !left(right)),
        'kube-system',
      ),
    )
    return {lines: forbidden(got).map(({source, detail}) => `${source}: ${detail}`), got}
  }
  const logs = await without('no-logs', ({subresource}) => subresource === 'log')
  expect(logs.lines).toEqual([
    expect.stringMatching(
      /^logs \(get pods\/log in namespace kube-system\): refused, so none is asked for any more \([89] are missing\): .*cannot get resource "pods\/log"/,
    ),
  ])
  expect(logs.got.paths(/\.log$/)).toEqual([])
  expect(logs.got.paths(/^pods\/.*-\w+\.txt$/)).toHaveLength(8)
  const events = await without('no-events', ({resource, namespace}) => resource === 'events' && namespace === calicoNamespace)
  expect(events.lines).toEqual([expect.stringContaining('events is forbidden')])
  expect(events.got.text(events.got.paths(/^pods\/kube-system\/calico-node/)[0]!)).toContain('(not seen: forbidden: ')
  const proxies = await without('no-proxies', ({subresource}) => subresource === 'proxy')
  expect(proxies.lines).toEqual([expect.stringContaining('metrics (get pods/proxy in namespace kube-system): refused')])
  const blocks = await without('no-blocks', ({resource}) => resource === 'ipamblocks')
  expect(blocks.lines).toEqual([expect.stringContaining('kubectl get ipamblocks.crd.projectcalico.org -o yaml')])
})

test('with no rights at all: what was not seen is named, and nothing throws', async () => {
  const {sim} = await simulated({nodes: 5})
  const got = await gather(await userWith(sim, 'nobody', [], 'kube-system'))
  expect(got.files.map(({path}) => path)).toEqual(['apiserver/version.json', 'apiserver/livez.txt', 'apiserver/readyz.txt'])
  expect(new Set(forbidden(got).map(({why}) => why))).toEqual(new Set(['forbidden']))
  expect(got.missed.length).toBeLessThan(80)
})

test('the aggregated API server serves those who have rights there only', async () => {
  const {sim} = await simulated({scenario: 'aggregated', nodes: 4})
  const all = [...looking, ...apiEvidenceAccess, ...apiEvidenceAccess.map(right => ({...right, ...(right.namespace && {namespace: 'calico-apiserver'})}))]
  const context = await userWith(
    sim,
    'v3-only',
    all.filter(({group}) => group !== 'crd.projectcalico.org'),
    'kube-system',
  )
  const got = await gather(context)
  expect(got.paths(/^resources\/projectcalico\.org\/ippools\.yaml$/)).toHaveLength(1)
  expect(
    forbidden(got)
      .map(({source}) => source)
      .sort(),
  ).toEqual([
    'kubectl get ipamblocks.crd.projectcalico.org -o yaml',
    'kubectl get ipamconfigs.crd.projectcalico.org -o yaml',
    'kubectl get ipamhandles.crd.projectcalico.org -o yaml',
  ])
})

import {loadAll} from 'js-yaml'
import {describe, expect, test} from 'vitest'
import {change} from '../../src/demo/index.ts'
import {apiEvidenceTasks} from '../../src/evidence/api-evidence.ts'
import {doorWith} from '../helpers/etcd.ts'
import {simulated} from '../helpers/simulated.ts'
import {contextOf, type Gathered, gather} from './api-context.ts'

const gathered = async (name: string, nodes = 6): Promise<Gathered> => {
  const {cluster} = await simulated({scenario: name, nodes})
  return gather(await contextOf(cluster))
}
const documents = (got: Gathered, path: string) => loadAll(got.text(path)) as {kind: string; metadata: Record<string, unknown>; [field: string]: any}[]
const whys = ({missed}: Gathered) => [...new Set(missed.map(({why}) => why))]

test('a healthy cluster: everything is there, what is switched off is one line each', async () => {
  const got = await gathered('healthy')
  expect(got.missed.map(({source, why}) => `${why}: ${source}`).sort()).toEqual([
    'absent: kinds of operator.tigera.io/v1',
    'absent: metrics of Felix (6 pods)',
    'absent: metrics of Typha (3 pods)',
  ])
  expect(got.paths(/^pods\/kube-system\/calico-node-\w+\.txt$/)).toHaveLength(6)
  expect(got.paths(/^nodes\/[\w-]+\/logs\/kube-system\/calico-node-\w+\/calico-node\.log$/)).toHaveLength(6)
  expect(got.paths(/previous/)).toEqual([])
  expect(new Set(got.files.map(({path}) => path)).size).toBe(got.files.length)
  expect(got.files.filter(({truncated, at, ms}) => truncated || at === undefined || ms === undefined)).toEqual([])
  expect(JSON.parse(got.text('apiserver/version.json'))).toMatchObject({gitVersion: 'v1.33.5'})
})

test('objects are YAML that says what it is, without what no reader needs', async () => {
  const {cluster, sim} = await simulated({nodes: 6})
  change(sim.state, {resource: 'ippools.crd.projectcalico.org', name: 'default-ipv4-ippool'}, ({metadata}) =>
    Object.assign(metadata.annotations, {'kubectl.kubernetes.io/last-applied-configuration': '{"spec":{}}'}),
  )
  change(sim.state, {resource: 'daemonsets.apps', name: 'calico-node'}, ({spec}) =>
    spec.template.spec.containers[0].env.push({name: 'REGISTRY_PASSWORD', value: 'hunter2hunter2'}),
  )
  const got = await gather(await contextOf(cluster))
  const [pool, ...more] = documents(got, 'resources/crd.projectcalico.org/ippools.yaml')
  expect(more).toEqual([])
  expect(pool).toMatchObject({apiVersion: 'crd.projectcalico.org/v1', kind: 'IPPool', metadata: {name: 'default-ipv4-ippool'}, spec: {blockSize: 26}})
  expect(pool!.metadata).not.toHaveProperty('managedFields')
  expect(documents(got, 'resources/apps/daemonsets.yaml').map(({metadata}) => metadata.name)).toEqual(['calico-node'])
  expect(documents(got, 'resources/core/nodes.yaml')).toHaveLength(6)
  expect(documents(got, 'resources/crd.projectcalico.org/bgpfilters.yaml').filter(Boolean)).toEqual([])
  expect(documents(got, 'resources/apiextensions.k8s.io/customresourcedefinitions.yaml')[0]).toMatchObject({kind: 'CustomResourceDefinition'})
  const all = got.files.map(({text}) => text).join('')
  expect(all).not.toContain('hunter2')
  expect(all).not.toContain('last-applied-configuration')
  expect(got.files.find(({path}) => path === 'resources/apps/daemonsets.yaml')!.struckOut).toBe(1)
  expect(sim.requests.filter(({resource}) => resource === 'secrets')).toEqual([])
})

test('an incident: status, events and both logs of the pod that ails', async () => {
  const got = await gathered('incident', 12)
  const previous = got.paths(/previous\.log$/)
  expect(previous).toHaveLength(1)
  const [, node, pod] = /^nodes\/([\w-]+)\/logs\/kube-system\/([\w-]+)\//.exec(previous[0]!)!
  expect(got.text(previous[0]!.replace('.previous', ''))).toContain('Service "calico-typha" not found')
  const page = got.text(`pods/kube-system/${pod}.txt`)
  expect(page).toContain(`Node            ${node}\n`)
  expect(page).toMatch(/state +running: from 2025-/)
  expect(page).toContain('terminated: Error, exit code 143 (SIGTERM), from 2025-11-18T06:39:52Z to 2025-11-18T09:27:33Z')
  expect(page).toMatch(/restarts +41\n/)
  expect(page).toMatch(/464x {2}Warning {2}Unhealthy {9}Readiness probe failed: calico\/node is not ready: BIRD is not ready/)
  expect(got.text('events/namespace-kube-system.txt').split('\n')[1]).toMatch(/^2025-11-18T09:29:52Z {4}464x {2}Warning {2}Unhealthy/)
  expect(got.text('resources/core/services.yaml')).toContain('# not there: /api/v1/namespaces/kube-system/services/calico-typha')
})

test('under the operator: its own objects and namespaces too', async () => {
  const got = await gathered('operator')
  expect(documents(got, 'resources/operator.tigera.io/installations.yaml')[0]).toMatchObject({kind: 'Installation', metadata: {name: 'default'}})
  expect(documents(got, 'resources/apps/deployments.yaml').map(({metadata}) => metadata.name)).toContain('tigera-operator')
  expect(got.paths(/^events\/.*txt$/)).toContain('events/namespace-tigera-operator.txt')
  expect(got.paths(/logs\/calico-system\/calico-typha/)).toHaveLength(3)
  expect(whys(got)).toEqual(['absent'])
})

test.each([
  ['native-v3', 'resources/projectcalico.org/ippools.yaml', 'projectcalico.org/v3'],
  ['aggregated', 'resources/crd.projectcalico.org/ippools.yaml', 'crd.projectcalico.org/v1'],
])('%s: the group in force', async (name, path, apiVersion) => {
  const got = await gathered(name)
  expect(documents(got, path)[0]).toMatchObject({apiVersion, kind: 'IPPool'})
  expect(whys(got)).toEqual(['absent'])
})

describe('a datastore in etcd', () => {
  test('is read through its door', async () => {
    const {cluster} = await simulated({scenario: 'etcd', nodes: 4})
    const got = await gather(await contextOf({...cluster, etcd: await doorWith()}))
    const text = got.text('resources/projectcalico.org/ippools.yaml')
    expect(text).toMatch(/^# \/calico\/resources\/v3\/projectcalico\.org\/ippools\//)
    expect(loadAll(text)[0]).toMatchObject({apiVersion: 'projectcalico.org/v3', kind: 'IPPool'})
    expect(documents(got, 'resources/projectcalico.org/nodes.yaml')).toHaveLength(4)
    expect(whys(got)).toEqual(['absent'])
  })
  test('without a way to it is one line', async () => {
    const got = await gathered('etcd', 4)
    expect(got.missed).toContainEqual(expect.objectContaining({source: 'Calico’s resources in etcd', why: 'not-collected'}))
    expect(got.paths(/^resources\/projectcalico/)).toEqual([])
  })
})

test('metrics of who serves them, by node and by pod', async () => {
  const {cluster, sim} = await simulated({nodes: 4})
  change(sim.state, {resource: 'felixconfigurations.crd.projectcalico.org', name: 'default'}, ({spec}) => Object.assign(spec, {prometheusMetricsEnabled: true}))
  const got = await gather(await contextOf(cluster))
  expect(got.paths(/^nodes\/[\w-]+\/felix-metrics\.txt$/)).toHaveLength(4)
  expect(got.text('nodes/control-1/felix-metrics.txt')).toContain('felix_cluster_num_hosts 4\n')
  expect(got.paths(/^pods\/kube-system\/calico-kube-controllers-[\w-]+\.metrics\.txt$/)).toHaveLength(1)
  expect(got.missed.filter(({source}) => source?.includes('Felix'))).toEqual([])
})

test('only nodes that were chosen; Typha and kube-controllers always', async () => {
  const {cluster} = await simulated({nodes: 6})
  const context = await contextOf(cluster)
  const got = await gather({...context, nodes: context.nodes.slice(0, 2)})
  expect(got.paths(/calico-node\.log$/)).toHaveLength(2)
  expect(got.paths(/calico-typha\.log$/)).toHaveLength(3)
  const tasks = apiEvidenceTasks(context).filter(({node}) => node !== undefined)
  expect(tasks.map(({node}) => node).sort()).toEqual(context.nodes.map(({name}) => name).sort())
})

test('estimates are of the right size, and memory is bounded whatever the cluster', async () => {
  const {cluster} = await simulated({nodes: 30, pods: 300})
  const context = await contextOf(cluster)
  const tasks = apiEvidenceTasks(context)
  const got = await gather(context)
  const bytes = got.files.reduce((sum, {text}) => sum + text.length, 0)
  const guessed = tasks.reduce((sum, {estimate}) => sum + estimate.bytes, 0)
  // Simulated logs are short.
  expect(guessed).toBeGreaterThan(bytes / 2)
  expect(guessed).toBeLessThan(30 * 1_000 * 200 + 3 * bytes)
  expect(Math.max(...tasks.map(({maxBytes}) => maxBytes))).toBeLessThan(8 * 1024 ** 2)
})

test('files keep within their limit and say that they were cut', async () => {
  const {cluster} = await simulated({nodes: 40, pods: 400})
  const got = await gather(await contextOf(cluster, {maxFileBytes: 20_000}))
  const nodes = got.files.find(({path}) => path === 'resources/core/nodes.yaml')!
  expect(nodes).toMatchObject({truncated: true, text: expect.stringMatching(/\n# Cut here: \d+ of 40 objects fit\.\n$/)})
  expect(loadAll(nodes.text).length).toBeGreaterThan(2)
  const large = got.files.filter(({path, text}) => !path.endsWith('.log') && Buffer.byteLength(text) > 20_000)
  expect(large.map(({path}) => path)).toEqual([])
})

test('pods of the operator and of others in its namespaces, but not of a DaemonSet that is well', async () => {
  const {cluster, sim} = await simulated({scenario: 'operator', nodes: 3})
  const made = (name: string, namespace: string, kind: string, restartCount: number) => ({
    metadata: {name, namespace, labels: {'k8s-app': name.replace(/-\w+$/, '')}, ownerReferences: [{kind, name: 'owner'}]},
    spec: {nodeName: 'worker-01', containers: [{name: 'main', image: 'x'}]},
    status: {
      phase: 'Running',
      conditions: [{type: 'Ready', status: 'True'}],
      containerStatuses: [{name: 'main', ready: true, restartCount, state: {running: {startedAt: '2025-11-18T09:00:00Z'}}, lastState: {}}],
    },
  })
  sim.state.objects.pods = [
    ...sim.state.objects.pods!,
    made('tigera-operator-a1', 'tigera-operator', 'ReplicaSet', 0),
    made('csi-node-driver-a1', 'calico-system', 'DaemonSet', 0),
    made('csi-node-driver-b2', 'calico-system', 'DaemonSet', 4),
  ]
  const got = await gather(await contextOf(cluster))
  expect(got.paths(/^pods\/(tigera-operator|calico-system\/csi)/).sort()).toEqual([
    'pods/calico-system/csi-node-driver-b2.txt',
    'pods/tigera-operator/tigera-operator-a1.txt',
  ])
  expect(got.paths(/logs\/tigera-operator/)).toEqual(['nodes/worker-01/logs/tigera-operator/tigera-operator-a1/main.log'])
  expect(got.missed).toContainEqual({
    source: 'pods of csi-node-driver in calico-system',
    why: 'not-collected',
    detail: '1 pods that are ready and never restarted',
  })
})

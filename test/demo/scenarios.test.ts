import {describe, expect, test} from 'vitest'
import {checkIds, loadChecks} from '../../src/checks/index.ts'
import {scenario, scenarioNames, startSimulatedCluster} from '../../src/demo/index.ts'
import {buildCluster} from '../../src/demo/scenarios/build.ts'
import {planHealthy} from '../../src/demo/scenarios/healthy.ts'
import {report} from '../../src/engine/report.ts'
import {lookAt} from './look.ts'

const checks = await loadChecks()
/** The report of a scenario, seen over the network. */
async function seen(name: string) {
  const cluster = await startSimulatedCluster({scenario: name})
  try {
    const {snapshot, table} = await lookAt(cluster, checks)
    return report(snapshot, table, checks, {version: 'test'})
  } finally {
    await cluster.close()
  }
}
/** `check messageId subject subject`, one line each. */
const findingsOf = ({checks: reports}: Awaited<ReturnType<typeof seen>>) =>
  reports.flatMap(({findings}) => findings.map(({check, messageId, subjects}) => [check, messageId, ...subjects.map(subject => subject.name)].join(' ')))

describe.each([...scenarioNames])('%s', name => {
  test('is the same bytes every time', () => expect(JSON.stringify(scenario(name))).toBe(JSON.stringify(scenario(name))))

  test('has sessions whose both ends agree', () => {
    const {nodes} = scenario(name)
    const byAddress = new Map(Object.values(nodes).map(node => [node.bird?.sourceAddress, node]))
    for (const {name: own, bird} of Object.values(nodes)) {
      for (const {peer, bgpState} of bird?.sessions ?? []) {
        const back = byAddress.get(peer)?.bird?.sessions.find(session => session.peer === bird!.sourceAddress)
        if (bgpState === 'Established') expect(back?.bgpState, `${own} and ${peer}`).toBe('Established')
        else expect(back?.bgpState, `${own} and ${peer}`).not.toBe('Established')
      }
    }
  })

  test('gives every pod an address of its own that IPAM knows of', () => {
    const {objects} = scenario(name)
    const pods = objects.pods!.filter(({spec}) => (spec as any).hostNetwork !== true)
    const addresses = pods.map(({status}) => (status as any).podIP)
    expect(new Set(addresses).size).toBe(addresses.length)
    const blocks = objects['ipamblocks.crd.projectcalico.org'] ?? objects['ipamblocks.projectcalico.org']
    if (!blocks) return
    const owners = blocks.flatMap(({spec}) => (spec as any).attributes).flatMap(({secondary}) => secondary.pod ?? [])
    expect(owners.toSorted()).toEqual(pods.map(({metadata}) => metadata.name).toSorted())
  })
})

test('a healthy cluster has no finding and is seen whole', async () => {
  const healthy = await seen('healthy')
  expect(findingsOf(healthy)).toEqual([])
  expect(healthy.checks.filter(({status}) => status !== 'pass' && status !== 'not-applicable')).toEqual([])
  expect(healthy.coverage.percent).toBe(100)
  expect(healthy.cluster).toMatchObject({calicoVersion: {value: 'v3.31.2'}, encapsulation: {value: 'IPIP CrossSubnet'}, nodes: {value: 12}})
})

test.each([
  ['operator', 'operator (Installation default), namespace calico-system', 'crd.projectcalico.org/v1 + API server'],
  ['canal', 'canal (flannel and Calico policy), namespace kube-system', 'crd.projectcalico.org/v1'],
  ['kubespray', 'Kubespray, namespace kube-system', 'crd.projectcalico.org/v1'],
  ['pmk', 'Platform9 (PMK), namespace kube-system', 'crd.projectcalico.org/v1'],
  ['tkg', 'Tanzu (TKG), namespace kube-system', 'crd.projectcalico.org/v1'],
  ['native-v3', 'upstream manifest, namespace kube-system', 'projectcalico.org/v3'],
  ['aggregated', 'upstream manifest, namespace kube-system', 'crd.projectcalico.org/v1 + API server'],
])('%s is recognised and healthy', async (name, install, apiGroup) => {
  const flavour = await seen(name)
  expect(flavour.cluster).toMatchObject({install: {value: install}, apiGroup: {value: apiGroup}, datastore: {value: 'kubernetes'}})
  expect(findingsOf(flavour)).toEqual([])
})

test('etcd is recognised, and is all there is to say', async () => {
  const etcd = await seen('etcd')
  expect(etcd.cluster).toMatchObject({
    install: {value: 'upstream manifest, etcd datastore, namespace kube-system'},
    datastore: {value: 'etcdv3'},
    apiGroup: {value: 'none, etcd', partial: expect.stringContaining('no way to it')},
  })
  expect(findingsOf(etcd).filter(line => !line.startsWith('datastore/mode '))).toEqual([])
})

test('the incident has a fault of each kind', async () => {
  const found = findingsOf(await seen('incident'))
  const wanted = [
    'datastore/disagreement',
    'typha/incomplete',
    'bgp/session-down',
    'bgp/bird-not-running',
    'mtu/too-large',
    'ebpf/kernel',
    'cidr/services-overlap',
    'encapsulation/ipip-on-azure',
    'install/node-pods',
  ]
  expect(wanted.filter(id => checkIds.includes(id) && !found.some(line => line.startsWith(`${id} `)))).toEqual([])
})

test('a thousand nodes with twenty thousand pods are made quickly, with reflectors instead of a mesh', () => {
  const started = performance.now()
  const {objects, nodes} = scenario('healthy', {nodes: 1_000, pods: 20_000})
  expect(performance.now() - started).toBeLessThan(10_000)
  expect([objects.nodes!.length, objects.pods!.length, Object.keys(nodes).length]).toEqual([1_000, 20_000, 1_000])
  expect(objects['bgppeers.crd.projectcalico.org']!.map(({metadata}) => metadata.name)).toEqual(['clients-to-reflectors', 'reflectors-to-reflectors'])
  expect(
    Object.values(nodes)
      .map(({bird}) => bird!.sessions.length)
      .toSorted((a, b) => a - b)
      .slice(-4),
  ).toEqual([3, 999, 999, 999])
  const size = (list: readonly object[]) => JSON.stringify(list[Math.floor(list.length / 2)]).length
  expect(size(objects.pods!)).toBeGreaterThan(5_000)
  expect(size(objects.nodes!)).toBeGreaterThan(5_500)
})

test('among twenty thousand pods no two of a namespace have the same name, and IPAM knows each by its own', () => {
  const {objects} = scenario('healthy', {nodes: 1_000, pods: 20_000})
  const nameOf = ({metadata: {namespace, name}}: {metadata: {namespace?: string; name: string}}) => `${namespace}/${name}`
  const names = objects.pods!.map(nameOf)
  expect(new Set(names).size).toBe(names.length)
  const owned = objects['ipamblocks.crd.projectcalico.org']!.flatMap(({spec}) => (spec as any).attributes).flatMap(({secondary: {namespace, pod}}) =>
    pod === undefined ? [] : [`${namespace}/${pod}`],
  )
  const networked = objects.pods!.filter(({spec}) => (spec as any).hostNetwork !== true).map(nameOf)
  expect(owned.toSorted()).toEqual(networked.toSorted())
})

test.each([
  ['v1.34.2', undefined],
  ['v1.36.1', 'rack-0'],
])('pods of %s carry the zone of their node: %s', (kubernetesVersion, zone) => {
  const {objects} = buildCluster(planHealthy({nodes: 1}, {kubernetesVersion}))
  expect(new Set(objects.pods!.map(({metadata: {labels = {}}}) => labels['topology.kubernetes.io/zone']))).toEqual(new Set([zone]))
})

test('a mesh of a thousand nodes is a million sessions, made when they are asked for', () => {
  const {nodes} = scenario('mesh', {nodes: 1_000})
  expect(nodes['worker-500']!.bird!.sessions).toHaveLength(999)
})

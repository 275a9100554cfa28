import fc from 'fast-check'
import {describe, expect, test} from 'vitest'
import type {DatastoreType} from '../../src/calico/cluster.ts'
import {endpointsIn, kindPrefix, nameInKey} from '../../src/calico/etcd-keys.ts'
import {projectCalicoNode} from '../../src/collectors/project-calico-node.ts'
import {type Collected, known, type Unknown, unknown} from '../../src/engine/collected.ts'
import type {EtcdDoor, EtcdReached} from '../../src/engine/collector.ts'
import {describeCluster} from '../../src/engine/describe-cluster.ts'
import type {FactName} from '../../src/engine/facts.ts'
import {factsOf} from '../collectors/facts-of.ts'
import {fakeCluster, forbidden, type Paths} from '../collectors/fake-cluster.ts'
import * as shapes from '../collectors/shapes.ts'

const {paths, upstream, daemonSet, configMap} = shapes
const onEtcd: Paths = {
  ...upstream,
  [paths.daemonSets]: [daemonSet({env: shapes.etcdEnv})],
  [paths.config]: configMap({etcd_endpoints: 'https://10.0.0.8:2379, https://10.0.0.9:2379'}),
  // Of an earlier time.
  [paths.v1('ippools')]: [{metadata: {name: 'leftover'}, spec: {cidr: '10.9.0.0/16'}}],
}
const down = unknown('unreachable', 'etcd at https://10.0.0.8:2379: connection refused.')

interface FakeEtcd extends Partial<EtcdDoor> {
  readonly keys?: Readonly<Record<string, unknown>>
  readonly reached?: Collected<EtcdReached> | Unknown
}
/** Objects by key, asked by whoever is given. */
function fakeEtcd({keys = {}, reached, ...more}: FakeEtcd = {}): EtcdDoor & {readonly asked: (readonly string[])[]} {
  const asked: (readonly string[])[] = []
  const entries = Object.entries(keys).map(([key, value]) => ({key, value: typeof value === 'string' ? value : JSON.stringify(value)}))
  return {
    asked,
    async reach(endpoints) {
      asked.push(endpoints)
      return reached ?? known({endpoint: endpoints[0]!, silent: []})
    },
    list: async (_, prefix, project) =>
      known(
        entries
          .filter(({key}) => key.startsWith(prefix))
          .map(project)
          .filter(item => item !== undefined),
      ),
    async get(_, key) {
      const entry = entries.find(one => one.key === key)
      return entry ? known(entry) : unknown('absent', `etcd has no key ${key}`)
    },
    ...more,
  }
}
const facts = (etcd: EtcdDoor | undefined, wanted: readonly FactName[], given: Paths = onEtcd) =>
  factsOf({...fakeCluster(given), ...(etcd && {etcd})}, ['apiGroup', 'datastore', ...wanted])

describe('keys', () => {
  test('of cluster-scoped kinds', () => {
    expect(kindPrefix('ippools')).toBe('/calico/resources/v3/projectcalico.org/ippools/')
    expect(nameInKey('/calico/resources/v3/projectcalico.org/nodes/worker-1.example')).toBe('worker-1.example')
  })
  test('endpoints as ConfigMaps have them', () => {
    expect(endpointsIn(' https://a:2379,https://b:2379 ,')).toEqual(['https://a:2379', 'https://b:2379'])
    expect(endpointsIn('')).toEqual([])
  })
})

describe('where Calico keeps its data', () => {
  test('the endpoints of calico-node are asked, and the header claims no CRDs', async () => {
    const etcd = fakeEtcd({reached: known({endpoint: 'https://10.0.0.9:2379', silent: ['https://10.0.0.8:2379 connection refused']})})
    const table = await facts(etcd, [])
    expect(etcd.asked).toEqual([['https://10.0.0.8:2379', 'https://10.0.0.9:2379']])
    expect(table.apiGroup).toMatchObject({value: {mode: 'etcd', group: 'etcd', etcd: {answered: 'https://10.0.0.9:2379'}}})
    expect(describeCluster(table)).toMatchObject({
      datastore: {value: 'etcdv3'},
      apiGroup: {value: 'none, etcd at https://10.0.0.9:2379; of 2 endpoints 1 did not answer: https://10.0.0.8:2379 connection refused'},
    })
    expect(table.apiGroup).not.toHaveProperty('partial')
  })
  test("the user's endpoints come first", async () => {
    const etcd = fakeEtcd({endpoints: ['https://127.0.0.1:2379']})
    await facts(etcd, [])
    expect(etcd.asked).toEqual([['https://127.0.0.1:2379']])
  })
  test.each<[string, Paths]>([
    ['ETCD_ENDPOINTS is in a ConfigMap that may not be read', {...onEtcd, [paths.config]: forbidden('configmaps')}],
    ['ETCD_ENDPOINTS is empty', {...onEtcd, [paths.daemonSets]: [daemonSet({env: {DATASTORE_TYPE: 'etcdv3', ETCD_ENDPOINTS: ''}})]}],
    ['ETCD_ENDPOINTS is not set', {...onEtcd, [paths.daemonSets]: [daemonSet({env: {DATASTORE_TYPE: 'etcdv3'}})]}],
  ])('%s: unknown, with the flag that helps', async (_, given) => {
    const etcd = fakeEtcd()
    const {ipPools, apiGroup} = await facts(etcd, ['ipPools'], given)
    expect(ipPools).toMatchObject({known: false, why: 'not-collected', detail: expect.stringContaining('--etcd-endpoints')})
    expect(apiGroup).toMatchObject({known: true, value: {mode: 'etcd'}, partial: expect.stringContaining('--etcd-endpoints')})
    expect(etcd.asked).toEqual([])
  })
})

describe('--datastore', () => {
  const pool = {[`${kindPrefix('ippools')}own`]: {metadata: {name: 'own'}, spec: {cidr: '10.0.0.0/16'}}}
  const asked = (datastore: DatastoreType) => fakeEtcd({keys: pool, datastore, endpoints: ['https://e:2379']})
  test('etcd, where the DaemonSet may not be seen', async () => {
    const closed = Object.fromEntries(
      [paths.daemonSets, ...['kube-system', 'calico-system'].map(paths.daemonSetsOf)].map(path => [path, forbidden('daemonsets')]),
    )
    const {ipPools} = await facts(asked('etcdv3'), ['ipPools'], {...onEtcd, ...closed})
    expect(ipPools).toEqual({known: true, value: [{name: 'own', spec: {cidr: '10.0.0.0/16'}}]})
  })
  test('etcd, and calico-node reads from Kubernetes: seen, and good for no pass', async () => {
    const {ipPools, nodes} = await facts(asked('etcdv3'), ['ipPools', 'nodes'], upstream)
    expect(ipPools).toMatchObject({value: [{name: 'own'}], partial: 'calico-node reads from another datastore (kubernetes)'})
    expect(nodes).toMatchObject({known: true, partial: 'calico-node reads from another datastore (kubernetes)'})
  })
  test('kubernetes, and calico-node reads from etcd: as well', async () => {
    const {ipPools, nodes} = await facts(asked('kubernetes'), ['ipPools', 'nodes'])
    expect(ipPools).toMatchObject({value: [{name: 'leftover'}], partial: 'calico-node reads from another datastore (etcdv3)'})
    expect(nodes).toMatchObject({known: true, partial: 'calico-node reads from another datastore (etcdv3)'})
  })
})

describe('resources', () => {
  const object = (plural: string, name: string, spec: object, metadata: object = {}) => ({
    [kindPrefix(plural) + name]: {apiVersion: 'projectcalico.org/v3', metadata: {name, ...metadata}, spec},
  })
  test('are read as they are: an annotation of the v1 CRDs hides nothing here', async () => {
    const keys = {
      ...object('ippools', 'default-ipv4-ippool', {cidr: '10.0.0.0/16', ipipMode: 'Always'}, {annotations: {'projectcalico.org/metadata': '{"name":"other"}'}}),
      ...object('bgppeers', 'tor', {peerIP: '10.0.0.1', asNumber: 64_600}),
      ...object('bgpconfigurations', 'default', {nodeToNodeMeshEnabled: false, asNumber: 64_600}),
      ...object('felixconfigurations', 'default', {vxlanMTU: 1400}),
      ...object('clusterinformations', 'default', {datastoreReady: true, calicoVersion: 'v3.29.6'}),
    }
    const table = await facts(fakeEtcd({keys}), ['ipPools', 'bgpPeers', 'bgpConfigurations', 'felixConfigurations', 'clusterInformation'])
    expect(table).toMatchObject({
      ipPools: known([{name: 'default-ipv4-ippool', spec: {cidr: '10.0.0.0/16', ipipMode: 'Always'}}]),
      bgpPeers: known([{name: 'tor', spec: {peerIP: '10.0.0.1', asNumber: 64_600}}]),
      bgpConfigurations: known([{name: 'default', spec: {nodeToNodeMeshEnabled: false, asNumber: 64_600}}]),
      felixConfigurations: known([{name: 'default', spec: {vxlanMTU: 1400}}]),
      clusterInformation: known({name: 'default', spec: {datastoreReady: true, calicoVersion: 'v3.29.6'}}),
    })
  })
  test('none of a kind is empty, and no ClusterInformation is absent: etcd has said so', async () => {
    const table = await facts(fakeEtcd(), ['ipPools', 'clusterInformation'])
    expect(table.ipPools).toEqual(known([]))
    expect(table.clusterInformation).toMatchObject({known: false, why: 'absent'})
  })
  test('a value that is no JSON is kept by its name, and partial', async () => {
    const {ipPools} = await facts(fakeEtcd({keys: {[`${kindPrefix('ippools')}torn`]: '{"spec":'}}), ['ipPools'])
    expect(ipPools).toEqual({known: true, value: [{name: 'torn', spec: {cidr: ''}}], partial: 'could not be read: IPPool torn: its JSON'})
  })
  test('nothing of it when no endpoint answers: the same cause for each', async () => {
    const table = await facts(fakeEtcd({reached: down}), ['ipPools', 'clusterInformation', 'calicoNodes'])
    for (const fact of [table.ipPools, table.clusterInformation, table.calicoNodes]) expect(fact).toEqual(down)
    expect(table.apiGroup).toMatchObject({known: true, partial: down.detail})
  })
})

describe("Calico's nodes", () => {
  const node = (name: string, spec: object, more: object = {}) => ({[`${kindPrefix('nodes')}${name}`]: {metadata: {name}, spec, ...more}})
  const all = {
    ipv4Address: '10.0.0.1/24',
    ipv6Address: 'fd00::1/64',
    ipv4IPIPTunnelAddr: '10.244.0.1',
    asNumber: 64_601,
    routeReflectorClusterID: '244.0.0.1',
  }
  const full = {
    metadata: {name: 'calico-a', labels: {'route-reflector': 'true'}},
    spec: {
      bgp: all,
      ipv4VXLANTunnelAddr: '10.244.0.2',
      ipv6VXLANTunnelAddr: 'fd00:1::2',
      vxlanTunnelMACAddr: '66:00:00:00:00:01',
      vxlanTunnelMACAddrV6: '66:00:00:00:00:02',
      wireguard: {interfaceIPv4Address: '10.244.0.3'},
      orchRefs: [
        {orchestrator: 'openstack', nodeName: 'other'},
        {orchestrator: 'k8s', nodeName: 'a'},
      ],
    },
    status: {wireguardPublicKey: 'key'},
  }
  test('hold what annotations hold elsewhere', () => {
    expect(projectCalicoNode({name: 'calico-a', object: full})).toEqual({
      name: 'calico-a',
      kubernetesName: 'a',
      labels: {'route-reflector': 'true'},
      calico: {
        ipv4: '10.0.0.1/24',
        ipv6: 'fd00::1/64',
        ipipTunnel: '10.244.0.1',
        vxlanTunnel: '10.244.0.2',
        vxlanTunnelV6: 'fd00:1::2',
        vxlanMac: '66:00:00:00:00:01',
        vxlanMacV6: '66:00:00:00:00:02',
        asNumber: '64601',
        routeReflectorClusterId: '244.0.0.1',
        wireguardAddress: '10.244.0.3',
        wireguardKey: 'key',
      },
    })
  })
  test('never throw', () => {
    fc.assert(fc.property(fc.jsonValue(), object => void projectCalicoNode({name: 'x', object})))
  })
  test('take the place of annotations, with the labels that selectors look at', async () => {
    const keys = {
      [`${kindPrefix('nodes')}calico-a`]: full,
      ...node('b', {bgp: {ipv4Address: '10.0.0.2/24'}}),
      ...node('gone', {bgp: {ipv4Address: '10.0.0.7/24'}}),
    }
    const table = await facts(fakeEtcd({keys}), ['nodes', 'calicoNodes'])
    // Kubernetes has a, b and c, each with an annotation of an earlier time.
    expect(table.nodes).toMatchObject({
      known: true,
      value: [
        {name: 'a', calicoNode: 'calico-a', labels: {'route-reflector': 'true', 'kubernetes.io/os': 'linux'}, calico: {ipv4: '10.0.0.1/24', asNumber: '64601'}},
        {name: 'b', calicoNode: 'b', calico: {ipv4: '10.0.0.2/24'}},
        {name: 'c', calico: {}},
      ],
    })
    expect(table.nodes).not.toHaveProperty('partial')
    expect(table.calicoNodes.known && table.calicoNodes.value.map(({name}) => name)).toEqual(['calico-a', 'b', 'gone'])
  })
  test('not seen: no annotation stands in for them, and nothing passes', async () => {
    const {nodes} = await facts(fakeEtcd({reached: down}), ['nodes'])
    expect(nodes).toMatchObject({
      known: true,
      value: [{calico: {}}, {calico: {}}, {calico: {}}],
      partial: 'what Calico keeps of them in etcd was not seen (unreachable)',
    })
  })
  test('not seen though etcd answers: nothing is concluded from nodes without addresses', async () => {
    const {nodes} = await facts(fakeEtcd({list: async () => unknown('forbidden', 'permission denied')}), ['nodes'])
    expect(nodes).toMatchObject({known: false, why: 'forbidden'})
  })
  test('one that is no JSON', async () => {
    const {nodes} = await facts(fakeEtcd({keys: {[`${kindPrefix('nodes')}a`]: 'torn'}}), ['nodes'])
    expect(nodes).toMatchObject({known: true, partial: 'could not be read: Node a'})
  })
  test('on the Kubernetes datastore there are none, and annotations count', async () => {
    const table = await facts(fakeEtcd(), ['nodes', 'calicoNodes'], upstream)
    expect(table.calicoNodes).toMatchObject({known: false, why: 'absent'})
    expect(table.nodes).toMatchObject({known: true, value: [{calico: {ipv4: '10.0.0.1/24'}}, {}, {}]})
  })
})

import {describe, expect, test} from 'vitest'
import {factsOf} from './facts-of.ts'
import {fakeCluster, forbidden, type Paths} from './fake-cluster.ts'
import * as shapes from './shapes.ts'

const {paths, upstream, daemonSet, configMap, deployment, installation} = shapes
const datastoreIn = async (given: Paths) => (await factsOf(fakeCluster(given), ['datastore'])).datastore
const claims = async (given: Paths) => {
  const datastore = await datastoreIn(given)
  return datastore.known ? datastore.value.claims.map(({component, type}) => `${component} ${type}`).sort() : datastore
}

describe('calico-node’s environment', () => {
  test('keys of the ConfigMap are filled in, the node’s own fields are not', async () => {
    const {nodeEnv} = await factsOf(fakeCluster({...upstream, [paths.daemonSets]: [daemonSet({env: shapes.kubesprayEnv})]}), ['nodeEnv'])
    expect(nodeEnv).toMatchObject({
      value: {
        CALICO_NETWORKING_BACKEND: {value: 'bird', source: 'ConfigMap kube-system/calico-config key calico_backend'},
        NODENAME: {unresolved: 'fieldRef spec.nodeName'},
        IP_AUTODETECTION_METHOD: {value: 'can-reach=$(NODEIP)'},
      },
    })
  })
  test('a ConfigMap that may not be read leaves the reason', async () => {
    const {nodeEnv} = await factsOf(fakeCluster({...upstream, [paths.config]: forbidden('configmaps')}), ['nodeEnv'])
    expect(nodeEnv).toMatchObject({
      value: {CALICO_NETWORKING_BACKEND: {unresolved: expect.stringContaining('forbidden')}, DATASTORE_TYPE: {value: 'kubernetes'}},
    })
  })
  test('the ConfigMap is the one that the DaemonSet names', async () => {
    const cluster = fakeCluster({
      ...upstream,
      [paths.daemonSets]: [daemonSet({configMap: 'calico-settings'})],
      '/api/v1/namespaces/kube-system/configmaps/calico-settings': configMap({}, 'calico-settings'),
    })
    expect((await factsOf(cluster, ['calicoConfig'])).calicoConfig).toMatchObject({value: {name: 'calico-settings'}})
  })
  test('a ConfigMap of somebody else comes first in the environment', async () => {
    const env = {HTTP_PROXY: {key: 'http', of: 'proxy-settings'}, ...shapes.upstreamEnv}
    expect((await factsOf(fakeCluster({...upstream, [paths.daemonSets]: [daemonSet({env})]}), ['calicoConfig'])).calicoConfig).toMatchObject({
      value: {name: 'calico-config'},
    })
  })
  test('under the operator there is none, and none is asked for', async () => {
    const cluster = fakeCluster({[paths.daemonSets]: [daemonSet({namespace: 'calico-system', owner: 'Installation'})]})
    expect((await factsOf(cluster, ['calicoConfig'])).calicoConfig).toMatchObject({known: false, why: 'absent'})
    expect(cluster.asked.filter(path => path.includes('configmaps/c'))).toEqual([])
  })
})

describe('datastore', () => {
  test('kubernetes, and everybody says so', async () => {
    expect(await claims(upstream)).toEqual(['calico-node kubernetes', 'cni kubernetes', 'kube-controllers kubernetes'])
  })
  test('etcd by its endpoints alone', async () => {
    const etcd = configMap({etcd_endpoints: 'https://10.0.0.9:2379', cni_network_config: shapes.cniConfig('"etcd_endpoints": "__ETCD_ENDPOINTS__",')})
    const given = {...upstream, [paths.daemonSets]: [daemonSet({env: shapes.etcdEnv})], [paths.config]: etcd, [paths.deploymentsOf('kube-system')]: []}
    expect(await claims(given)).toEqual(['calico-node etcdv3', 'cni etcdv3'])
  })
  test('nothing set: what the client library finds, and Felix’s own default beside it', async () => {
    const given = {...upstream, [paths.daemonSets]: [daemonSet({env: {CLUSTER_TYPE: 'k8s,bgp'}})]}
    expect(await datastoreIn(given)).toMatchObject({value: {type: 'kubernetes'}})
    expect(await claims(given)).toContain('felix etcdv3')
  })
  test('endpoints left over beside DATASTORE_TYPE=kubernetes: Felix takes etcd', async () => {
    const given = {...upstream, [paths.daemonSets]: [daemonSet({env: {...shapes.upstreamEnv, ETCD_ENDPOINTS: 'http://10.0.0.9:2379'}})]}
    expect(await claims(given)).toEqual(['calico-node kubernetes', 'cni kubernetes', 'felix etcdv3', 'kube-controllers kubernetes'])
  })
  test('Typha without TYPHA_DATASTORETYPE is on etcd', async () => {
    const given = {...upstream, [paths.deploymentsOf('kube-system')]: [deployment('calico-typha', 'calico-typha')]}
    expect(await claims(given)).toContain('typha etcdv3')
  })
  test('the operator knows kubernetes alone', async () => {
    const given = {
      [paths.daemonSets]: [daemonSet({namespace: 'calico-system', owner: 'Installation', env: shapes.operatorEnv})],
      [paths.installation]: installation(),
    }
    expect(await claims({...given, [paths.deploymentsOf('calico-system')]: []})).toEqual(['calico-node kubernetes', 'installation kubernetes'])
  })
  test('the ConfigMap that decides may not be read: forbidden', async () => {
    const env = {...shapes.upstreamEnv, DATASTORE_TYPE: {key: 'datastore'}}
    expect(await datastoreIn({...upstream, [paths.daemonSets]: [daemonSet({env})], [paths.config]: forbidden('configmaps')})).toMatchObject({
      known: false,
      why: 'forbidden',
    })
  })
  test('a type that no component knows is no answer', async () => {
    expect(await datastoreIn({...upstream, [paths.daemonSets]: [daemonSet({env: {DATASTORE_TYPE: 'etcd2'}})]})).toMatchObject({known: false, why: 'failed'})
  })
})

describe('BGP settings', () => {
  const bgpIn = async (given: Paths) => (await factsOf(fakeCluster(given), ['bgpSettings'])).bgpSettings
  test('defaults', async () => {
    expect(await bgpIn(upstream)).toEqual({
      known: true,
      value: {backend: 'bird', backendSource: 'ConfigMap kube-system/calico-config key calico_backend', mesh: true, asNumber: '64512', listenPort: 179},
    })
  })
  test('BGPConfiguration default rules, others do not', async () => {
    const configurations = [
      {metadata: {name: 'node.a'}, spec: {asNumber: 65002}},
      {metadata: {name: 'default'}, spec: {asNumber: '65001', nodeToNodeMeshEnabled: false, listenPort: 500}},
    ]
    expect(await bgpIn({...upstream, [paths.v1('bgpconfigurations')]: configurations})).toMatchObject({
      value: {mesh: false, asNumber: '65001', listenPort: 500},
    })
  })
  test('BGPConfiguration forbidden: the backend stands, the rest is a guess and says so', async () => {
    expect(await bgpIn({...upstream, [paths.v1('bgpconfigurations')]: forbidden('bgpconfigurations')})).toMatchObject({
      value: {backend: 'bird'},
      partial: expect.stringContaining('forbidden'),
    })
  })
  test('without BIRD nobody needs BGPConfiguration', async () => {
    const given = {...upstream, [paths.config]: configMap({calico_backend: 'vxlan'}), [paths.v1('bgpconfigurations')]: forbidden('bgpconfigurations')}
    expect(await bgpIn(given)).toMatchObject({known: true, value: {backend: 'vxlan'}})
    expect(await bgpIn(given)).not.toHaveProperty('partial')
  })
  test('the ConfigMap forbidden: nobody knows', async () => {
    expect(await bgpIn({...upstream, [paths.config]: forbidden('configmaps')})).toMatchObject({known: false, why: 'forbidden'})
  })
})

describe('dataplane', () => {
  const dataplaneIn = async (given: Paths) => (await factsOf(fakeCluster(given), ['dataplane'])).dataplane
  const felix = (spec: object) => ({[paths.v1('felixconfigurations')]: [{metadata: {name: 'default'}, spec}]})
  const env = (more: Record<string, string>) => ({[paths.daemonSets]: [daemonSet({env: {...shapes.upstreamEnv, ...more}})]})
  test.each([
    ['nothing said', {}, 'iptables'],
    ['FelixConfiguration', felix({bpfEnabled: true}), 'ebpf'],
    ['the environment beats FelixConfiguration', {...felix({bpfEnabled: true}), ...env({FELIX_BPFENABLED: 'False'})}, 'iptables'],
    ['the environment', env({FELIX_BPFENABLED: 'yes'}), 'ebpf'],
    ['nftables', felix({nftablesMode: 'Enabled'}), 'nftables'],
    ['nftables by the environment', env({FELIX_NFTABLESMODE: 'Enabled'}), 'nftables'],
    ['Auto follows kube-proxy, and is iptables unless told', felix({nftablesMode: 'Auto'}), 'iptables'],
  ])('%s', async (_name, more, kind) => expect(await dataplaneIn({...upstream, ...more})).toMatchObject({known: true, value: {kind}}))
  test('operator', async () => {
    const given = {
      ...upstream,
      [paths.daemonSets]: [daemonSet({namespace: 'calico-system', owner: 'Installation', env: shapes.operatorEnv})],
      [paths.installation]: installation({linuxDataplane: 'BPF'}),
    }
    expect(await dataplaneIn(given)).toMatchObject({value: {kind: 'ebpf', source: 'Installation spec.calicoNetwork.linuxDataplane'}})
  })
  test('an Installation that is left over beside a manifest install rules nothing', async () => {
    expect(await dataplaneIn({...upstream, [paths.installation]: installation({linuxDataplane: 'BPF'})})).toMatchObject({value: {kind: 'iptables'}})
  })
  test('FelixConfiguration forbidden decides nothing, unless the environment does', async () => {
    const closed = {[paths.v1('felixconfigurations')]: forbidden('felixconfigurations')}
    expect(await dataplaneIn({...upstream, ...closed})).toMatchObject({known: false, why: 'forbidden'})
    expect(await dataplaneIn({...upstream, ...closed, ...env({FELIX_BPFENABLED: 'true'})})).toEqual({
      known: true,
      value: {kind: 'ebpf', source: 'env FELIX_BPFENABLED'},
    })
  })
})

describe('encapsulation', () => {
  const encapsulationIn = async (given: Paths) => (await factsOf(fakeCluster(given), ['encapsulation'])).encapsulation
  const pools = (...specs: readonly object[]) => ({[paths.v1('ippools')]: specs.map((spec, index) => ({metadata: {name: `pool-${index}`}, spec}))})
  test.each([
    ['no pool', pools(), 'none'],
    ['IPIP', pools({cidr: '10.0.0.0/16', ipipMode: 'Always'}), 'IPIP'],
    ['VXLAN across subnets', pools({cidr: '10.0.0.0/16', vxlanMode: 'CrossSubnet', ipipMode: 'Never'}), 'VXLAN CrossSubnet'],
    ['two kinds', pools({cidr: '10.0.0.0/16', vxlanMode: 'Always'}, {cidr: '10.1.0.0/16', ipipMode: 'Always'}), 'IPIP + VXLAN'],
    ['disabled pools do not count', pools({cidr: '10.0.0.0/16', ipipMode: 'Always', disabled: true}, {cidr: '10.1.0.0/16'}), 'none'],
    ['pools for load balancers do not count', pools({cidr: '10.0.0.0/16', ipipMode: 'Always', allowedUses: ['LoadBalancer']}), 'none'],
  ])('%s', async (_name, more, title) => expect(await encapsulationIn({...upstream, ...more})).toMatchObject({known: true, value: {title}}))
  test('a mode that Calico does not know carries no pass', async () => {
    expect(await encapsulationIn({...upstream, ...pools({cidr: '10.0.0.0/16', ipipMode: 'CoressSubnet'})})).toMatchObject({
      partial: expect.stringContaining('pool-0: ipipMode'),
    })
  })
  test('WireGuard', async () => {
    const given = {...upstream, [paths.v1('felixconfigurations')]: [{metadata: {name: 'default'}, spec: {wireguardEnabled: true}}]}
    expect(await encapsulationIn(given)).toMatchObject({value: {title: 'none + WireGuard', wireguard: true}})
  })
  test('pools forbidden', async () => {
    expect(await encapsulationIn({...upstream, [paths.v1('ippools')]: forbidden('ippools')})).toMatchObject({known: false, why: 'forbidden'})
  })
})

describe('version', () => {
  const versionIn = async (given: Paths) => (await factsOf(fakeCluster(given), ['calicoVersion'])).calicoVersion
  const running = (image: string) => ({...upstream, [paths.daemonSets]: [daemonSet({image})]})
  const information = (calicoVersion: string) => ({[paths.v1('clusterinformations/default')]: {metadata: {name: 'default'}, spec: {calicoVersion}}})
  test('image tag', async () => expect(await versionIn(upstream)).toMatchObject({value: {version: '3.29.1', source: 'image docker.io/calico/node:v3.29.1'}}))
  test('a tag that is no version leaves it to ClusterInformation', async () => {
    expect(await versionIn({...running('quay.io/calico/node:master'), ...information('v3.33.0-0.dev')})).toMatchObject({
      value: {version: '3.33.0', source: 'ClusterInformation default'},
    })
  })
  test('a digest alone, and ClusterInformation forbidden', async () => {
    const given = {...running('quay.io/calico/node@sha256:abc'), [paths.v1('clusterinformations/default')]: forbidden('clusterinformations')}
    expect(await versionIn(given)).toMatchObject({known: false, why: 'forbidden'})
  })
})

describe('Typha’s Service', () => {
  const service = '/api/v1/namespaces/kube-system/services/calico-typha'
  const slices = '/apis/discovery.k8s.io/v1/namespaces/kube-system/endpointslices'
  const typhaIn = (given: Paths) => factsOf(fakeCluster(given), ['typhaService', 'typhaEndpoints'])
  const withTypha = {...upstream, [paths.daemonSets]: [daemonSet({env: shapes.withTypha})], [paths.config]: configMap({typha_service_name: 'calico-typha'})}
  test('none is configured', async () => {
    for (const typha_service_name of ['none', '', 'None'])
      expect((await typhaIn({...withTypha, [paths.config]: configMap({typha_service_name})})).typhaService).toMatchObject({known: false, why: 'not-collected'})
  })
  test('configured and absent', async () => expect((await typhaIn(withTypha)).typhaService).toMatchObject({known: false, why: 'absent'}))
  test('there, with its endpoints', async () => {
    const slice = (endpoints: object[]) => ({metadata: {labels: {'kubernetes.io/service-name': 'calico-typha'}}, endpoints})
    const {typhaService, typhaEndpoints} = await typhaIn({
      ...withTypha,
      [service]: {
        metadata: {name: 'calico-typha', namespace: 'kube-system'},
        spec: {clusterIP: '10.96.0.7', ports: [{port: 5473}], selector: {'k8s-app': 'calico-typha'}},
      },
      [slices]: [
        slice([
          {addresses: ['10.0.0.1'], conditions: {ready: true}},
          {addresses: ['10.0.0.2'], conditions: {ready: false}},
        ]),
        slice([{addresses: ['10.0.0.3']}]),
        {metadata: {labels: {'kubernetes.io/service-name': 'other'}}, endpoints: [{addresses: ['10.9.9.9']}]},
      ],
    })
    expect(typhaService).toMatchObject({value: {clusterIps: ['10.96.0.7'], ports: [5473]}})
    expect(typhaEndpoints).toEqual({known: true, value: {ready: ['10.0.0.1', '10.0.0.3'], notReady: ['10.0.0.2']}})
  })
  test('the ConfigMap forbidden: nobody knows its name', async () => {
    expect((await typhaIn({...withTypha, [paths.config]: forbidden('configmaps')})).typhaService).toMatchObject({known: false, why: 'forbidden'})
  })
})

describe('service CIDRs', () => {
  const cidrsIn = async (given: Paths) => (await factsOf(fakeCluster(given), ['serviceCidrs'])).serviceCidrs
  const kubernetes = {'/api/v1/namespaces/default/services/kubernetes': {metadata: {name: 'kubernetes'}, spec: {clusterIPs: ['10.96.0.1', 'fd00::1']}}}
  const objects = '/apis/networking.k8s.io/v1/servicecidrs'
  const kubeadm = (networking: string) => ({
    '/api/v1/namespaces/kube-system/configmaps/kubeadm-config': {data: {ClusterConfiguration: `kind: ClusterConfiguration\nnetworking:\n${networking}`}},
  })
  const apiServer = {
    metadata: {labels: {component: 'kube-apiserver'}},
    spec: {containers: [{command: ['kube-apiserver', '--service-cluster-ip-range=10.96.0.0/12,fd00::/112']}]},
  }
  test('from every place that says it, once', async () => {
    const given = {
      ...upstream,
      ...kubernetes,
      ...kubeadm('  serviceSubnet: 10.96.0.0/12\n  podSubnet: 10.244.0.0/16'),
      [objects]: [{spec: {cidrs: ['10.96.0.0/12']}}],
    }
    expect(await cidrsIn({...given, [paths.podsOf('kube-system')]: [apiServer]})).toEqual({
      known: true,
      value: {
        cidrs: [
          {cidr: '10.96.0.0/12', source: 'ServiceCIDR objects, kube-apiserver --service-cluster-ip-range, ConfigMap kube-system/kubeadm-config serviceSubnet'},
          {cidr: 'fd00::/112', source: 'kube-apiserver --service-cluster-ip-range'},
        ],
        kubernetesIps: ['10.96.0.1', 'fd00::1'],
      },
    })
  })
  test('nobody says it: only the Service’s address is sure', async () => {
    expect(await cidrsIn({...upstream, ...kubernetes})).toEqual({known: true, value: {cidrs: [], kubernetesIps: ['10.96.0.1', 'fd00::1']}})
  })
  test('nobody says it, and one who might was not seen', async () => {
    expect(await cidrsIn({...upstream, ...kubernetes, [objects]: forbidden('servicecidrs')})).toMatchObject({
      partial: expect.stringContaining('ServiceCIDR objects (forbidden)'),
    })
  })
  test('kubeadm’s file that is no YAML is a failure, not an empty answer', async () => {
    const facts = await factsOf(fakeCluster({...upstream, '/api/v1/namespaces/kube-system/configmaps/kubeadm-config': {data: {ClusterConfiguration: '{['}}}), [
      'kubeadmNetworking',
    ])
    expect(facts.kubeadmNetworking).toMatchObject({known: false, why: 'failed'})
  })
  test('a managed control plane shows no API server', async () => {
    expect((await factsOf(fakeCluster(upstream), ['apiServerServiceRanges'])).apiServerServiceRanges).toMatchObject({known: false, why: 'absent'})
  })
})

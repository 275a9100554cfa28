import {describe, expect, test} from 'vitest'
import {factsOf} from './facts-of.ts'
import {fakeCluster, forbidden, type Paths} from './fake-cluster.ts'
import * as shapes from './shapes.ts'

const {paths, upstream, daemonSet, configMap, node, installation} = shapes
const installIn = async (given: Paths) => (await factsOf(fakeCluster(given), ['install'])).install
const flavourIn = async (given: Paths) => {
  const install = await installIn(given)
  return install.known ? install.value.flavour : install.why
}

describe('flavours', () => {
  test('upstream manifest', async () => {
    expect(await installIn(upstream)).toMatchObject({
      known: true,
      value: {flavour: 'manifest', namespace: 'kube-system', daemonSet: 'calico-node', configMap: 'calico-config', others: []},
    })
  })
  test('operator, told by the owner of the DaemonSet', async () => {
    const given = {[paths.daemonSets]: [daemonSet({namespace: 'calico-system', env: shapes.operatorEnv, owner: 'Installation'})]}
    expect(await installIn({...given, [paths.installation]: installation({}, {kubernetesProvider: 'AKS'})})).toMatchObject({
      value: {flavour: 'operator', namespace: 'calico-system', provider: 'AKS'},
    })
    expect(await flavourIn({...given, [paths.installation]: forbidden('installations')})).toBe('operator')
  })
  test('operator by Helm', async () => {
    const release = {...installation(), metadata: {name: 'default', annotations: {'meta.helm.sh/release-name': 'calico'}}}
    const given = {[paths.daemonSets]: [daemonSet({namespace: 'calico-system', owner: 'Installation'})], [paths.installation]: release}
    expect(await installIn(given)).toMatchObject({value: {helmRelease: 'calico'}})
  })
  test('canal, also under the name that RKE2 gives it', async () => {
    const beside = [{name: 'kube-flannel', image: 'docker.io/flannel/flannel:v0.24.4'}]
    const env = {DATASTORE_TYPE: 'kubernetes', CALICO_NETWORKING_BACKEND: 'none', CLUSTER_TYPE: 'k8s,canal'}
    expect(await flavourIn({[paths.daemonSets]: [daemonSet({name: 'canal', beside, env})]})).toBe('canal')
    expect(await flavourIn({[paths.daemonSets]: [daemonSet({name: 'rke2-canal', beside, env: {}})]})).toBe('canal')
  })
  test('Kubespray, by its ConfigMap, and without it by its variables', async () => {
    const given = {...upstream, [paths.daemonSets]: [daemonSet({env: shapes.kubesprayEnv})]}
    expect(await flavourIn({...given, [paths.config]: configMap({cluster_type: 'kubespray,bgp'})})).toBe('kubespray')
    expect(await flavourIn({...given, [paths.config]: forbidden('configmaps')})).toBe('kubespray')
  })
  test('Kubespray on etcd is Kubespray', async () => {
    const given = {...upstream, [paths.daemonSets]: [daemonSet({env: shapes.etcdEnv, annotations: {'kubespray.etcd-cert/serial': '17'}})]}
    expect(await flavourIn(given)).toBe('kubespray')
  })
  test('Platform9', async () => {
    expect(await flavourIn({...upstream, [paths.daemonSets]: [daemonSet({env: shapes.pmkEnv})]})).toBe('pmk')
  })
  test('Tanzu, by its nodes or its registry', async () => {
    const tanzu = {[paths.nodes]: [node('a', {'run.tanzu.vmware.com/tkr': 'v1.27.11---vmware.1'})]}
    expect(await installIn({...upstream, ...tanzu})).toMatchObject({value: {flavour: 'tkg', provider: 'TKG'}})
    const image = 'projects.registry.vmware.com/tkg/calico-all/node:v3.26.1_vmware.1'
    expect(await flavourIn({...upstream, [paths.daemonSets]: [daemonSet({image})]})).toBe('tkg')
  })
  test('etcd manifest', async () => {
    expect(await flavourIn({...upstream, [paths.daemonSets]: [daemonSet({env: shapes.etcdEnv})]})).toBe('etcd-manifest')
  })
})

describe('what is not there, and what is not seen', () => {
  test('no Calico is absent', async () => {
    const facts = await factsOf(fakeCluster({...upstream, [paths.daemonSets]: []}), ['install', 'calicoNamespaces', 'calicoConfig', 'nodeEnv'])
    expect(facts.install).toMatchObject({known: false, why: 'absent'})
    expect(facts.nodeEnv).toMatchObject({known: false, why: 'absent'})
    expect(facts.calicoConfig).toMatchObject({known: false, why: 'absent'})
    expect(facts.calicoNamespaces).toEqual({known: true, value: []})
  })
  test('no right to list DaemonSets anywhere is forbidden', async () => {
    const closed = ['kube-system', 'calico-system'].map(paths.daemonSetsOf)
    const given = Object.fromEntries([paths.daemonSets, ...closed].map(path => [path, forbidden('daemonsets')]))
    const facts = await factsOf(fakeCluster(given), ['install', 'calicoNamespaces'])
    expect(facts.install).toMatchObject({known: false, why: 'forbidden'})
    expect(facts.calicoNamespaces).toMatchObject({known: true, value: ['kube-system', 'calico-system'], partial: expect.stringContaining('forbidden')})
  })
  test('rights in the usual namespaces only: found there, and partial', async () => {
    const given = {
      ...upstream,
      [paths.daemonSets]: forbidden('daemonsets'),
      [paths.daemonSetsOf('kube-system')]: [daemonSet()],
      [paths.daemonSetsOf('calico-system')]: [],
    }
    const facts = await factsOf(fakeCluster(given), ['install', 'calicoNamespaces', 'calicoPods'])
    expect(facts.install).toMatchObject({known: true, value: {flavour: 'manifest'}, partial: expect.stringContaining('kube-system and calico-system')})
    expect(facts.calicoNamespaces).toEqual({known: true, value: ['kube-system']})
    expect(facts.calicoPods).toEqual({known: true, value: []})
  })
  test('nothing in the usual namespaces, and others closed, is not absent', async () => {
    const given = {[paths.daemonSets]: forbidden('daemonsets'), [paths.daemonSetsOf('kube-system')]: [], [paths.daemonSetsOf('calico-system')]: []}
    expect(await installIn(given)).toMatchObject({known: false, why: 'forbidden'})
  })
  test('a plain manifest may be an installer whose marks were not seen', async () => {
    expect(await installIn({...upstream, [paths.nodes]: forbidden('nodes')})).toMatchObject({
      value: {flavour: 'manifest'},
      partial: expect.stringContaining('nodes'),
    })
    const given = {...upstream, [paths.daemonSets]: [daemonSet({env: shapes.pmkEnv})], [paths.nodes]: forbidden('nodes')}
    expect((await installIn(given)) as object).not.toHaveProperty('partial')
  })
})

test('of two installs the one with more pods is it, and the other is named', async () => {
  const given = {
    ...upstream,
    [paths.daemonSets]: [
      daemonSet({desired: 2}),
      daemonSet({namespace: 'calico-system', owner: 'Installation', desired: 10}),
      daemonSet({name: 'calico-node-windows', desired: 40}),
    ],
  }
  expect(await installIn(given)).toMatchObject({value: {flavour: 'operator', others: ['kube-system/calico-node']}})
})
test('DaemonSets of others are not Calico', async () => {
  const proxy = daemonSet({name: 'kube-proxy'})
  proxy.spec.template.spec.containers = [{name: 'kube-proxy'}]
  const facts = await factsOf(fakeCluster({...upstream, [paths.daemonSets]: [proxy, daemonSet()]}), ['calicoDaemonSets'])
  expect(facts.calicoDaemonSets).toMatchObject({value: [{name: 'calico-node', desired: 3, ready: 3}]})
})

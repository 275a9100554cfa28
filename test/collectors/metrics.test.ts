import {describe, expect, test} from 'vitest'
import {felixTarget, metricsPath, typhaTarget} from '../../src/calico/metrics-target.ts'
import {askFelixMetrics, askKubeControllersMetrics} from '../../src/collectors/ask-metrics.ts'
import {atMost} from '../../src/collectors/at-most.ts'
import {change, type SimulatedCluster} from '../../src/demo/index.ts'
import {type Collected, known, unknown, valueOf} from '../../src/engine/collected.ts'
import type {FactTable} from '../../src/engine/facts.ts'
import {lookAt} from '../demo/look.ts'
import {simulated} from '../helpers/simulated.ts'
import {fakeCluster} from './fake-cluster.ts'

const wanted = ['felixMetrics', 'typhaMetrics', 'kubeControllersMetrics'] as const
const look = async (sim: Pick<SimulatedCluster, 'kubeconfig'>) => (await lookAt(sim, [], wanted)).table
const felix = ({state}: SimulatedCluster, spec: object) =>
  change(state, {resource: 'felixconfigurations.crd.projectcalico.org', name: 'default'}, object => Object.assign(object.spec, spec))
const typhasOn = ({state}: SimulatedCluster) => {
  const on = (spec: any) =>
    spec.containers[0].env.push({name: 'TYPHA_PROMETHEUSMETRICSENABLED', value: 'true'}, {name: 'TYPHA_PROMETHEUSMETRICSPORT', value: '9098'})
  change(state, {resource: 'deployments.apps', name: 'calico-typha'}, ({spec}) => on(spec.template.spec))
  for (const {metadata} of podsOf(state, 'calico-typha')) change(state, {resource: 'pods', name: metadata.name}, ({spec}) => on(spec))
}
const podsOf = ({objects}: SimulatedCluster['state'], app: string) => objects.pods!.filter(({metadata}) => metadata.labels?.['k8s-app'] === app)
const podOn = ({state}: SimulatedCluster, node: string) => podsOf(state, 'calico-node').find(({spec}) => (spec as any).nodeName === node)!
const proxied = ({requests}: SimulatedCluster) => requests.filter(({path}) => path.includes('/proxy/'))
const node = (table: FactTable, name: string): Collected<any> => (table.felixMetrics.known ? table.felixMetrics.value[name]! : table.felixMetrics)

describe('of a simulated cluster', () => {
  test('switched off: absent on every node, with the setting, and nobody is asked', async () => {
    const {sim} = await simulated({nodes: 4})
    const table = await look(sim)
    const nodes = Object.values(valueOf(table.felixMetrics)!)
    expect(nodes).toHaveLength(4)
    for (const one of nodes)
      expect(one).toEqual(
        unknown('absent', "Felix's metrics are off (the default); prometheusMetricsEnabled: true in FelixConfiguration default switches them on"),
      )
    expect(table.typhaMetrics).toMatchObject({known: false, why: 'absent', detail: expect.stringContaining('TYPHA_PROMETHEUSMETRICSENABLED=true')})
    expect(proxied(sim).map(({path}) => path)).toEqual([expect.stringContaining(':9094/proxy/metrics')])
  })

  test('switched on: every node, every Typha, kube-controllers', async () => {
    const {sim} = await simulated({nodes: 5})
    felix(sim, {prometheusMetricsEnabled: true, prometheusMetricsPort: 9191})
    typhasOn(sim)
    const {felixMetrics, typhaMetrics, kubeControllersMetrics} = await look(sim)
    for (const one of Object.values(valueOf(felixMetrics)!))
      expect(one).toMatchObject({known: true, value: {gauges: {resyncState: 3, clusterHosts: 5}, counters: {dataplaneFailures: 0}}})
    const typhas = valueOf(typhaMetrics)!
    expect(typhas).toHaveLength(podsOf(sim.state, 'calico-typha').length)
    for (const {pod, node: on, metrics} of typhas)
      expect([pod, on, metrics]).toEqual([expect.any(String), expect.any(String), expect.objectContaining({known: true})])
    expect(kubeControllersMetrics).toMatchObject({known: true, value: {counters: {gcReclamations: 0}, pools: [{name: 'default-ipv4-ippool'}]}})
    expect(proxied(sim).filter(({path}) => path.includes(':9191/'))).toHaveLength(5)
  })

  test('without the right nobody is asked, and each says so', async () => {
    const {sim} = await simulated({nodes: 4})
    felix(sim, {prometheusMetricsEnabled: true})
    typhasOn(sim)
    const resources = ['nodes', 'pods', 'configmaps', 'services', 'daemonsets', 'deployments', 'felixconfigurations', 'kubecontrollersconfigurations']
    const kubeconfig = sim.addUser('reader', [
      {verbs: ['get', 'list'], apiGroups: ['*'], resources},
      {verbs: ['create'], apiGroups: ['*'], resources: ['selfsubjectaccessreviews']},
    ])
    const {felixMetrics, typhaMetrics, kubeControllersMetrics} = await look({kubeconfig})
    const refusal = unknown('forbidden', 'no right to read metrics of pods of kube-system (pods/proxy, verb get)')
    expect(Object.values(valueOf(felixMetrics)!)).toEqual([refusal, refusal, refusal, refusal])
    expect(valueOf(typhaMetrics)!.map(({metrics}) => metrics)).toEqual(valueOf(typhaMetrics)!.map(() => refusal))
    expect(kubeControllersMetrics).toEqual(refusal)
    expect(proxied(sim)).toEqual([])
  })

  test('a dead node, a pod that does not run and a closed port cost their own page only', async () => {
    const {sim} = await simulated({nodes: 6})
    felix(sim, {prometheusMetricsEnabled: true})
    change(sim.state, {resource: 'nodes', name: 'worker-01'}, ({status}) => {
      status.conditions.find(({type}: {type: string}) => type === 'Ready').status = 'Unknown'
    })
    change(sim.state, {resource: 'pods', name: podOn(sim, 'worker-02').metadata.name}, ({status}) => {
      status.containerStatuses[0].state = {waiting: {reason: 'CrashLoopBackOff'}}
    })
    sim.setFaults([
      {path: new RegExp(`/${podOn(sim, 'worker-01').metadata.name}:9091/`), answer: 'stall'},
      {
        path: new RegExp(`/${podOn(sim, 'worker-03').metadata.name}:9091/`),
        answer: {status: 503, message: 'error trying to reach service: dial tcp 10.0.0.1:9091: connect: connection refused'},
      },
      {path: new RegExp(`/${podOn(sim, 'control-1').metadata.name}:9091/`), answer: 'flood'},
    ])
    const started = performance.now()
    const table = await look(sim)
    expect(performance.now() - started).toBeLessThan(4_500)
    expect(node(table, 'worker-01')).toMatchObject({known: false, why: 'timeout'})
    expect(node(table, 'worker-02')).toEqual(unknown('unreachable', 'calico-node is not running: CrashLoopBackOff'))
    expect(node(table, 'worker-03')).toMatchObject({known: false, why: 'unreachable', detail: expect.stringContaining('connection refused')})
    expect(node(table, 'control-1')).toMatchObject({known: false, why: 'failed', detail: expect.stringContaining('not Felix (only the first 10485760 bytes')})
    expect(node(table, 'control-2')).toMatchObject({known: true})
  }, 15_000)

  test('where it is unseen whether metrics are on, a closed port is no fault of anybody', async () => {
    const {sim} = await simulated({nodes: 3})
    sim.setFaults([{path: /felixconfigurations/, answer: {status: 403}}])
    expect(node(await look(sim), 'control-1')).toMatchObject({
      why: 'unreachable',
      detail: expect.stringMatching(/connection refused; whether Felix's metrics are switched on was not seen$/),
    })
  })

  test('no Typha, no Felix, and controllers that are told to be silent are absent', async () => {
    const {sim} = await simulated({scenario: 'canal', nodes: 3})
    change(sim.state, {resource: 'kubecontrollersconfigurations.crd.projectcalico.org', name: 'default'}, ({spec}) => {
      spec.prometheusMetricsPort = 0
    })
    const {typhaMetrics, kubeControllersMetrics} = await look(sim)
    expect(typhaMetrics).toEqual(unknown('absent', 'no Typha runs here'))
    expect(kubeControllersMetrics).toMatchObject({why: 'absent', detail: expect.stringContaining('prometheusMetricsPort: 9094')})
  })
})

const target = {namespace: 'kube-system', pod: 'calico-node-a', port: 9091, tls: false}
const page = (text: unknown) => fakeCluster({[metricsPath(target)]: text})

describe('one page', () => {
  test('is somebody else’s', async () => {
    expect(await askFelixMetrics(page('node_load1 2\nprocess_cpu_seconds_total 3\n'), target)).toEqual(
      unknown('failed', 'what answers on the metrics port is not Felix'),
    )
    expect(await askKubeControllersMetrics(page('felix_resync_state 3\n'), target)).toMatchObject({why: 'failed'})
  })
  test('is gone: absent would mean switched off', async () => {
    expect(await askFelixMetrics(page(unknown('absent', '404 pods "calico-node-a" not found')), target)).toMatchObject({
      why: 'failed',
      detail: expect.stringContaining('404'),
    })
  })
  test('was cut: what was read is partial', async () => {
    const cluster = {...page(''), text: async () => known('felix_resync_state 3\nfelix_active_local_endpo', 'only the first 45 bytes')}
    expect(await askFelixMetrics(cluster, target)).toEqual(known({gauges: {resyncState: 3}, counters: {}, summaries: {}}, 'only the first 45 bytes'))
  })
  test('has a path', () => {
    expect(metricsPath({...target, tls: true})).toBe('/api/v1/namespaces/kube-system/pods/https:calico-node-a:9091/proxy/metrics')
  })
})

describe('where Felix’s page is', () => {
  const asked = {name: 'a', target: {node: 'a', namespace: 'kube-system', pod: 'calico-node-a', container: 'calico-node'}}
  const env = (values: Readonly<Record<string, string>>) =>
    known(Object.fromEntries(Object.entries(values).map(([name, value]) => [name, {value, source: 'DaemonSet kube-system/calico-node'}])))
  const install = known({flavour: 'kubespray'} as never)
  const on = known([{name: 'default', spec: {prometheusMetricsEnabled: true}}])
  test('the environment beats FelixConfiguration, and its owner’s knob is named', () => {
    expect(felixTarget(asked, {nodeEnv: env({FELIX_PROMETHEUSMETRICSENABLED: 'False'}), felixConfigurations: on, install})).toEqual(
      unknown(
        'absent',
        "Felix's metrics are off (env FELIX_PROMETHEUSMETRICSENABLED (DaemonSet kube-system/calico-node)), which beats FelixConfiguration; Kubespray variable calico_felix_prometheusmetricsenabled switches them on",
      ),
    )
  })
  test('a node’s own FelixConfiguration counts for it', () => {
    const own = known([...on.value, {name: 'node.a', spec: {prometheusMetricsPort: 9999, prometheusMetricsCertFile: '/certs/tls.crt'}}])
    expect(felixTarget(asked, {nodeEnv: env({}), felixConfigurations: own, install})).toEqual(
      known({namespace: 'kube-system', pod: 'calico-node-a', port: 9999, tls: true}),
    )
  })
  test('localhost is out of reach by configuration', () => {
    const local = known([{name: 'default', spec: {prometheusMetricsEnabled: true, prometheusMetricsHost: 'localhost'}}])
    expect(felixTarget(asked, {nodeEnv: env({}), felixConfigurations: local, install})).toMatchObject({
      why: 'absent',
      detail: expect.stringContaining('localhost'),
    })
  })
  test('a port that is none is the usual one', () => {
    for (const port of ['x', '99999', '0'])
      expect(felixTarget(asked, {nodeEnv: env({FELIX_PROMETHEUSMETRICSPORT: port}), felixConfigurations: on, install})).toMatchObject({value: {port: 9091}})
  })
})

test('Typha whose Deployment was not seen is asked at the usual port, in doubt', () => {
  const pod: any = {
    namespace: 'n',
    name: 'calico-typha-x',
    app: 'calico-typha',
    phase: 'Running',
    containers: [{name: 'calico-typha', init: false, state: 'running'}],
  }
  expect(typhaTarget(pod, unknown('forbidden', '403'), unknown('absent'))).toEqual(
    known({namespace: 'n', pod: 'calico-typha-x', port: 9093, tls: false, doubt: "whether Typha's metrics are switched on was not seen"}),
  )
  expect(typhaTarget({...pod, containers: []}, unknown('forbidden', '403'), unknown('absent'))).toMatchObject({why: 'unreachable'})
})

test('so many at a time, in order', async () => {
  let [running, most] = [0, 0]
  const work = async (item: number) => {
    most = Math.max(most, ++running)
    await new Promise(resolve => setTimeout(resolve, item % 3))
    running--
    return item * 2
  }
  const items = Array.from({length: 50}, (_, index) => index)
  expect(await atMost(7, items, work)).toEqual(items.map(item => item * 2))
  expect(most).toBe(7)
  expect(await atMost(7, [], work)).toEqual([])
})

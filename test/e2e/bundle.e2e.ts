import {readdirSync} from 'node:fs'
import {afterAll, beforeAll, describe, expect, test} from 'vitest'
import {loadChecks} from '../../src/checks/index.ts'
import {change} from '../../src/demo/change.ts'
import {type ClusterState, scenario} from '../../src/demo/index.ts'
import {crdKinds, operatorKinds, v3Kinds} from '../../src/evidence/api-kinds.ts'
import {isNeededBy, type Right, rightsIn, rightText, rolesIn} from '../cli/printed-rights.ts'
import {runCli} from '../cli/run-cli.ts'
import {apiFor, type Identity} from './api.ts'
import {checkOf, collectAs, isAllowedForBundles} from './bundle-run.ts'
import {type RealCluster, startReal, whyNone} from './cluster.ts'
import {type Egress, startEgress} from './egress.ts'
import {simulatedExecutor} from './executor.ts'
import {accountWith, rolesOf, settled} from './proof-roles.ts'
import {checkAs, findingsOf, runAs} from './proof-run.ts'
import {passesUnseen} from './proof-seen.ts'

const size = 4
/** What is had all the same. */
const spared: Readonly<Record<string, string>> = {
  'get kubecontrollersconfigurations.crd.projectcalico.org default': 'its metrics are asked for at their usual port, and the object is named as not listed',
}
const accountOf = (name: string) => `system:serviceaccount:default:${name}`

/** Felix serves metrics, and one calico-node was started anew. */
function planted(name: string): ClusterState {
  const state = scenario(name, {nodes: size})
  const felix = Object.keys(state.objects).find(resource => resource.startsWith('felixconfigurations.'))
  if (felix !== undefined) change(state, {resource: felix, name: 'default'}, ({spec}) => (spec.prometheusMetricsEnabled = true))
  const before = {startedAt: '2025-11-18T08:00:00Z', finishedAt: '2025-11-18T08:30:00Z', exitCode: 137, reason: 'OOMKilled', containerID: 'containerd://before'}
  const {name: pod} = agentsOf(state)[0]!
  change(state, {resource: 'pods', name: pod}, ({status}) => Object.assign(status.containerStatuses[0], {restartCount: 1, lastState: {terminated: before}}))
  return state
}
const agentsOf = ({objects}: ClusterState) =>
  objects.pods!.flatMap(({metadata: {name, namespace, labels}, spec}) =>
    labels?.['k8s-app'] === 'calico-node' ? [{name, namespace: namespace!, node: (spec as {nodeName: string}).nodeName}] : [],
  )

async function startBehindEgress(state: ClusterState, execute?: Parameters<typeof startReal>[1]): Promise<{cluster: RealCluster; egress: Egress}> {
  const egress = await startEgress(state)
  const cluster = await startReal(state, {flags: egress.flags, ...execute}).catch(async error => {
    await egress.close()
    throw error
  })
  return {cluster, egress}
}

/** A bundle says offline what its cluster says, but for where it comes from and when. */
async function saysTheSame(who: Identity, file: string): Promise<void> {
  const [live, saved] = await Promise.all([checkAs(who), checkOf(file)])
  const withoutPlace = (report: object) => ({...report, source: 0, takenAt: 0, durationMs: 0})
  expect(withoutPlace(saved.report)).toEqual(withoutPlace(live.report))
  expect(saved.code).toBe(live.code)
  for (const output of ['table', 'json']) {
    const [a, b] = await Promise.all([runAs(who, ['node', 'status', '-o', output]), runCli(['node', 'status', '--bundle', file, '-o', output])])
    expect(b).toMatchObject({stdout: a.stdout, code: a.code})
  }
}

/** The operator's own pod. */
function withOperator(state: ClusterState): ClusterState {
  const [model] = state.objects.pods!.filter(({metadata: {labels}}) => labels?.['k8s-app'] === 'calico-kube-controllers')
  const {ownerReferences: _, ...metadata} = structuredClone(model!.metadata)
  const own = {...metadata, namespace: 'tigera-operator', name: 'tigera-operator-0', labels: {'k8s-app': 'tigera-operator'}}
  state.objects.pods!.push({...structuredClone(model!), metadata: own})
  return state
}

describe.skipIf(whyNone !== undefined)('a bundle of an operator’s cluster', () => {
  const state = withOperator(planted('operator'))
  let cluster: RealCluster
  let egress: Egress
  let auditor: Identity
  let rights: Right[]
  let onAsked = (): void => {}
  beforeAll(async () => {
    const execute = (node: string) => (command: readonly string[]) => {
      onAsked()
      return simulatedExecutor(state.nodes[node]!)(command)
    }
    ;({cluster, egress} = await startBehindEgress(state, {execute}))
    auditor = await cluster.addUser('auditor', ['system:masters'])
  })
  afterAll(async () => {
    await cluster?.close()
    await egress?.close()
  })
  const logOf = async (user: string) => (await cluster.auditLog()).filter(entry => entry.user === user)

  test('with the rights that are printed it is whole, nothing is refused, and no right is idle', async () => {
    const printed = await runAs(auditor, ['bundle', 'collect', '--print-rbac'])
    expect(printed).toMatchObject({code: 0, stderr: ''})
    rights = rightsIn(rolesIn(printed.stdout))
    const least = await accountWith(cluster, 'least', rolesIn(printed.stdout))
    await settled()
    const bundle = await collectAs(least)
    expect(bundle).toMatchObject({code: 0, stderr: ''})
    const {partial, nodes, api, evidence, files} = bundle.manifest()
    expect({partial, missed: [...nodes.missed, ...nodes.partly, ...api.missed]}).toEqual({partial: null, missed: []})
    expect(evidence?.missed.filter(({why}) => why !== 'absent')).toEqual([])
    const log = await logOf(accountOf('least'))
    expect(log.filter(({status}) => status === 403)).toEqual([])
    expect(log.filter(entry => !isAllowedForBundles(entry))).toEqual([])
    expect(rights.filter(right => !log.some(asked => isNeededBy(right, asked))).map(rightText)).toEqual([])

    const paths = files.map(({path}) => path)
    const kinds = [...crdKinds.map(({resource}) => `crd.projectcalico.org/${resource}`), ...operatorKinds.map(({resource}) => `operator.tigera.io/${resource}`)]
    expect(paths).toEqual(expect.arrayContaining(kinds.map(kind => `resources/${kind}.yaml`)))
    expect(bundle.show('resources/apiextensions.k8s.io/customresourcedefinitions.yaml')).toContain('name: ippools.crd.projectcalico.org')
    const [{name, namespace, node}] = agentsOf(state) as [ReturnType<typeof agentsOf>[number]]
    const logs = `nodes/${node}/logs/${namespace}/${name}/calico-node`
    expect(bundle.show(`${logs}.previous.log`)).toMatch(/^2025-11-18T08:00:00\.\d{9}Z .* starts/)
    expect(bundle.show(`${logs}.log`)).toMatch(/dataplane was brought into sync/)
    expect(bundle.show(`nodes/${node}/felix-metrics.txt`)).toContain(`felix_cluster_num_hosts ${size}\n`)
    expect(bundle.show('apiserver/livez.txt')).toContain('livez check passed')
    await saysTheSame(least, bundle.file)
  })

  test('each right less is noticed: the manifest names it', async () => {
    const forChecks = new Set(rightsIn(rolesIn((await runAs(auditor, ['check', '--print-rbac'])).stdout)).map(rightText))
    const lacking = rights.filter(right => !forChecks.has(rightText(right)))
    expect(lacking.length).toBeGreaterThan(20)
    const few = await accountWith(cluster, 'few', rolesOf(rights.filter(right => !lacking.includes(right))))
    await settled()
    const bundle = await collectAs(few)
    expect(bundle).toMatchObject({code: 0, stderr: ''})
    const {evidence, api, partial} = bundle.manifest()
    expect({partial, other: api.missed.filter(({why}) => why !== 'forbidden')}).toEqual({partial: null, other: []})
    const forbidden = [...api.missed, ...evidence!.missed].filter(({why}) => why === 'forbidden')
    const isNamed = ({verb, group, resource, namespace}: Right) => {
      const where = namespace === undefined ? 'at the cluster scope' : `in the namespace "${namespace}"`
      return forbidden.some(({detail}) => detail.includes(`cannot ${verb} resource "${resource}" in API group "${group}" ${where}`))
    }
    // Where no pods may be listed none can be asked for by name.
    const isMasked = (right: Right) => /^pods(\/log)?$/.test(right.resource) && isNamed({...right, verb: 'list', resource: 'pods'})
    const unnoticed = lacking.filter(right => !isNamed(right) && !isMasked(right)).map(rightText)
    expect(unnoticed.filter(right => !(right in spared))).toEqual([])
    expect((await logOf(accountOf('few'))).filter(entry => !isAllowedForBundles(entry))).toEqual([])
    // What cannot be had a thousand times is asked for once.
    expect((await logOf(accountOf('few'))).filter(({subresource, status}) => subresource === 'log' && status === 403).length).toBeLessThan(20)
  })

  test('Ctrl-C: a valid archive, marked partial', async () => {
    let pid = 0
    let execs = 0
    onAsked = () => {
      if (++execs === size + 1) process.kill(pid, 'SIGINT')
    }
    const bundle = await collectAs(auditor, [], own => (pid = own))
    onAsked = () => {}
    expect(bundle).toMatchObject({code: 130, stdout: expect.stringContaining('partial: interrupted')})
    expect(bundle.manifest()).toMatchObject({partial: expect.stringContaining('interrupted'), nodes: {missed: []}})
    expect(readdirSync(bundle.folder)).toEqual(['b.tar.gz'])
    expect(await checkOf(bundle.file)).toMatchObject({code: 0, report: {coverage: {percent: 100}}})
  })

  test('a kubelet that is dead costs its node and its logs, and says so', async () => {
    const {node, name} = agentsOf(state)[1]!
    await cluster.kubelets.stop(node)
    const bundle = await collectAs(auditor)
    expect(bundle.code).toBe(3)
    const {nodes, evidence, files} = bundle.manifest()
    expect(nodes.missed).toEqual([{node, why: 'unreachable', detail: expect.stringContaining('the API server cannot reach the kubelet')}])
    const ofLogs = evidence!.missed.filter(one => one.node === node && one.source?.includes(name))
    expect(ofLogs).toEqual([{node, source: expect.stringMatching(/^logs? of /), why: 'unreachable', detail: expect.stringContaining('proxy error from')}])
    expect(files.some(({path}) => path.startsWith(`nodes/${node}/logs/`))).toBe(false)
    const {code, report} = await checkOf(bundle.file)
    expect([code, report.coverage.nodes.missing]).toEqual([report.coverage.percent < 90 ? 3 : 0, [{node, why: 'unreachable', detail: expect.any(String)}]])
    expect(passesUnseen(await loadChecks(), report)).toEqual([])
  })

  test.each([
    ['before any node answered', 1],
    ['while raw evidence is asked for', size + 2],
  ])('an API server that is killed %s: a valid archive that makes nothing up', async (_when, nth) => {
    let execs = 0
    let dead: Promise<void> | undefined
    onAsked = () => {
      if (++execs === nth) dead = cluster.apiServer.kill()
    }
    const bundle = await collectAs(auditor)
    onAsked = () => {}
    await dead
    await cluster.apiServer.start()
    expect(bundle.code).toBe(3)
    expect(bundle.ms).toBeLessThan(30_000)
    const {evidence} = bundle.manifest()
    expect(evidence!.missed.filter(({why}) => why === 'absent' || why === 'forbidden').map(({source}) => source)).not.toContain('kubectl get nodes -o yaml')
    expect(evidence!.missed.some(({why}) => why === 'unreachable')).toBe(true)
    const {report, stderr} = await checkOf(bundle.file)
    expect({stderr, findings: findingsOf(report), crashed: report.summary.crashed}).toEqual({stderr: '', findings: [], crashed: 0})
    expect(passesUnseen(await loadChecks(), report)).toEqual([])
  })
})

describe.skipIf(whyNone !== undefined)('bundles of other datastores', () => {
  const lines = (missed: readonly {readonly why: string}[] = []) => missed.filter(({why}) => why !== 'absent')

  test('native projectcalico.org/v3', async () => {
    const {cluster, egress} = await startBehindEgress(planted('native-v3'))
    try {
      const who = cluster.admin.identity
      const bundle = await collectAs(who)
      expect(bundle).toMatchObject({code: 0, stderr: ''})
      const {files, evidence} = bundle.manifest()
      expect(lines(evidence?.missed)).toEqual([])
      expect(files.map(({path}) => path)).toEqual(expect.arrayContaining(v3Kinds.map(({resource}) => `resources/projectcalico.org/${resource}.yaml`)))
      await saysTheSame(who, bundle.file)
    } finally {
      await cluster.close()
      await egress.close()
    }
  })

  test('Calico’s own etcd', async () => {
    const {etcd: keys = {}, ...state} = planted('etcd')
    const {cluster, egress} = await startBehindEgress(state)
    const {etcd, admin} = cluster
    const store = apiFor({url: etcd.endpoints[0]!, ca: etcd.ca, client: etcd.client})
    try {
      const base64 = (text: string) => Buffer.from(text).toString('base64')
      for (const [key, value] of Object.entries(keys)) await store.must('POST', '/v3/kv/put', {body: {key: base64(key), value: base64(JSON.stringify(value))}})
      const data = {etcd_endpoints: etcd.endpoints.join(',')}
      await admin.must('PATCH', '/api/v1/namespaces/kube-system/configmaps/calico-config', {type: 'application/merge-patch+json', body: {data}})
      const flags = ['etcd-ca.crt', 'etcd-client.crt', 'etcd-client.key'].map(
        (file, index) => `--${['etcd-ca-cert-file', 'etcd-cert-file', 'etcd-key-file'][index]}=${cluster.folder}/${file}`,
      )
      const bundle = await collectAs(admin.identity, flags)
      expect(bundle).toMatchObject({code: 0, stderr: ''})
      const {evidence, partial} = bundle.manifest()
      expect({partial, missed: lines(evidence?.missed)}).toEqual({partial: null, missed: []})
      expect(bundle.show('resources/projectcalico.org/ippools.yaml')).toContain('cidr:')
      expect(bundle.show('resources/etcd/ipam.yaml')).not.toBe('')
      const {report} = await checkOf(bundle.file)
      expect(report.coverage.percent).toBe(100)
    } finally {
      store.close()
      await cluster.close()
      await egress.close()
    }
  })
})

import {type AddressInfo, createServer} from 'node:net'
import {afterAll, beforeAll, describe, expect, onTestFinished, test} from 'vitest'
import type {EtcdFlags} from '../../src/cluster/etcd-settings.ts'
import {type ClusterState, change, startSimulatedCluster} from '../../src/demo/index.ts'
import {buildCluster} from '../../src/demo/scenarios/build.ts'
import {planHealthy} from '../../src/demo/scenarios/healthy.ts'
import {runCli, tempFile} from '../cli/run-cli.ts'
import {doorWith} from '../helpers/etcd.ts'
import {makeAuthority, type Subject} from './authority.ts'
import {assets, whyNone} from './cluster.ts'
import {type EtcdCluster, startEtcdCluster} from './etcd-cluster.ts'

const versions = {calicoVersion: '3.29.6', kubernetesVersion: 'v1.31.13', typha: 0} as const
const keyOf = (plural: string, name: string) => `/calico/resources/v3/projectcalico.org/${plural}/${name}`
const plurals = ['ippools', 'bgppeers', 'bgpconfigurations', 'felixconfigurations', 'clusterinformations']

/** The flags of a client that etcd's authority has signed, unless others are given. */
async function flagsFor(
  {authority, file}: EtcdCluster,
  {ca = authority, client = authority, ...subject}: Partial<Subject> & {ca?: typeof authority; client?: typeof authority} = {},
) {
  const {certificate, key} = await client.issue({name: 'calico', ...subject})
  const id = crypto.randomUUID()
  return {
    'etcd-ca-cert-file': file(`${id}-ca.crt`, ca.certificate),
    'etcd-cert-file': file(`${id}.crt`, certificate),
    'etcd-key-file': file(`${id}.key`, key),
  } satisfies EtcdFlags
}
const argv = (flags: EtcdFlags) => Object.entries(flags).flatMap(([name, value]) => [`--${name}`, value])

interface Finding {
  readonly messageId: string
  readonly severity: string
  readonly message: string
  readonly subjects: readonly object[]
}
interface Document {
  readonly cluster: {readonly apiGroup: string | null; readonly datastore: string}
  readonly coverage: {
    readonly percent: number
    readonly facts: {readonly missing: readonly {readonly fact: string; readonly why: string; readonly detail: string}[]}
  }
  readonly checks: readonly {readonly id: string; readonly status: string; readonly findings: readonly Finding[]}[]
}
/** `check` on a simulated cluster, as a process of its own. */
async function check(state: ClusterState, more: readonly string[] = []): Promise<Document> {
  const sim = await startSimulatedCluster({scenario: state})
  try {
    const {stdout, stderr} = await runCli(['check', '--kubeconfig', tempFile('kubeconfig', sim.kubeconfig), '-o', 'json', ...more])
    expect(stdout, stderr).not.toBe('')
    return JSON.parse(stdout) as Document
  } finally {
    await sim.close()
  }
}

/** Something for each check that reads Calico's resources or its node addresses. */
function faulty(): ClusterState {
  const state = buildCluster(planHealthy({nodes: 6}, versions))
  const pools = state.objects['ippools.crd.projectcalico.org']!
  pools.push({...pools[0]!, metadata: {name: 'over-services'}, spec: {...(pools[0]!.spec as object), cidr: '10.96.0.0/13'}})
  pools.push({...pools[0]!, metadata: {name: 'inside'}, spec: {...(pools[0]!.spec as object), cidr: '10.244.128.0/17'}})
  state.objects['bgpconfigurations.crd.projectcalico.org'] = [{metadata: {name: 'default'}, spec: {nodeToNodeMeshEnabled: false, asNumber: 64_512}}]
  state.objects['bgppeers.crd.projectcalico.org'] = [
    {metadata: {name: 'nowhere'}, spec: {nodeSelector: "rack == 'none'", peerIP: '192.0.2.1', asNumber: 64_600}},
  ]
  change(state, {resource: 'felixconfigurations.crd.projectcalico.org', name: 'default'}, ({spec}) => Object.assign(spec, {ipipMTU: 9000}))
  change(state, {resource: 'clusterinformations.crd.projectcalico.org', name: 'default'}, ({spec}) => Object.assign(spec, {datastoreReady: false}))
  const annotate = (name: string, address: string) =>
    change(state, {resource: 'nodes', name}, ({metadata}) => Object.assign(metadata.annotations, {'projectcalico.org/IPv4Address': address}))
  annotate('worker-01', '172.17.0.1/16')
  annotate('worker-02', '10.20.0.11/24')
  return state
}

/** The same cluster with its datastore in etcd: Kubernetes' side, and what goes into etcd. */
async function moveToEtcd(from: ClusterState, etcd: EtcdCluster): Promise<ClusterState> {
  for (const plural of plurals)
    for (const {metadata, spec} of from.objects[`${plural}.crd.projectcalico.org`] ?? [])
      await etcd.put(keyOf(plural, metadata.name), {apiVersion: 'projectcalico.org/v3', metadata: {name: metadata.name}, spec})
  for (const {metadata} of from.objects.nodes ?? []) await etcd.put(keyOf('nodes', metadata.name), nodeOf(metadata.name, metadata.annotations ?? {}))
  const {etcd: _simulated, ...state} = buildCluster(planHealthy({nodes: 6}, {...versions, flavour: 'etcd', api: 'none'}))
  change(state, {resource: 'configmaps', name: 'calico-config'}, ({data}) => Object.assign(data, {etcd_endpoints: etcd.endpoints.join(',')}))
  return state
}

const nodeOf = (name: string, annotations: Readonly<Record<string, string>>) => ({
  kind: 'Node',
  apiVersion: 'projectcalico.org/v3',
  metadata: {name},
  spec: {
    bgp: {ipv4Address: annotations['projectcalico.org/IPv4Address'], ipv4IPIPTunnelAddr: annotations['projectcalico.org/IPv4IPIPTunnelAddr']},
    orchRefs: [{nodeName: name, orchestrator: 'k8s'}],
  },
})

const findingsOf = ({checks}: Document) =>
  checks
    .filter(({id}) => id !== 'datastore/mode')
    .map(({id, status, findings}) => ({
      id,
      status,
      findings: findings.map(({messageId, severity, message, subjects}) => ({messageId, severity, message, subjects})),
    }))

describe.skipIf(whyNone !== undefined)('a real etcd', () => {
  let etcd: EtcdCluster
  beforeAll(async () => {
    etcd = await startEtcdCluster(assets!.etcd, 1)
  })
  afterAll(() => etcd?.close())

  test('more than a page of keys, and none', async () => {
    for (let from = 0; from < 1_100; from += 100) await Promise.all(Array.from({length: 100}, (_, index) => etcd.put(`/paged/${from + index}`, {})))
    const door = await doorWith(await flagsFor(etcd))
    const listed = await door.list(etcd.endpoints, '/paged/', ({key}) => key)
    expect(listed.known && new Set(listed.value).size).toBe(1_100)
    expect(await door.list(etcd.endpoints, '/other/', ({key}) => key)).toEqual({known: true, value: []})
    expect(await door.get(etcd.endpoints, '/paged/')).toMatchObject({known: false, why: 'absent'})
  })

  test('gives the same findings as CRDs with the same resources', async () => {
    const overCrds = faulty()
    const inEtcd = await moveToEtcd(overCrds, etcd)
    const [crds, own] = [await check(overCrds), await check(inEtcd, argv(await flagsFor(etcd)))]
    expect(own.cluster).toMatchObject({datastore: 'etcdv3', apiGroup: `none, etcd at ${etcd.endpoints[0]}`})
    const found = findingsOf(crds).filter(({findings}) => findings.length > 0)
    expect(found.map(({id}) => id)).toEqual(
      expect.arrayContaining([
        'bgp/no-peers',
        'cidr/pools-overlap',
        'cidr/services-overlap',
        'datastore/locked',
        'mtu/config-disagreement',
        'node/address-duplicate',
        'node/address-mismatch',
      ]),
    )
    expect(findingsOf(own).filter(({findings}) => findings.length > 0)).toEqual(found)
    // Typha is not for etcd.
    const judged = (document: Document) => findingsOf(document).filter(({id}) => !id.startsWith('typha/'))
    expect(judged(own)).toEqual(judged(crds))
    expect(own.coverage.percent).toBe(100)
  })

  test('without certificates what Calico keeps there is unknown, and the flags are named', async () => {
    const state = await moveToEtcd(faulty(), etcd)
    const report = await check(state, ['--etcd-ca-cert-file', (await flagsFor(etcd))['etcd-ca-cert-file']])
    expect(report.checks.find(({id}) => id === 'cidr/pools-overlap')?.status).toBe('unknown')
    expect(report.coverage.facts.missing).toContainEqual({
      fact: 'ipPools',
      why: 'forbidden',
      detail: `etcd at ${etcd.endpoints[0]}: it wants a client certificate. Give --etcd-cert-file and --etcd-key-file; calico-node's own are in a Secret, which is never read.`,
    })
  })

  test.each<[string, string, RegExp, (etcd: EtcdCluster) => Promise<EtcdFlags>]>([
    [
      'signed by another authority',
      'forbidden',
      /it refuses the client certificate .*\.crt: .*\. Give one that etcd's own CA/,
      async etcd => flagsFor(etcd, {client: await makeAuthority('other')}),
    ],
    [
      'that has expired',
      'forbidden',
      /the client certificate .*\.crt expired on \d{4}-\d\d-\d\d\. Give one that is valid/,
      etcd => flagsFor(etcd, {notAfter: new Date(Date.now() - 60_000)}),
    ],
    [
      'and another CA for the server',
      'unreachable',
      /its certificate is not signed by the CA .*ca\.crt\. Give etcd's own CA/,
      async etcd => flagsFor(etcd, {ca: await makeAuthority('other')}),
    ],
  ])('a certificate %s: %s', async (_, why, detail, flags) => {
    expect(await (await doorWith(await flags(etcd))).reach(etcd.endpoints)).toMatchObject({known: false, why, detail: expect.stringMatching(detail)})
  })

  test('asked in plain text', async () => {
    const answer = await (await doorWith()).reach(etcd.endpoints.map(url => url.replace('https:', 'http:')))
    expect(answer).toMatchObject({known: false, why: 'unreachable', detail: expect.stringContaining('give it as https://')})
  })

  test('beside an endpoint that is silent', async () => {
    const silent = await silentPort()
    const door = await doorWith(await flagsFor(etcd), 1_500)
    expect(await door.reach([silent, ...etcd.endpoints])).toEqual({known: true, value: {endpoint: etcd.endpoints[0], silent: [`${silent} no answer in 1 s`]}})
    expect(await door.reach([silent])).toMatchObject({known: false, why: 'timeout'})
  })

  test('with users of its own: forbidden', async () => {
    await etcd.post('/v3/auth/user/add', {name: 'root', password: 'e2e'})
    await etcd.post('/v3/auth/role/add', {name: 'root'})
    await etcd.post('/v3/auth/user/grant', {user: 'root', role: 'root'})
    await etcd.post('/v3/auth/enable', {})
    expect(await (await doorWith(await flagsFor(etcd))).reach(etcd.endpoints)).toMatchObject({
      known: false,
      why: 'forbidden',
      detail: expect.stringContaining("etcd's own authentication is on"),
    })
  })
})

describe.skipIf(whyNone !== undefined)('three members', () => {
  let etcd: EtcdCluster
  beforeAll(async () => {
    etcd = await startEtcdCluster(assets!.etcd, 3)
  })
  afterAll(() => etcd?.close())

  test('one down is noted; two down are no answer; none is no pass', async () => {
    const state = await moveToEtcd(buildCluster(planHealthy({nodes: 6}, versions)), etcd)
    const flags = argv(await flagsFor(etcd))
    const poolsIn = (report: Document) => report.checks.find(({id}) => id === 'cidr/pools-overlap')?.status
    await etcd.kill(0)
    const two = await check(state, flags)
    expect(poolsIn(two)).toBe('pass')
    expect(two.coverage.percent).toBe(100)
    expect(two.cluster.apiGroup).toMatch(/; of 3 endpoints 1 did not answer: https:\/\/127\.0\.0\.1:\d+ connection refused$/)
    // The one that is left has nobody to agree with, and does not answer with what was.
    await etcd.kill(1)
    const one = await check(state, flags)
    expect(poolsIn(one)).toBe('unknown')
    expect(one.coverage.facts.missing).toContainEqual({
      fact: 'ipPools',
      why: 'failed',
      detail: expect.stringMatching(/connection refused; .*: etcdserver: .*\. Most of its members must be there to agree/),
    })
    await etcd.kill(2)
    const none = await check(state, flags)
    expect(poolsIn(none)).toBe('unknown')
    expect(none.coverage.facts.missing).toContainEqual({
      fact: 'ipPools',
      why: 'unreachable',
      detail: expect.stringContaining(`${etcd.endpoints.join(', ')}: connection refused`),
    })
  })
})

/** Takes connections and says nothing. */
async function silentPort(): Promise<string> {
  const server = createServer(socket => void socket.on('error', () => {}))
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return `https://127.0.0.1:${(server.address() as AddressInfo).port}`
}

import {afterAll, expect, test} from 'vitest'
import {filesOfArchive, filesOfFolder, filesOfStream} from '../../src/bundle/foreign/files.ts'
import {readForeign} from '../../src/bundle/foreign/read.ts'
import {readArchive} from '../../src/bundle/read.ts'
import {loadChecks} from '../../src/checks/index.ts'
import {collectors} from '../../src/collectors/index.ts'
import {startSimulatedCluster} from '../../src/demo/index.ts'
import {readFacts} from '../../src/engine/read-facts.ts'
import {type CheckReport, report} from '../../src/engine/report.ts'
import type {Snapshot} from '../../src/engine/snapshot.ts'
import {lookAt} from '../demo/look.ts'
import {archive, file} from './archives.ts'
import {clusterDiags, dumpFolder, dumpStream, type Files, folderOf, kubectlFolder, kubectlList, mustGather, seenOf, supportBundle} from './foreign-fixtures.ts'

const checks = await loadChecks()
const judged = (snapshot: Snapshot): readonly CheckReport[] => report(snapshot, readFacts(snapshot, collectors), checks, {version: '0'}).checks

const cluster = await startSimulatedCluster({scenario: 'incident'})
afterAll(() => cluster.close())
const live = judged((await lookAt(cluster, checks)).snapshot)
const seen = await seenOf(cluster)
const fact = (
  snapshot: Snapshot,
  name: 'kubeNodes' | 'ipPools' | 'install' | 'kubernetesVersion' | 'calicoPods' | 'apiGroup' | 'bgpPeers' | 'links' | 'birdV4',
) => readFacts(snapshot, collectors)[name]

const ofFolder = async (files: Files) => readForeign('F', await filesOfFolder(folderOf(files)), collectors)
const ofStream = (...chunks: readonly string[]) =>
  readForeign('stdin', filesOfStream(ReadableStream.from(chunks.map(chunk => new TextEncoder().encode(chunk)))), collectors)
async function ofArchive(files: Files, ...more: Parameters<typeof archive>): Promise<Snapshot> {
  const path = await archive(...Object.entries(files).map(([name, text]) => file(name, text)), ...more)
  const {paths} = await readArchive(path)
  return readForeign(path, filesOfArchive(path, paths!), collectors)
}

const layouts: Readonly<Record<string, () => Promise<Snapshot>>> = {
  'calicoctl cluster diags': () => ofArchive(clusterDiags(seen)),
  'calicoctl cluster diags, unpacked': () => ofFolder(clusterDiags(seen)),
  'kubectl cluster-info dump': () => ofFolder(dumpFolder(seen)),
  'kubectl cluster-info dump on standard output': () => ofStream(dumpStream(seen)),
  'must-gather': () => ofFolder(mustGather(seen)),
  'troubleshoot.sh': () => ofArchive(supportBundle(seen)),
  'troubleshoot.sh, older': () => ofFolder(supportBundle(seen, true)),
  'a folder of kubectl get -o yaml': () => ofFolder(kubectlFolder(seen)),
  'one file of all': () => ofStream(JSON.stringify(kubectlList(...seen.lists))),
  'several documents': () => ofStream(Object.values(kubectlFolder(seen)).join('---\n')),
}

/** Nothing passes that fails in the cluster, and nothing is found that it has not. */
function assertHonest(own: readonly CheckReport[], what: string): void {
  for (const {id, status, findings, reason} of own) {
    const real = live.find(check => check.id === id)!
    if (status === 'pass' || status === 'not-applicable') expect(`${what}: ${id} ${real.status}`).toBe(`${what}: ${id} ${status}`)
    const found = real.findings.map(({messageId}) => messageId)
    for (const {messageId} of findings) expect(found, `${what}: ${id}`).toContain(messageId)
    expect(status, `${what}: ${id} ${reason}`).not.toBe('crashed')
  }
}

test.each(Object.keys(layouts))('%s: nothing passes that fails in the cluster, and nothing is found that it has not', async name => {
  const own = judged(await layouts[name]!())
  assertHonest(own, name)
  // No tool but ours keeps what BIRD says.
  expect(own.find(({id}) => id === 'bgp/session-down')).toMatchObject({status: 'unknown'})
})

test.each([
  ['calicoctl cluster diags', clusterDiags(seen)],
  ['a folder of kubectl get -o yaml', kubectlFolder(seen)],
])('%s: nor for want of any file', async (_, all) => {
  for (const path of Object.keys(all)) {
    const others = Object.fromEntries(Object.entries(all).filter(([name]) => name !== path))
    assertHonest(judged(await ofFolder(others)), `without ${path}`)
  }
})

test.each([
  ['calicoctl cluster diags', ['cidr/services-overlap', 'ebpf/kernel', 'install/node-pods']],
  ['must-gather', ['cidr/services-overlap', 'install/node-pods']],
  ['troubleshoot.sh', ['cidr/services-overlap', 'install/node-pods']],
  ['kubectl cluster-info dump', ['install/node-pods']],
  ['a folder of kubectl get -o yaml', ['cidr/services-overlap', 'ebpf/kernel', 'install/node-pods']],
])('%s: what it shows is found', async (name, ids) => {
  const own = judged(await layouts[name]!())
  for (const id of ids)
    expect(
      own.find(check => check.id === id),
      id,
    ).toMatchObject({status: 'fail'})
})

test('what it is, when it was made, and the version of Kubernetes where the tool keeps it', async () => {
  const diags = await layouts['calicoctl cluster diags']!()
  expect(diags).toMatchObject({source: {kind: 'bundle', tool: 'calicoctl cluster diags archive'}})
  expect(diags.takenAt >= '2026-11-21T04:00:00.000Z').toBe(true)
  expect(fact(diags, 'kubernetesVersion')).toMatchObject({known: true, value: 'v1.33.5'})
  expect(fact(await layouts['troubleshoot.sh']!(), 'kubernetesVersion')).toMatchObject({known: true})
  expect(fact(await layouts['must-gather']!(), 'kubernetesVersion')).toMatchObject({known: false, why: 'not-collected'})
  expect((await layouts['kubectl cluster-info dump on standard output']!()).source.tool).toBe('kubectl cluster-info dump')
})

test('links of calicoctl are left out, never followed', async () => {
  const link = {header: {name: 'calico-diagnostics-20261121_040000/links/x.log', size: 0, type: 'symlink' as const, linkname: '../../../../etc/passwd'}}
  const snapshot = await ofArchive(clusterDiags(seen), link)
  expect(fact(snapshot, 'kubeNodes')).toMatchObject({known: true})
})

const pool = (name: string, cidr: string, apiVersion = 'crd.projectcalico.org/v1') =>
  ({apiVersion, kind: 'IPPool', metadata: {name}, spec: {cidr, ipipMode: 'Always'}}) as const
const doc = (value: object) => `${JSON.stringify(value)}\n`
const node = {apiVersion: 'v1', kind: 'Node', metadata: {name: 'a', labels: {}}, status: {nodeInfo: {operatingSystem: 'linux'}}}
const list = (items: readonly object[], metadata: object = {}) => ({apiVersion: 'v1', kind: 'List', items, metadata})

test.each<[string, string, object]>([
  ['a list is all of them', doc(list([pool('a', '10.0.0.0/16')])), {known: true, partial: expect.not.stringContaining('no list of all')}],
  [
    "calicoctl's own list too",
    doc({apiVersion: 'projectcalico.org/v3', kind: 'IPPoolList', items: [pool('a', '10.0.0.0/16', 'projectcalico.org/v3')]}),
    {known: true},
  ],
  ['one object is a part', doc(pool('a', '10.0.0.0/16')), {known: true, partial: expect.stringContaining('holds no list of all of them')}],
  ['one page of several is a part', doc(list([pool('a', '10.0.0.0/16')], {continue: 'x'})), {known: true, partial: expect.stringContaining('not whole')}],
  [
    'a list that was cut off is a part',
    'apiVersion: v1\nitems:\n- {apiVersion: crd.projectcalico.org/v1, kind: IPPool, metadata: {name: a}, spec: {cidr: 10.0.0.0/16}}\n',
    {known: true, partial: expect.any(String)},
  ],
  [
    'one beside the list raises doubt',
    doc(list([pool('a', '10.0.0.0/16')])) + doc(pool('b', '10.9.0.0/16')),
    {known: true, partial: expect.stringContaining('not in the list')},
  ],
  [
    'the same twice, and different',
    doc(list([pool('a', '10.0.0.0/16')])) + doc(pool('a', '10.1.0.0/16')),
    {known: true, partial: expect.stringContaining('twice')},
  ],
  ['an empty List says nothing of what it is empty of', doc(list([])) + doc(node), {known: false, why: 'not-collected'}],
  ['none at all', doc(node), {known: false, why: 'not-collected'}],
  [
    'of the other group',
    doc(list([pool('a', '10.0.0.0/16', 'projectcalico.org/v3')])) + doc({...pool('x', ''), kind: 'BGPPeer'}),
    {known: true, partial: expect.stringContaining('of projectcalico.org')},
  ],
])('IPPools: %s', async (_, text, expected) => {
  expect(fact(await ofStream(text), 'ipPools')).toMatchObject(expected)
})

test('a manifest is not what a cluster said', async () => {
  const {status: _status, ...manifest} = node
  expect(fact(await ofStream(doc(list([manifest, node]))), 'kubeNodes')).toMatchObject({partial: expect.stringContaining('manifests')})
})

test("calicoctl's Nodes are no nodes of Kubernetes", async () => {
  const snapshot = await ofStream(doc({apiVersion: 'projectcalico.org/v3', kind: 'NodeList', items: [{...node, apiVersion: 'projectcalico.org/v3'}]}))
  expect(fact(snapshot, 'kubeNodes')).toMatchObject({known: false, why: 'not-collected'})
})

test('pods chosen by a label are not all pods', async () => {
  const daemonSet = seen.lists.find(({plural}) => plural === 'daemonsets')!
  const pods = seen.lists.find(({plural}) => plural === 'pods')!
  const chosen = {...pods, items: pods.items.filter(({metadata}) => metadata.labels['k8s-app'] === 'calico-node')}
  expect(fact(await ofStream(doc(kubectlList(daemonSet)), doc(kubectlList(chosen))), 'calicoPods')).toMatchObject({
    known: true,
    partial: expect.stringContaining('by a label'),
  })
})

test('text around it: a prompt that was copied too, PowerShell, a byte order mark', async () => {
  const yaml = kubectlFolder(seen)['ippools.yaml']!
  const whole = fact(await ofStream(yaml), 'ipPools')
  expect(whole).toMatchObject({known: true, value: [{name: expect.any(String)}, {name: expect.any(String)}]})
  expect(fact(await ofStream(`root@x:~# kubectl get ippools -o yaml\n${yaml}`), 'ipPools')).toEqual(whole)
  expect(fact(await ofStream(`\uFEFF${yaml}`), 'ipPools')).toEqual(whole)
  const utf16 = Buffer.from(`\uFEFF${yaml}`, 'utf16le')
  expect(fact(await readForeign('stdin', filesOfStream(ReadableStream.from([utf16])), collectors), 'ipPools')).toEqual(whole)
})

test('a log that looks like a list is none', async () => {
  const forged = `${JSON.stringify({kind: 'NodeList', apiVersion: 'v1', items: [{...node, metadata: {name: 'forged'}}]})}\n`
  const nodes = fact(await ofStream(dumpStream(seen, forged)), 'kubeNodes')
  expect(JSON.stringify(nodes)).not.toContain('forged')
  expect(nodes).toMatchObject({known: true})
})

const address = `1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN group default qlen 1000
    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00
    inet 127.0.0.1/8 scope host lo
2: eth0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1400 qdisc fq state UP group default qlen 1000
    link/ether 02:00:00:00:00:01 brd ff:ff:ff:ff:ff:ff
    inet 10.20.0.11/24 brd 10.20.0.255 scope global eth0
3: tunl0@NONE: <NOARP,UP,LOWER_UP> mtu 1480 qdisc noqueue state UNKNOWN group default qlen 1000
    link/ipip 0.0.0.0 brd 0.0.0.0
    inet 10.244.0.0/32 scope global tunl0
7: cali1234567890a@if3: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1480 qdisc noqueue state UP group default
    link/ether ee:ee:ee:ee:ee:ee brd ff:ff:ff:ff:ff:ff link-netnsid 1
`
const protocols = `BIRD v0.3.3+birdv1.6.8 ready.
name     proto    table    state  since       info
Mesh_10_20_0_12 BGP      master   start  04:10:11    Active        Socket: Connection refused
`

test('saved outputs of nodes: addresses from cluster diags, birdcl from beside', async () => {
  const name = seen.lists[0]!.items[0].metadata.name as string
  const snapshot = await ofFolder(clusterDiags(seen, {[`nodes/${name}/ip-addr.txt`]: address, [`nodes/${name}/birdcl.txt`]: protocols}))
  expect(fact(snapshot, 'links')).toMatchObject({
    value: {
      [name]: {
        known: true,
        partial: expect.stringContaining('ip addr'),
        value: [{name: 'lo'}, {name: 'eth0', mtu: 1400}, {name: 'tunl0', kind: 'ipip'}, {kind: 'veth'}],
      },
    },
  })
  expect(fact(snapshot, 'birdV4')).toMatchObject({value: {[name]: {known: true, value: {sessions: [{bgpState: 'Active'}]}}}})
  const others = Object.values((fact(snapshot, 'birdV4') as any).value).filter((one: any) => !one.known)
  expect(others.length).toBe(seen.lists[0]!.items.length - 1)
  expect(others[0]).toMatchObject({why: 'not-collected', detail: expect.stringContaining('calicoctl cluster diags archive does not hold')})
})

test('calicoctl node diags: the one node, by its host name', async () => {
  const files = {
    'diagnostics/hostname': 'worker-1\n',
    'diagnostics/date': 'Sat Nov 21 05:11:47 UTC 2026\n',
    'diagnostics/ipv4_addr': address.replaceAll(/^ {4}link.*\n/gm, ''),
    'diagnostics/ipv4_route': 'default via 10.20.0.1 dev eth0\n',
  }
  const snapshot = await ofFolder(files)
  expect(snapshot).toMatchObject({source: {tool: 'calicoctl node diags archive'}, nodesWanted: {known: true, value: ['worker-1']}})
  expect(fact(snapshot, 'links')).toMatchObject({value: {'worker-1': {known: true, partial: expect.stringContaining('not all interfaces')}}})
  expect(fact(snapshot, 'kubeNodes')).toMatchObject({known: false, why: 'not-collected', detail: 'a calicoctl node diags archive does not hold nodes'})
})

const table = (rows: string) => `Calico process is running.

IPv4 BGP status
+--------------+-------------------+-------+----------+-------------+
| PEER ADDRESS |     PEER TYPE     | STATE |  SINCE   |    INFO     |
+--------------+-------------------+-------+----------+-------------+
${rows}+--------------+-------------------+-------+----------+-------------+

IPv6 BGP status
No IPv6 peers found.
`

test('the table of calicoctl node status, rows that were wrapped too', async () => {
  const rows = `| 10.0.0.2     | node-to-node mesh | up    | 08:29:36 | Established |
| 10.0.0.3     |   node specific   | start | 14:13:42 | Active Sock |
|              |                   |       |          | et: refused |
`
  const snapshot = await ofFolder({'worker-1/node-status.txt': table(rows)})
  expect(snapshot.nodesWanted).toMatchObject({known: true, value: ['worker-1'], partial: expect.any(String)})
  const partial = expect.stringMatching(/excerpt.*calicoctl node status$/)
  expect(fact(snapshot, 'birdV4')).toMatchObject({
    value: {
      'worker-1': {
        known: true,
        partial,
        value: {
          sessions: [
            {name: 'Mesh_10_0_0_2', bgpState: 'Established'},
            {name: 'Node_10_0_0_3', bgpState: 'Active'},
          ],
        },
      },
    },
  })
  const odd = await ofFolder({'worker-1/node-status.txt': table('| 10.0.0.9 | local workload | up | 08:29:36 | Established |\n')})
  expect(fact(odd, 'birdV4')).toMatchObject({value: {'worker-1': {partial: expect.stringContaining('not every row')}}})
})

test("calicoctl's own YAML of an etcd install is read in place of its etcd", async () => {
  const {lists} = seen
  const env = [
    {name: 'ETCD_ENDPOINTS', value: 'https://10.0.0.1:2379'},
    {name: 'CALICO_NETWORKING_BACKEND', value: 'bird'},
  ]
  const metadata = {name: 'calico-node', namespace: 'kube-system'}
  const template = {spec: {containers: [{name: 'calico-node', image: 'calico/node:v3.29.1', env}]}}
  const daemonSet = {apiVersion: 'apps/v1', kind: 'DaemonSet', metadata, spec: {template}, status: {desiredNumberScheduled: 1}}
  const own = {apiVersion: 'projectcalico.org/v3', kind: 'NodeList', items: [{metadata: {name: 'control-1'}, spec: {bgp: {ipv4Address: '10.20.0.11/24'}}}]}
  const pools = {apiVersion: 'projectcalico.org/v3', kind: 'IPPoolList', items: [{metadata: {name: 'p'}, spec: {cidr: '10.244.0.0/16'}}]}
  const snapshot = await ofStream([kubectlList(lists[0]!), daemonSet, own, pools].map(doc).join(''))
  const facts = readFacts(snapshot, collectors)
  expect(facts.apiGroup).toMatchObject({known: true, value: {mode: 'etcd'}})
  expect(facts.ipPools).toMatchObject({known: true, value: [{name: 'p'}]})
  expect(facts.calicoNodes).toMatchObject({known: true, value: [{name: 'control-1', calico: {ipv4: '10.20.0.11/24'}}]})
  expect(facts.bgpPeers).toMatchObject({known: false, why: 'not-collected'})
})

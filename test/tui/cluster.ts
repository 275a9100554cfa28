import type {NodeStatus, SessionRow} from '../../src/calico/node-status-model.ts'
import type {Finding} from '../../src/engine/check.ts'
import {type Collected, known, unknown} from '../../src/engine/collected.ts'
import type {CheckReport, Report} from '../../src/engine/report.ts'
import type {FeedEvent} from '../../src/tui/events.ts'
import type {FelixNumbers, NodeBgp, NodeFacts, NodeLook} from '../../src/tui/model.ts'

/** Times of the fixtures: 2026-11-21 04:00:00 UTC. */
export const start = Date.UTC(2026, 10, 21, 4)

export const session = (over: Partial<SessionRow> = {}): SessionRow => ({
  family: 'IPv4',
  peerAddress: '10.0.0.2',
  peerPort: null,
  peerType: 'node-to-node mesh',
  peerNode: 'worker-2',
  state: 'up',
  since: '03:12:07',
  info: 'Established',
  status: 'established',
  ...over,
})
export const downSession = (over: Partial<SessionRow> = {}): SessionRow =>
  session({state: 'start', since: '03:59:50', info: 'Active Socket: Connection refused', status: 'down', ...over})

const daemons: NodeStatus['nodes'][number]['daemons'] = [{family: 'IPv4', running: true, expected: 'yes', version: 'v0.3.3+birdv1.6.8', reason: null}]
export const bgp = (...rows: SessionRow[]): Collected<NodeBgp> => known({daemons, rows})

export const look = (node: string, at: number, seen: Collected<NodeBgp>): NodeLook => ({
  node,
  at,
  bgp: seen,
  mtus: seen.known
    ? known({
        nic: {name: 'eth0', mtu: 1500},
        tunnels: [{name: 'vxlan.calico', mtu: node === 'worker-3' ? 1410 : 1450}],
        pods: 1450,
        felix: known(1450),
        untold: [],
      })
    : seen,
})

export const facts = (name: string, over: Partial<NodeFacts> = {}): NodeFacts => ({
  name,
  ready: 'True',
  address: `10.0.0.${name.at(-1)}`,
  kernel: '6.1.0-18-amd64',
  osImage: 'Debian GNU/Linux 12',
  pod: known({namespace: 'calico-system', name: `calico-node-${name}`, version: 'v3.30.1', restarts: 0, ready: true, state: 'running'}),
  ...over,
})

export const cluster = (nodes: Collected<readonly NodeFacts[]>, at = start): FeedEvent => ({
  type: 'cluster',
  at,
  seen: {
    source: {kind: 'live', context: 'prod'},
    cluster: {
      calicoVersion: known('v3.30.1'),
      kubernetesVersion: known('v1.33.2'),
      install: known('operator (Installation default), namespace calico-system'),
      datastore: known('kubernetes'),
      apiGroup: known('crd.projectcalico.org/v1'),
      dataplane: known('nftables'),
      encapsulation: known('VXLAN'),
      bgp: known('AS 64512, node-to-node mesh on'),
      nodes: known(4),
    },
    nodes,
    env: known({CALICO_NETWORKING_BACKEND: {value: 'bird', source: 'DaemonSet calico-system/calico-node'}}),
  },
})

export const numbers = (over: Partial<FelixNumbers> = {}): FelixNumbers => ({
  endpoints: known(31),
  policies: known(12),
  applySeconds: known(0.0123),
  resyncState: known('in-sync'),
  errors: known({'iptables save': 0, ipset: 0}),
  programmed: known({'nft rules': 2_114, ipsets: 41, routes: 37}),
  memoryBytes: known(91 * 1024 ** 2),
  cpuSeconds: known(100),
  ...over,
})

export const finding = (over: Partial<Finding> = {}): Finding => ({
  check: 'bgp/session-down',
  messageId: 'down',
  severity: 'error',
  subjects: [{kind: 'Node', name: 'worker-1'}],
  message: 'worker-1 gets no BGP session to worker-2 (10.0.0.2): it refuses TCP 179.',
  args: {},
  evidence: ['worker-1, birdcl: Mesh_10_0_0_2 Active Socket: Connection refused'],
  fix: [{text: 'See whether BIRD runs on worker-2.', command: 'kubectl -n calico-system logs calico-node-worker-2 -c calico-node --tail=50'}],
  verify: {text: 'The session is established.', command: 'calico-doctor node status worker-1'},
  ...over,
})

const check = (id: string, over: Partial<CheckReport>): CheckReport => ({
  id,
  category: id.split('/')[0]!,
  title: 'All BGP sessions are established',
  status: 'fail',
  findings: [],
  missing: [],
  ...over,
})

export function report(findings: readonly Finding[], at = start): FeedEvent {
  const count = (severity: string) => findings.filter(one => one.severity === severity).length
  const judged: Report = {
    tool: {version: '0.0.0'},
    takenAt: new Date(at).toISOString(),
    durationMs: 900,
    source: {kind: 'live', context: 'prod'},
    cluster: {} as Report['cluster'],
    summary: {error: count('error'), warning: count('warning'), info: count('info'), pass: 20, unknown: 1, notApplicable: 2, suppressed: 0, crashed: 0},
    coverage: {
      percent: 96,
      nodes: {wanted: 4, seen: 3, missing: [{node: 'worker-4', why: 'timeout', detail: 'no complete answer in 15 s'}]},
      facts: {missing: [{fact: 'felixConfigurations', why: 'forbidden', detail: 'list felixconfigurations is forbidden'}]},
    },
    checks: [
      ...findings.map(one => check(one.check, {findings: [one]})),
      check('mtu/too-large', {
        status: 'unknown',
        missing: [{fact: 'links', node: 'worker-4', known: false, why: 'timeout', detail: 'no complete answer in 15 s'}],
      }),
      check('cidr/pools-overlap', {status: 'pass'}),
    ],
  }
  return {type: 'report', seen: {at, report: judged, why: {'bgp/session-down': 'Without the session the nodes do not learn the routes to each other’s pods.'}}}
}

const names = ['worker-1', 'worker-2', 'worker-3', 'worker-4']
/** A cluster of four: one session down, one node that never answered, one odd MTU, one failing Felix, a pool nearly full. */
export const incident: readonly FeedEvent[] = [
  {type: 'feed', mode: 'live', intervalMs: 5_000},
  cluster(known(names.map(name => facts(name, name === 'worker-4' ? {ready: 'Unknown'} : {})))),
  {
    type: 'looks',
    looks: [
      look(
        'worker-1',
        start,
        bgp(
          downSession(),
          session({peerAddress: '10.0.0.3', peerNode: 'worker-3', wide: {as: '64512', imported: 4, exported: 5, holdTimer: '172/240', lastError: null}}),
        ),
      ),
      look(
        'worker-2',
        start,
        bgp(downSession({peerAddress: '10.0.0.1', peerNode: 'worker-1', info: 'Connect'}), session({peerAddress: '10.0.0.3', peerNode: 'worker-3'})),
      ),
      look(
        'worker-3',
        start,
        bgp(
          session({peerAddress: '10.0.0.1', peerNode: 'worker-1'}),
          session(),
          session({peerAddress: '192.0.2.1', peerNode: null, peerType: 'global', since: '2026-11-02'}),
        ),
      ),
      look('worker-4', start, unknown('timeout', 'no complete answer in 15 s')),
    ],
  },
  {
    type: 'felix',
    samples: [
      {node: 'worker-1', at: start, felix: known(numbers())},
      {node: 'worker-2', at: start, felix: known(numbers({resyncState: known('resync')}))},
      {node: 'worker-3', at: start, felix: known(numbers({memoryBytes: unknown('absent', 'this Felix does not tell')}))},
      {node: 'worker-4', at: start, felix: unknown('forbidden', 'get pods/proxy is forbidden')},
    ],
  },
  {
    type: 'felix',
    samples: [{node: 'worker-1', at: start + 5_000, felix: known(numbers({cpuSeconds: known(100.6), errors: known({'iptables save': 3, ipset: 0})}))}],
  },
  {
    type: 'typha',
    seen: {
      at: start,
      typhas: known([{name: 'calico-typha-7d9f-abcde', node: 'worker-1', ready: true, clients: known(4), pingSeconds: known(0.0021), pingKind: 'p99'}]),
    },
  },
  {
    type: 'ipam',
    seen: {
      at: start,
      pools: known([
        {name: 'default-ipv4-ippool', cidr: '10.244.0.0/24', disabled: false, size: 256, used: known(240), blocks: known(4), maxBlocks: 4},
        {
          name: 'egress',
          cidr: '10.250.0.0/16',
          disabled: false,
          size: 65_536,
          used: unknown('forbidden', 'list ipamblocks is forbidden'),
          blocks: known(1),
          maxBlocks: 1_024,
        },
      ]),
    },
  },
  report([
    finding(),
    finding({
      check: 'ebpf/kernel',
      messageId: 'old',
      severity: 'warning',
      subjects: [{kind: 'Node', name: 'worker-3'}],
      message: 'The kernel of worker-3 is too old.',
      fix: [{text: 'Update it.'}],
    }),
  ]),
]

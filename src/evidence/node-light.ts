import {birdArgv} from '../calico/bird-sockets.ts'
import {askIfLoaded, type NodeQuestion} from './node-question.ts'
import {cniLogs, nothingThere, processes, services} from './node-scripts.ts'
import {readableSockets} from './node-sockets.ts'

/*
 * Never asked for, here or in node-heavy.ts: /etc/calico/certs, /calico-secrets and other private keys; /host/etc/cni/net.d/calico-kubeconfig, which holds
 * a token; the CNI configuration as a whole, which holds etcd's credentials; /var/run/secrets; /proc/*\/environ and cmdline; /proc/sys/net/ipv6/conf/*\/stable_secret.
 */

const kB = (count: number) => () => count * 1_000
/** A question whose command says it all. */
const ask = (name: string, argv: readonly string[], more: Omit<NodeQuestion, 'name' | 'tries'>): NodeQuestion => ({name, tries: [argv], ...more})

const network: readonly NodeQuestion[] = [
  ask('ip-rule.txt', ['ip', 'rule', 'show'], {maxLines: 1_000, bytes: kB(0.3)}),
  ask('ip-rule-v6.txt', ['ip', '-6', 'rule', 'show'], {maxLines: 1_000, bytes: kB(0.2)}),
  // A block of each node by BIRD or Felix, a route of each pod here, and the addresses' own.
  ask('ip-route.txt', ['ip', 'route', 'show', 'table', 'all'], {maxLines: 20_000, bytes: ({nodes, links}) => 1_500 + 75 * nodes + 60 * links}),
  ask('ip-route-v6.txt', ['ip', '-6', 'route', 'show', 'table', 'all'], {maxLines: 20_000, bytes: ({links}) => 500 + 190 * links}),
  ask('ip-link.txt', ['ip', '-s', '-d', 'link', 'show'], {maxLines: 20_000, bytes: ({links}) => 850 * links}),
  // VXLAN has a permanent entry for each other node.
  ask('ip-neigh.txt', ['ip', '-s', 'neigh', 'show'], {maxLines: 20_000, bytes: ({nodes, links}) => 90 * (Math.min(nodes, 1_000) + links)}),
  ask('tc-qdisc.txt', ['tc', '-s', 'qdisc', 'show'], {maxLines: 5_000, bytes: ({links}) => 160 * links}),
  // Never its table: that is a line for each connection, and names who talks to whom.
  askIfLoaded('nf_conntrack_netlink', 'conntrack-statistics.txt', 'conntrack -S', {maxLines: 1_100, bytes: kB(2)}),
  askIfLoaded('nf_conntrack_netlink', 'conntrack-count.txt', 'conntrack -C', {maxLines: 10, bytes: kB(0.01)}),
]

/** Port 179 in the kernel's table: who waits in SYN_SENT, whose queue stands. There is no ss. */
const bgpSockets = (bigEndian: boolean): NodeQuestion =>
  ask('bgp-sockets.txt', ['grep', '-HE', '(: [0-9A-F]+|[0-9A-F]+:[0-9A-F]+ [0-9A-F]+):00B3 ', '/proc/net/tcp', '/proc/net/tcp6'], {
    maxLines: 3_000,
    bytes: ({sessions}) => 100 + 80 * sessions,
    readable: text => readableSockets(text, {bigEndian}),
  })

const sysctls = [
  'ip_forward',
  'forwarding',
  'rp_filter',
  'proxy_arp',
  'disable_ipv6',
  'accept_ra',
  'gc_thresh?',
  'nf_conntrack_*',
  'bridge-nf-call-*',
  'somaxconn',
  'netdev_max_backlog',
  'ip_local_port_range',
  'ip_no_pmtu_disc',
  'tcp_mtu_probing',
  'fib_multipath_hash_policy',
]
const kernelFiles = [
  '/proc/version',
  '/proc/uptime',
  '/proc/loadavg',
  '/proc/sys/kernel/osrelease',
  '/proc/sys/kernel/unprivileged_bpf_disabled',
  '/sys/kernel/security/lockdown',
]
/** Limits and throttling of calico-node's own container, by cgroup v2 and v1. */
const cgroupFiles = [
  'cpu.max',
  'cpu.stat',
  'memory.max',
  'memory.current',
  'memory.events',
  'cpu/cpu.stat',
  'memory/memory.limit_in_bytes',
  'memory/memory.failcnt',
]

/** `grep -s`: some are of other kernels, so that none of them is missed for itself. */
const noneRead = {exit: 2, detail: 'none of these files could be read', isAnswer: false}

const kernel: readonly NodeQuestion[] = [
  ask('kernel.txt', ['grep', '-Hs', '', ...kernelFiles], {maxLines: 100, bytes: kB(0.5), nothing: noneRead}),
  ask('sysctl.txt', ['grep', '-rHs', ...sysctls.map(name => `--include=${name}`), '', '/proc/sys/net'], {
    maxLines: 10_000,
    bytes: ({links}) => 4_000 + 330 * links,
  }),
  ask('meminfo.txt', ['cat', '/proc/meminfo'], {maxLines: 200, bytes: kB(1.5)}),
  ask('cpuinfo.txt', ['grep', '-E', '^(processor|model name|CPU part)', '/proc/cpuinfo'], {maxLines: 2_000, bytes: kB(1)}),
  ask('modules.txt', ['cat', '/proc/modules'], {maxLines: 1_000, bytes: kB(9)}),
  ask('net-dev.txt', ['cat', '/proc/net/dev'], {maxLines: 3_000, bytes: ({links}) => 200 + 125 * links}),
  ask('net-snmp.txt', ['cat', '/proc/net/snmp', '/proc/net/snmp6'], {maxLines: 300, bytes: kB(5)}),
  ask('net-netstat.txt', ['cat', '/proc/net/netstat'], {maxLines: 100, bytes: kB(4)}),
  ask('net-softnet-stat.txt', ['cat', '/proc/net/softnet_stat'], {maxLines: 1_100, bytes: kB(2)}),
  ask('mounts.txt', ['grep', '-E', ' (bpf|cgroup2?) ', '/proc/mounts'], {maxLines: 200, bytes: kB(0.3)}),
  ask('cgroup.txt', ['grep', '-Hs', '', ...cgroupFiles.map(name => `/sys/fs/cgroup/${name}`)], {maxLines: 100, bytes: kB(0.7), nothing: noneRead}),
]

const calico: readonly NodeQuestion[] = [
  {
    name: 'calico-version.txt',
    tries: [
      ['calico', 'component', 'node', 'version'],
      ['calico-node', '-v'],
    ],
    maxLines: 50,
    bytes: kB(0.1),
  },
  {
    // What the readiness probe asks every ten seconds, and says.
    name: 'calico-health.txt',
    tries: [
      ['calico', 'component', 'node', 'health', '--felix-ready', '--felix-live', '--bird-ready'],
      ['calico-node', '-felix-ready', '-felix-live', '-bird-ready'],
    ],
    maxLines: 50,
    bytes: kB(0.2),
  },
  {name: 'services.txt', tries: [['sh', '-c', services]], called: services, maxLines: 50, bytes: kB(0.4)},
  {name: 'processes.txt', tries: [['sh', '-c', processes]], called: "Calico's processes in /proc/*/status", maxLines: 300, bytes: kB(3)},
  ask('calico-files.txt', ['ls', '-ln', '/host/etc/cni/net.d', '/var/log/calico/cni', '/var/lib/calico', '/var/run/calico'], {maxLines: 500, bytes: kB(1.5)}),
]

/** Of the CNI configuration nothing but these may leave the node; a second plugin's file there is as telling as Calico's own. */
const cniFields = [
  '"(type|name|cniVersion|datastore_type|log_level|nodename)"[[:space:]]*:[[:space:]]*"[A-Za-z0-9._-]{1,80}"',
  '"(mtu|num_queues)"[[:space:]]*:[[:space:]]*[0-9]{1,9}',
  '"(portMappings|bandwidth|snat|allow_ip_forwarding|include_default_routes|assign_ipv4|assign_ipv6)"[[:space:]]*:[[:space:]]*"?(true|false)"?',
].join('|')
const cniFieldsArgv = ['grep', '-RHoE', '--include=*.conflist', '--include=*.conf', cniFields, '/host/etc/cni/net.d']

/** Of each of three logs: of lines as long as they may be, so many still fit into one exec. */
const mostLogLines = 1_000

const cni = (tailLines: number): readonly NodeQuestion[] => [
  ask('cni-fields.txt', cniFieldsArgv, {called: 'grep for known fields in /host/etc/cni/net.d/*.conf*', maxLines: 500, bytes: kB(1)}),
  {
    name: 'cni-log.txt',
    tries: [['sh', '-c', cniLogs(tailLines)]],
    called: 'newest lines of /var/log/calico/cni/*.log',
    maxLines: 3 * tailLines + 3,
    newest: true,
    nothing: {exit: nothingThere, detail: '/var/log/calico/cni is not mounted into calico-node', isAnswer: false},
    bytes: () => 350 * tailLines,
  },
]

const routeBytes = ({nodes}: {nodes: number}) => 500 + 100 * nodes
const routeLines = 20_000
const protocolLines = 3_000

/** Details of sessions that are not Established, and the table, are in the bundle anyway, by the look; these are the first hundred, whatever their state. */
const birdOf = (family: 4 | 6): readonly NodeQuestion[] => {
  const client = family === 4 ? 'birdcl' : 'birdcl6'
  const v4 = (bytes: NodeQuestion['bytes']): NodeQuestion['bytes'] => (family === 4 ? bytes : () => 500)
  const config = (name: string, bytes: NodeQuestion['bytes']) => ask(name, ['cat', `/etc/calico/confd/config/${name}`], {maxLines: 50_000, bytes: v4(bytes)})
  const daemon = family === 4 ? 'bird' : 'bird6'
  return [
    ask(`${client}-show-interfaces.txt`, birdArgv(family, 'show', 'interfaces'), {maxLines: 5_000, bytes: ({links}) => 130 * links}),
    ask(`${client}-show-protocols-all.txt`, birdArgv(family, 'show', 'protocols', 'all'), {
      maxLines: protocolLines,
      bytes: v4(({sessions}) => 2_500 + 1_450 * Math.min(100, sessions)),
    }),
    ask(`${client}-show-route-count.txt`, birdArgv(family, 'show', 'route', 'count'), {maxLines: 20, bytes: kB(0.1)}),
    ask(`${client}-show-route.txt`, birdArgv(family, 'show', 'route'), {maxLines: routeLines, bytes: v4(routeBytes)}),
    // Passwords of BGP peers stand in them in clear text, and are struck out like all else that looks like a credential (src/bundle/credentials-in-text.ts).
    config(`${daemon}.cfg`, ({sessions}) => 4_000 + 450 * sessions),
    config(`${daemon}_aggr.cfg`, () => 500),
    config(`${daemon}_ipam.cfg`, () => 2_500),
  ]
}
/** Even where BIRD should not run: whether it does is worth a line. */
const birdStatus = ([4, 6] as const).map(family =>
  ask(`${family === 4 ? 'birdcl' : 'birdcl6'}-show-status.txt`, birdArgv(family, 'show', 'status'), {maxLines: 50, bytes: kB(0.3)}),
)

/** That it does not run where it should not is an answer (bird: client/client.c exits with 1 when it cannot connect). */
const notWanted = {exit: 1, detail: 'BIRD cannot be reached, and Calico is told to do without it', isAnswer: true} as const

export interface LightOptions {
  /** BIRD is not known to be switched off. */
  readonly bird: boolean
  /** Newest lines of each log. */
  readonly tailLines: number
  /** The node's processor; s390x is the one of Calico's that is. */
  readonly bigEndian: boolean
}
/**
 * What costs a node next to nothing, small ones first, in two execs: the script of an exec travels in the line of its request, and a proxy before the API
 * server may take no more than 8 kB there (nginx: large_client_header_buffers).
 */
export const lightQuestions = ({bird, tailLines, bigEndian}: LightOptions): readonly (readonly NodeQuestion[])[] => [
  [...(bird ? birdStatus : birdStatus.map(question => ({...question, nothing: notWanted}))), ...calico, ...kernel, ...network, bgpSockets(bigEndian)],
  [...(bird ? [...birdOf(4), ...birdOf(6)] : []), ...cni(Math.min(tailLines, mostLogLines))],
]

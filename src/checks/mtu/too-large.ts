import {firstLines} from '../../calico/evidence.ts'
import {clusterMtu, untoldLines} from '../../calico/mtu-cluster.ts'
import {mtuFixes} from '../../calico/mtu-fix.ts'
import {bareMisfit, type Misfit, misfitLine, nodePortMisfit, podMisfit, sameNumbers, tunnelMisfits} from '../../calico/mtu-misfit.ts'
import {nodeList} from '../../calico/node-list.ts'
import {defineCheck, type Fix, undecided, type Where} from '../../engine/check.ts'
import {known, unknown} from '../../engine/collected.ts'
import {exampleEnv, exampleIpip, exampleLink, exampleLinks, exampleNode, examplePod, examplePool, exampleVxlan, manifestInstall} from '../example-cluster.ts'

interface Args {
  readonly nodes: readonly string[]
  readonly link: string
  /** Bytes. */
  readonly mtu: number
  readonly underlay: number
  /** What wraps the packets, and by how many bytes. */
  readonly title: string
  readonly overhead: number
  readonly fix: readonly Fix[]
}

const carries = ({mtu, overhead, underlay}: Args) => `The interface to other nodes carries ${underlay}: ${mtu + overhead - underlay} bytes too many.`
const adds = (args: Args) => `${args.title} adds ${args.overhead} bytes. ${carries(args)}`
const fix = ({fix}: Args) => fix
const verify = () => ({
  text:
    'The numbers fit, and a full packet crosses: from a pod, ping a pod on another node with `ping -M do -s <MTU minus 28>`. ' +
    'Pods made before the change keep the old MTU.',
  command: 'calico-doctor check --only mtu/too-large',
})

export default defineCheck({
  id: 'mtu/too-large',
  title: 'Tunnels and pods leave room for what is wrapped around their packets',
  failureTitle: 'Packets are larger than the network between nodes carries',
  why:
    'A tunnel adds 20 to 80 bytes to every packet. When the MTU of tunnel or pods plus these bytes is more than the NIC carries, full packets are split or ' +
    'lost: small requests and pings work, while TLS handshakes, image pulls and large answers between nodes hang.',
  needs: ['nodes', 'links', 'ipPools'],
  uses: ['felixConfigurations', 'nodeEnv', 'install', 'dataplane'],
  messages: {
    tunnel: {
      severity: 'error',
      text: (args: Args) => `${args.link} has MTU ${args.mtu} on ${nodeList(args.nodes)}. ${adds(args)}`,
      fix,
      verify,
    },
    pods: {
      severity: 'error',
      text: (args: Args) => `Pods on ${nodeList(args.nodes)} have MTU up to ${args.mtu}. ${adds(args)}`,
      fix,
      verify,
    },
    bare: {
      severity: 'error',
      text: (args: Args) => `Pods on ${nodeList(args.nodes)} have MTU up to ${args.mtu}. ${carries(args)}`,
      fix,
      verify,
    },
    nodePorts: {
      severity: 'info',
      text: (args: Args) =>
        `eBPF hands node port traffic to other nodes through VXLAN, which adds 50 bytes. Pods on ${nodeList(args.nodes)} have MTU up to ${args.mtu} ` +
        `on a NIC of ${args.underlay}, so full packets from outside depend on ICMP reaching the client.`,
      fix,
      verify,
    },
  },
  docs: ['https://docs.tigera.io/calico/latest/networking/configuring/mtu'],
  *run(facts, report) {
    const cluster = clusterMtu(facts)
    const say = (kind: keyof typeof report, misfits: readonly Misfit[], more: readonly Fix[] = []) =>
      sameNumbers(misfits).map(same =>
        report[kind](argsOf(same, [...mtuFixes(facts, same.flatMap(({tunnel}) => tunnel ?? []).slice(0, 1), cluster), ...more]), whereOf(same)),
      )
    const byTunnel = cluster.nodes.flatMap(tunnelMisfits)
    const otherNodes = cluster.nodes.filter(({node}) => !byTunnel.some(misfit => misfit.node === node))
    yield* say('tunnel', byTunnel)
    yield* say(
      'pods',
      otherNodes.flatMap(node => podMisfit(node) ?? []),
      [recreate],
    )
    yield* say(
      'bare',
      otherNodes.flatMap(node => bareMisfit(node) ?? []),
      [recreate],
    )
    const byNodePort = otherNodes.flatMap(node => nodePortMisfit(node) ?? [])
    if (facts.dataplane.known && facts.dataplane.value.kind === 'ebpf') yield* say('nodePorts', byNodePort)
    else if (byNodePort.length > 0 && (!facts.dataplane.known || facts.dataplane.partial !== undefined))
      yield undecided(
        `whether eBPF is in force, whose node ports need 50 bytes more, was not seen: ${facts.dataplane.known ? facts.dataplane.partial : facts.dataplane.why}`,
      )
    for (const line of untoldLines(cluster.nodes, nodeList)) yield undecided(line)
    if (cluster.use.unseen !== undefined) yield undecided(cluster.use.unseen)
  },
  examples: {
    'VXLAN of 1450 on NICs of 1500': {given: given({a: 1450, b: 1450}), finds: []},
    'VXLAN of 1500 on NICs of 1500': {given: given({a: 1500, b: 1500}), finds: ['tunnel Node/a Node/b']},
    'one node whose tunnel was left large': {given: given({a: 1450, b: 8951}), finds: ['tunnel Node/b']},
    'jumbo frames carry a jumbo tunnel': {
      given: {...given({a: 8951}), links: {a: known(exampleLinks(1, 9001, [exampleVxlan(8951), examplePod(8951)]))}},
      finds: [],
    },
    'a VLAN claims more than the NIC below it carries': {
      given: {
        ...given({a: 8950}),
        links: {
          a: known([exampleLink('eth0', 1500), exampleLink('eth0.7', 9000, {kind: 'vlan', lower: 'eth0', addresses: ['10.0.0.1/24']}), exampleVxlan(8950)]),
        },
      },
      finds: ['tunnel Node/a'],
    },
    "tunl0 of a loaded module, without IPIP pools, is in nobody's way": {
      given: {...given({a: 1450}), links: {a: known(exampleLinks(1, 1500, [exampleIpip(1500, false), exampleVxlan(1450), examplePod(1450)]))}},
      finds: [],
    },
    'CrossSubnet within one subnet wraps nothing': {
      given: {...given({a: 1500, b: 1500}), ipPools: [examplePool('p', '10.244.0.0/16', {vxlanMode: 'CrossSubnet'})]},
      finds: [],
    },
    'pods left at 1500 beside an IPIP tunnel of 1480': {
      given: {
        ...given({a: 1480}),
        ipPools: [examplePool('p', '10.244.0.0/16', {ipipMode: 'Always'})],
        links: {a: known(exampleLinks(1, 1500, [exampleIpip(1480), examplePod(1480), examplePod(1500, 'cali9999')]))},
      },
      finds: ['pods Node/a'],
    },
    'no encapsulation, pods larger than the NIC': {
      given: {...given({a: 0}), ipPools: [examplePool('p', '10.244.0.0/16')], links: {a: known(exampleLinks(1, 1450, [examplePod(1500)]))}},
      finds: ['bare Node/a'],
    },
    'WireGuard over IPIP': {
      given: {
        ...given({a: 0}),
        felixConfigurations: known([{name: 'default', spec: {wireguardEnabled: true}}]),
        ipPools: [examplePool('p', '10.244.0.0/16', {ipipMode: 'Always'})],
        links: {a: known(exampleLinks(1, 1500, [exampleIpip(1480), exampleLink('wireguard.cali', 1500, {kind: 'wireguard'}), examplePod(1440)]))},
      },
      finds: ['tunnel Node/a'],
    },
    'eBPF without room for node ports': {
      given: {
        ...given({a: 0}),
        dataplane: known({kind: 'ebpf', source: 'FelixConfiguration default bpfEnabled'}),
        ipPools: [examplePool('p', '10.244.0.0/16')],
        links: {a: known(exampleLinks(1, 1500, [examplePod(1500)]))},
      },
      finds: ['nodePorts Node/a'],
    },
    'no room for node ports if eBPF runs, which was not seen': {
      given: {
        ...given({a: 0}),
        dataplane: unknown('forbidden', '403'),
        ipPools: [examplePool('p', '10.244.0.0/16')],
        links: {a: known(exampleLinks(1, 1500, [examplePod(1480)]))},
      },
      finds: [],
    },
    'the address is on no interface: cannot be told': {
      given: {...given({a: 1500}), links: {a: known(exampleLinks(99, 1500, [exampleVxlan(1500)]))}},
      finds: [],
    },
    "proven by the interfaces although Felix's settings were forbidden": {
      given: {...given({a: 1500}), felixConfigurations: unknown('forbidden', '403'), install: unknown('forbidden', '403')},
      finds: ['tunnel Node/a'],
    },
  },
})

/** Nodes with NICs of 1500 in one subnet, and a VXLAN pool; by name the MTU of their tunnels and pods. */
function given(tunnelMtus: Readonly<Record<string, number>>) {
  const names = Object.entries(tunnelMtus)
  return {
    nodes: names.map(([name], index) => exampleNode(name, index + 1)),
    links: Object.fromEntries(
      names.map(([name, mtu], index) => [name, known(exampleLinks(index + 1, 1500, [exampleVxlan(mtu), examplePod(Math.min(mtu, 1450))]))]),
    ),
    ipPools: [examplePool('default-ipv4-ippool', '10.244.0.0/16', {vxlanMode: 'Always'})],
    felixConfigurations: known([]),
    nodeEnv: exampleEnv({}),
    install: manifestInstall,
    dataplane: known({kind: 'iptables' as const, source: 'default'}),
  }
}

const recreate: Fix = {
  text: 'Where the setting is right already, these are pods from before it was changed: recreate them, workload by workload.',
  command: 'kubectl get pods -A -o wide',
}

function argsOf(same: readonly Misfit[], fix: readonly Fix[]): Args {
  const {link, mtu, tunnel, underlay} = same[0]!
  return {nodes: same.map(({node}) => node), link, mtu, underlay: underlay.mtu, title: tunnel?.title ?? '', overhead: tunnel?.overhead ?? 0, fix}
}

const whereOf = (same: readonly Misfit[]): Where => ({
  subjects: same.map(({node}) => ({kind: 'Node', name: node})),
  evidence: firstLines(same.map(misfitLine)),
})

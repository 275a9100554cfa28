import {clusterMtu, untoldLines} from '../../calico/mtu-cluster.ts'
import {mtuFixes} from '../../calico/mtu-fix.ts'
import type {NodeMtu} from '../../calico/mtu-node.ts'
import {groupsBy, type MisfitBetween, type MtuGroup, misfitBetween, mtuLine, oddNodes, tunnelGroups} from '../../calico/mtu-spread.ts'
import {nodeList} from '../../calico/node-list.ts'
import {defineCheck, type Fix, undecided, type Where} from '../../engine/check.ts'
import {known} from '../../engine/collected.ts'
import {exampleEnv, exampleLinks, exampleNode, examplePod, examplePool, exampleVxlan, operatorInstall} from '../example-cluster.ts'

interface Differs {
  /** Most nodes first. */
  readonly groups: readonly MtuGroup[]
  readonly fix: readonly Fix[]
}
interface TunnelsDiffer extends Differs {
  readonly device: string
}
interface DoesNotFit extends MisfitBetween {
  readonly fix: readonly Fix[]
}

const spread = (groups: readonly MtuGroup[]) => groups.map(({mtu, nodes}) => `${mtu} on ${nodeList(nodes)}`).join('; ')
const verify = () => ({text: 'Every node shows the same numbers.', command: 'calico-doctor check --only mtu/inconsistent'})

export default defineCheck({
  id: 'mtu/inconsistent',
  title: 'All nodes agree on the MTU of NICs and tunnels',
  failureTitle: 'Nodes that talk to each other differ in MTU',
  why:
    'Calico takes the MTU of tunnels and pods from each NIC. Where one node has jumbo frames and another has not, the first sends packets that the second, ' +
    'or the switch between, drops without a word: large transfers in one direction hang while everything else works.',
  needs: ['nodes', 'links', 'ipPools'],
  uses: ['felixConfigurations', 'nodeEnv', 'install', 'dataplane'],
  notApplicable: ({nodes}) =>
    nodes.filter(({virtual, operatingSystem}) => !virtual && operatingSystem === 'linux').length < 2
      ? 'fewer than two nodes have nobody to differ from'
      : undefined,
  messages: {
    doesNotFit: {
      severity: 'error',
      text: ({link, mtu, packet, smallest, large, small}: DoesNotFit) =>
        `${link} with MTU ${mtu} on ${nodeList(large)} makes packets of ${packet} bytes, and the NIC carries ${smallest} on ${nodeList(small)}.`,
      fix: ({fix}: DoesNotFit) => fix,
      verify,
    },
    tunnels: {
      severity: 'warning',
      text: ({device, groups}: TunnelsDiffer) => `${device} differs between nodes: MTU ${spread(groups)}.`,
      fix: ({fix}: TunnelsDiffer) => fix,
      verify,
    },
    nics: {
      severity: 'warning',
      text: ({groups}: Differs) =>
        `NICs differ between nodes: MTU ${spread(groups)}. Tunnels and pods fit everywhere; large packets of host-network pods may not.`,
      fix: ({fix}: Differs) => fix,
      verify,
    },
  },
  docs: ['https://docs.tigera.io/calico/latest/networking/configuring/mtu'],
  *run(facts, report) {
    const cluster = clusterMtu(facts)
    const {nodes, use} = cluster
    for (const family of [4, 6] as const) {
      const misfit = misfitBetween(nodes, family)
      const nics = groupsBy(nodes, ({underlay}) => underlay[family]?.mtu)
      if (misfit)
        yield report.doesNotFit({...misfit, fix: mtuFixes(facts, [], cluster)}, whereOf(nodes, nics, [...first(misfit.large), ...first(misfit.small)]))
      else if (nics.length > 1) yield report.nics({groups: nics, fix: [sameNics]}, whereOf(nodes, nics))
      for (const tunnel of use.tunnels.filter(({device, family: own}) => own === family && device !== misfit?.link)) {
        const groups = tunnelGroups(nodes, tunnel)
        if (groups.length > 1) yield report.tunnels({device: tunnel.device, groups, fix: mtuFixes(facts, [tunnel], cluster)}, whereOf(nodes, groups))
      }
    }
    for (const line of untoldLines(nodes, nodeList)) yield undecided(line)
    if (use.unseen !== undefined) yield undecided(use.unseen)
  },
  examples: {
    'NICs, tunnels and pods are the same everywhere': {given: given({a: [1500, 1450], b: [1500, 1450], c: [1500, 1450]}), finds: []},
    'two nodes have jumbo frames, and their tunnels too': {
      given: given({a: [1500, 1450], b: [1500, 1450], c: [1500, 1450], d: [9001, 8951], e: [9001, 8951]}),
      finds: ['doesNotFit Node/d Node/e'],
    },
    'one node without jumbo frames': {given: given({a: [9001, 8951], b: [9001, 8951], c: [1500, 1450]}), finds: ['doesNotFit Node/c']},
    'NICs differ, one tunnel MTU fits them all': {given: given({a: [1500, 1450], b: [1500, 1450], c: [9001, 1450]}), finds: ['nics Node/c']},
    'one tunnel is smaller than the others': {given: given({a: [1500, 1450], b: [1500, 1450], c: [1500, 1400]}), finds: ['tunnels Node/c']},
    'one tunnel is too large even for its own NIC': {given: given({a: [1500, 1450], b: [1500, 1450], c: [1500, 1500]}), finds: ['tunnels Node/c']},
    'no encapsulation, pods of 9001 beside nodes of 1500': {
      given: {...given({a: [1500, 1500], b: [1500, 1500], c: [9001, 9001]}), ipPools: [examplePool('p', '10.244.0.0/16')]},
      finds: ['doesNotFit Node/c'],
    },
    'one node': {given: given({a: [1500, 1450]}), finds: []},
  },
})

const sameNics: Fix = {
  text: "Give the NICs one MTU, in the hosts' network configuration or the cloud template, and check that the switches between them carry it.",
  command: 'ip link show',
}

const first = <T>(items: readonly T[]) => items.slice(0, 3)

/** About the nodes that are not like most; shown by some of each kind. */
function whereOf(nodes: readonly NodeMtu[], groups: readonly MtuGroup[], shown = groups.flatMap(group => first(group.nodes))): Where {
  return {
    subjects: oddNodes(groups).map(name => ({kind: 'Node', name})),
    evidence: nodes.filter(({node}) => shown.includes(node)).map(mtuLine),
  }
}

/** By node: MTU of its NIC, and of tunnel and pods. */
function given(mtus: Readonly<Record<string, readonly [nic: number, tunnel: number]>>) {
  const all = Object.entries(mtus)
  return {
    nodes: all.map(([name], index) => exampleNode(name, index + 1)),
    links: Object.fromEntries(
      all.map(([name, [nic, tunnel]], index) => [name, known(exampleLinks(index + 1, nic, [exampleVxlan(tunnel), examplePod(tunnel)]))]),
    ),
    ipPools: [examplePool('default-ipv4-ippool', '10.244.0.0/16', {vxlanMode: 'Always'})],
    felixConfigurations: known([]),
    nodeEnv: exampleEnv({}),
    install: operatorInstall,
    dataplane: known({kind: 'iptables' as const, source: 'default'}),
  }
}

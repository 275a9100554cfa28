import {askIfLoaded, type NodeQuestion} from './node-question.ts'
import {legacyRules, nothingThere} from './node-scripts.ts'

/** A chain for each pod and direction, one for each policy; and what kube-proxy has for services. */
const ruleBytes = ({links}: {readonly links: number}) => 120_000 + 5_000 * links

const legacy = (family: 4 | 6): NodeQuestion => {
  const save = family === 4 ? 'iptables-legacy-save' : 'ip6tables-legacy-save'
  const detail = 'no table of legacy iptables is in use on this node, and asking would load its kernel modules'
  return {
    name: `${save}.txt`,
    tries: [['sh', '-c', legacyRules(family)]],
    called: `${save} -c`,
    bytes: () => 20_000,
    nothing: {exit: nothingThere, detail, isAnswer: true},
  }
}

const rules: readonly NodeQuestion[] = [
  askIfLoaded('nf_tables', 'iptables-nft-save.txt', 'iptables-nft-save -c', {bytes: ruleBytes}),
  askIfLoaded('nf_tables', 'ip6tables-nft-save.txt', 'ip6tables-nft-save -c', {bytes: () => 30_000}),
  legacy(4),
  legacy(6),
  askIfLoaded('nf_tables', 'nft-ruleset.txt', 'nft -n -a list ruleset', {bytes: size => 1.2 * ruleBytes(size)}),
  askIfLoaded('ip_set', 'ipset-list.txt', 'ipset list', {bytes: ({nodes, links}) => 20_000 + 20 * nodes + 100 * links}),
]

/** What a table holds, as text: its JSON is one line, which nothing on the node could cut. The whole connection table is never dumped. */
const dumps: readonly (readonly [name: string, ...words: readonly string[]])[] = [
  ['bpf-ipsets.txt', 'ipsets', 'dump'],
  ['bpf-nat.txt', 'nat', 'dump'],
  ['bpf-nat-aff.txt', 'nat', 'aff'],
  ['bpf-nat-maglev.txt', 'nat', 'maglev'],
  ['bpf-routes.txt', 'routes', 'dump'],
  ['bpf-counters.txt', 'counters', 'dump'],
  ['bpf-arp.txt', 'arp', 'dump'],
  ['bpf-ifstate.txt', 'ifstate', 'dump'],
  ['bpf-conntrack-stats.txt', 'conntrack', 'stats'],
]

const bpf: readonly NodeQuestion[] = [
  ...dumps.map(
    ([name, ...words]): NodeQuestion => ({
      name,
      // One binary does everything from v3.33 on (facts: cmd/calico); what a version cannot dump yet, it says.
      tries: [
        ['calico', 'component', 'node', 'bpf', ...words],
        ['calico-node', '-bpf', ...words],
      ],
      bytes: ({nodes, links}) => (/nat|routes/.test(name) ? 20_000 + 60 * nodes + 60 * links : 5_000),
    }),
  ),
  {name: 'bpftool-prog.txt', tries: [['bpftool', 'prog', 'show']], bytes: ({links}) => 20_000 + 600 * links},
  {name: 'bpftool-net.txt', tries: [['bpftool', 'net', 'show']], bytes: ({links}) => 1_000 + 120 * links},
  {name: 'bpftool-map.txt', tries: [['bpftool', 'map', 'show']], bytes: () => 8_000},
  {name: 'bpftool-cgroup.txt', tries: [['bpftool', 'cgroup', 'tree', '/run/calico/cgroup']], bytes: () => 2_000},
]

/** What may take a node long or print much: each alone, one after another. `ebpf`: the dataplane is eBPF, or nobody could say. */
export const heavyQuestions = ({ebpf}: {readonly ebpf: boolean}): readonly NodeQuestion[] => [...rules, ...(ebpf ? bpf : [])]

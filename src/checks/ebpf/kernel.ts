import type {Dataplane, Install} from '../../calico/cluster.ts'
import {ebpfAsked} from '../../calico/ebpf-asked.ts'
import {type KernelGrade, kernelGrade, switchAnswer} from '../../calico/ebpf-kernels.ts'
import {ebpfOff} from '../../calico/ebpf-off.ts'
import {firstLines} from '../../calico/evidence.ts'
import type {KubeNode} from '../../calico/kubernetes.ts'
import {nodeList} from '../../calico/node-list.ts'
import type {FelixConfiguration} from '../../calico/resources.ts'
import {defineCheck, type Fix, undecided, type Where} from '../../engine/check.ts'
import {type Collected, known, unknown, valueOf} from '../../engine/collected.ts'
import {exampleNode, operatorInstall} from '../example-cluster.ts'

interface Args {
  readonly nodes: readonly string[]
  /** The different kernels, as the nodes name them. */
  readonly kernels: readonly string[]
  readonly off: Fix
}

const kernelsText = ({kernels}: Args) => `${kernels.slice(0, 3).join(', ')}${kernels.length > 3 ? `, … +${kernels.length - 3}` : ''}`
const fix = ({off}: Args): Fix[] => [
  {text: 'Upgrade the kernel to 5.10 or later, or the node to RHEL 8.4 (4.18.0-305) or later, node by node: drain, upgrade, reboot, uncordon.'},
  off,
]
const verify = () => ({text: 'Every node shows a kernel that is new enough, or eBPF is off.', command: 'calico-doctor check --only ebpf/kernel'})

const old = exampleNode('old', 9, {kernelVersion: '4.15.0-213-generic', osImage: 'Ubuntu 18.04.6 LTS'})
const redHat = (name: string, kernelVersion: string) => exampleNode(name, 1, {kernelVersion, osImage: 'Red Hat Enterprise Linux 8'})

export default defineCheck({
  id: 'ebpf/kernel',
  title: 'Every node that eBPF is asked for has a kernel for it',
  failureTitle: 'eBPF is asked for on nodes whose kernel cannot run it, or is too old to be supported',
  why:
    'Felix loads its eBPF programs only into kernels that are new enough. On any other node it goes back to iptables or nftables with nothing but a line in its log: ' +
    'the settings still say eBPF. Where kube-proxy was removed, as eBPF asks for, nobody serves Services on that node any more.',
  needs: ['nodes'],
  uses: ['dataplane', 'felixConfigurations', 'install'],
  notApplicable({nodes, dataplane, felixConfigurations}) {
    const judged = nodes.filter(runsFelix)
    if (judged.length === 0) return 'there is no Linux node'
    if (!dataplane.known || dataplane.partial !== undefined) return undefined
    if (judged.some(node => ebpfAsked(node, dataplane.value, valueOf(felixConfigurations) ?? []).on !== false)) return undefined
    return `eBPF is not asked for (dataplane ${dataplane.value.kind}); ${switchAnswer(judged)}`
  },
  messages: {
    fallsBack: {
      severity: 'error',
      text: (args: Args) =>
        `eBPF is asked for, and the kernel of ${nodeList(args.nodes)} is too old for it (${kernelsText(args)}; Felix needs 5.3, or RHEL's 4.18.0-193). ` +
        'Felix silently runs iptables or nftables there; where kube-proxy was removed, Services do not work on them.',
      fix,
      verify,
    },
    bigEndian: {
      severity: 'error',
      text: ({nodes}: Args) =>
        `eBPF is asked for, and Felix runs it on little-endian machines only: not on ${nodeList(nodes)}. ` +
        'Felix silently runs iptables or nftables there; where kube-proxy was removed, Services do not work on them.',
      fix: ({off}: Args) => [{text: 'Calico has no eBPF for this architecture: keep such nodes out of a cluster that runs eBPF.'}, off],
      verify,
    },
    undocumented: {
      severity: 'warning',
      text: (args: Args) =>
        `eBPF starts on ${nodeList(args.nodes)}, whose kernel is older than Calico supports (${kernelsText(args)}; supported are 5.10, or RHEL's 4.18.0-305, and later): ` +
        'nobody tests it there, and newer Calico may refuse it.',
      fix,
      verify,
    },
  },
  docs: ['https://docs.tigera.io/calico/latest/operations/ebpf/enabling-ebpf', 'https://docs.tigera.io/calico/latest/operations/ebpf/install'],
  *run({nodes, dataplane, felixConfigurations, install}, report) {
    const risky = nodes.filter(node => runsFelix(node) && kernelGrade(node) !== 'supported')
    // Whatever is asked for, these kernels run it.
    if (risky.length === 0) return
    if (!dataplane.known) return yield undecided(`whether eBPF is asked for was not seen: ${dataplane.why} ${dataplane.detail}`.trimEnd())
    const wishes = risky.map(node => ({node, grade: kernelGrade(node), ...ebpfAsked(node, dataplane.value, valueOf(felixConfigurations) ?? [])}))
    for (const same of alike(wishes.filter(({on}) => on === true))) {
      const {grade} = same[0]!
      const message = messageOf[grade]
      yield message
        ? report[message](argsOf(same, install), whereOf(same))
        : undecided(`the kernel version that the API gives is not understood: ${listOf(same)}`)
    }
    for (const same of alike(wishes.filter(({on}) => on === undefined))) yield undecided(`whether ${same[0]!.source} counts cannot be told: ${listOf(same)}`)
    if (dataplane.partial !== undefined && dataplane.value.kind !== 'ebpf') yield undecided(`whether eBPF is asked for was seen in part: ${dataplane.partial}`)
  },
  examples: {
    'eBPF on kernels that are new enough': {given: given([exampleNode('a', 1), exampleNode('b', 2, {kernelVersion: '5.10.0-28-amd64'})]), finds: []},
    'Ubuntu 18.04 with 4.15 falls back': {given: given([exampleNode('a', 1), old]), finds: ['fallsBack Node/old']},
    "RHEL 8.4's 4.18 is not simply old": {
      given: given([redHat('a', '4.18.0-305.el8.x86_64'), redHat('b', '4.18.0-553.16.1.el8_10.x86_64')]),
      finds: [],
    },
    'RHEL 8.2 starts and is not supported, 8.1 falls back': {
      given: given([redHat('a', '4.18.0-193.14.3.el8_2.x86_64'), redHat('b', '4.18.0-147.8.1.el8_1.x86_64')]),
      finds: ['undocumented Node/a', 'fallsBack Node/b'],
    },
    'Rocky is of the family, whatever its kernel is called': {
      given: given([exampleNode('a', 1, {kernelVersion: '4.18.0-477.10.1', osImage: 'Rocky Linux 8.8 (Green Obsidian)'})]),
      finds: [],
    },
    "4.18 that is nobody's backport falls back": {given: given([exampleNode('a', 1, {kernelVersion: '4.18.0-25-generic'})]), finds: ['fallsBack Node/a']},
    "Oracle's UEK 5.4 is a plain 5.4": {
      given: given([exampleNode('a', 1, {kernelVersion: '5.4.17-2136.315.5.el8uek.x86_64', osImage: 'Oracle Linux Server 8.8'})]),
      finds: ['undocumented Node/a'],
    },
    's390x is big-endian': {given: given([exampleNode('a', 1), exampleNode('z', 2, {architecture: 's390x'})]), finds: ['bigEndian Node/z']},
    'Windows and virtual nodes have no kernel to judge': {
      given: given([
        exampleNode('a', 1),
        exampleNode('win', 2, {operatingSystem: 'windows', kernelVersion: '10.0.20348.2031'}),
        exampleNode('virtual', 3, {virtual: true, kernelVersion: ''}),
      ]),
      finds: [],
    },
    'eBPF is not asked for: says whether it could be': {given: given([exampleNode('a', 1), old], {kind: 'iptables', source: 'default'}), finds: []},
    'taken off by name on the one node that is too old': {
      given: {...given([exampleNode('a', 1), old]), felixConfigurations: known([{name: 'node.old', spec: {bpfEnabled: false}}])},
      finds: [],
    },
    'asked for by name on a node that is too old': {
      given: {
        ...given([exampleNode('a', 1), old], {kind: 'iptables', source: 'default'}),
        felixConfigurations: known([{name: 'node.old', spec: {bpfEnabled: true}}]),
      },
      finds: ['fallsBack Node/old'],
    },
    'a kernel version that is none: cannot be told': {given: given([exampleNode('a', 1, {kernelVersion: ''})]), finds: []},
    'an old kernel, and whether eBPF is asked for was not seen': {given: {...given([old]), dataplane: unknown('forbidden', '403')}, finds: []},
    'asked for by environment, of an install that was not seen': {
      given: {...given([old], {kind: 'ebpf', source: 'env FELIX_BPFENABLED'}), install: unknown('forbidden', '403')},
      finds: ['fallsBack Node/old'],
    },
  },
})

const runsFelix = ({operatingSystem, virtual}: KubeNode) => operatingSystem === 'linux' && !virtual

interface Wish {
  readonly node: KubeNode
  readonly grade: KernelGrade
  readonly source: string
}
const messageOf: Readonly<Partial<Record<KernelGrade, 'fallsBack' | 'bigEndian' | 'undocumented'>>> = {
  tooOld: 'fallsBack',
  bigEndian: 'bigEndian',
  undocumented: 'undocumented',
}
const alike = (wishes: readonly Wish[]): Wish[][] => [...Map.groupBy(wishes, ({grade, source}) => `${grade} ${source}`).values()]
const listOf = (same: readonly Wish[]) => nodeList(same.map(({node}) => node.name))

const argsOf = (same: readonly Wish[], install: Collected<Install>): Args => ({
  nodes: same.map(({node}) => node.name),
  kernels: [...new Set(same.map(({node}) => node.kernelVersion))],
  off: ebpfOff(same[0]!.source, install),
})

const whereOf = (same: readonly Wish[]): Where => ({
  subjects: same.map(({node}) => ({kind: 'Node', name: node.name})),
  evidence: [
    `eBPF is asked for by ${same[0]!.source}`,
    ...firstLines(
      same.map(({node}) => `${node.name}: kernel ${node.kernelVersion}, ${node.osImage}, ${node.architecture} (Node status.nodeInfo)`),
      4,
    ),
  ],
})

function given(nodes: readonly KubeNode[], dataplane: Dataplane = {kind: 'ebpf', source: 'Installation spec.calicoNetwork.linuxDataplane'}) {
  return {nodes, dataplane: known(dataplane), felixConfigurations: known<readonly FelixConfiguration[]>([]), install: operatorInstall}
}

import {parseCidr} from '../../calico/cidr.ts'
import type {NodeEnv} from '../../calico/cluster.ts'
import {firstLines} from '../../calico/evidence.ts'
import type {KubeNode} from '../../calico/kubernetes.ts'
import {type Mismatch, mismatchLine, mismatchOf, sameCause, writtenAddress} from '../../calico/node-address-mismatch.ts'
import {mismatchFix} from '../../calico/node-address-mismatch-fix.ts'
import {addressesSeen} from '../../calico/node-address-seen.ts'
import {nodeList} from '../../calico/node-list.ts'
import {defineCheck, type Fix, undecided, type Where} from '../../engine/check.ts'
import type {Collected} from '../../engine/collected.ts'
import {addressMismatchExamples} from '../address-mismatch-examples.ts'

interface Args {
  readonly nodes: readonly string[]
  /** Each once. */
  readonly addresses: readonly string[]
  readonly place?: string
  /** How Calico finds its address: `first-found`; undefined where it was not seen. */
  readonly method?: string
  readonly external: boolean
  /** Calico's addresses are in Nodes of its own. */
  readonly inEtcd?: true
  readonly fix: readonly Fix[]
}

const some = (addresses: readonly string[]) => `${addresses.slice(0, 3).join(', ')}${addresses.length > 3 ? `, … +${addresses.length - 3}` : ''}`
const whose = ({nodes, addresses}: Args) => `Calico's address of ${nodeList(nodes)} (${some(addresses)})`
const found = ({method}: Args) => (method === undefined ? '' : ` (found by ${method})`)
const fix = ({fix}: Args) => fix
const verify = ({inEtcd}: Args) => ({
  text: "Calico's address and InternalIP are the same, or both are meant.",
  command: inEtcd ? 'kubectl get nodes -o wide; calicoctl get nodes -o wide' : showAddresses,
})
const showAddresses =
  `kubectl get nodes -o 'custom-columns=NODE:.metadata.name,INTERNAL:.status.addresses[?(@.type=="InternalIP")].address,` +
  String.raw`CALICO:.metadata.annotations.projectcalico\.org/IPv4Address,CALICO6:.metadata.annotations.projectcalico\.org/IPv6Address'`

export default defineCheck({
  id: 'node/address-mismatch',
  title: "Calico's address of each node is one that Kubernetes knows it by",
  failureTitle: 'Calico has nodes at addresses that Kubernetes does not know them by',
  why:
    'Each calico-node looks for an address of its node and tells it to all others, who send the traffic for its pods there. Left to itself it takes the first interface ' +
    'that looks right, which may be a bridge of containers, a VPN, a NIC of another network, or one that is gone: then pods of that node cannot be reached.',
  needs: ['nodes'],
  uses: ['links', 'ipPools', 'serviceCidrs', 'nodeEnv', 'installation', 'install', 'datastore'],
  notApplicable({nodes, datastore, nodeEnv}) {
    const addresses = addressesSeen(nodes, datastore)
    return addresses.seen ? policyOnly(nodeEnv) : addresses.notApplicable
  },
  messages: {
    wrongInterface: {
      severity: 'error',
      text: (args: Args) =>
        `${whose(args)} is that of ${args.place}${found(args)}, an interface which does not lead to other nodes: they cannot reach pods there.`,
      fix,
      verify,
    },
    inside: {
      severity: 'error',
      text: (args: Args) => `${whose(args)} lies in ${args.place}${found(args)}: it is routed to pods or Services, and not to the node.`,
      fix,
      verify,
    },
    notHeld: {
      severity: 'error',
      text: (args: Args) =>
        `${whose(args)} is on no interface of the machine. ` +
        (args.external
          ? 'It is the ExternalIP, so NAT stands between: VXLAN, IPIP and BGP do not survive that.'
          : 'It has another now, or this was a floating one that moved on: other nodes still send the traffic for its pods there.'),
      fix,
      verify,
    },
    unexplained: {
      severity: 'error',
      text: (args: Args) => `${whose(args)} is none that Kubernetes knows the node by${found(args)}. Other nodes send the traffic for its pods there.`,
      fix,
      verify,
    },
    external: {
      severity: 'warning',
      text: (args: Args) =>
        `${whose(args)} is the ExternalIP${args.place === undefined ? '' : ` on ${args.place}`}${found(args)}: traffic between nodes takes the outer network, ` +
        'and where NAT makes that address, VXLAN, IPIP and BGP break.',
      fix,
      verify,
    },
    other: {
      severity: 'warning',
      text: (args: Args) =>
        `${whose(args)} is another than Kubernetes uses${args.place === undefined ? '' : `: that of ${args.place}`}${found(args)}. ` +
        'It works only where all nodes have their Calico address in one network, or routes between them.',
      fix,
      verify,
    },
    chosen: {
      severity: 'info',
      text: (args: Args) =>
        `${whose(args)} is that of ${args.place}, as ${args.method} asks for, and Kubernetes uses another. ` +
        'Right if this network is meant for pods: its firewalls and its MTU are those that count.',
      fix,
      verify,
    },
  },
  docs: ['https://docs.tigera.io/calico/latest/networking/ipam/ip-autodetection'],
  *run(facts, report) {
    const addresses = addressesSeen(facts.nodes, facts.datastore)
    if (!addresses.seen) return yield undecided(addresses.undecided ?? '')
    const comparable = facts.nodes.filter(({internalIps}) => internalIps.length > 0)
    const mismatches = families.flatMap(family => comparable.flatMap(node => mismatchOf(node, family, facts) ?? []))
    for (const same of sameCause(mismatches)) yield report[same[0]!.kind](argsOf(same, mismatchFix(same, facts.install)), whereOf(same))
    const bare = facts.nodes.filter(node => node.internalIps.length === 0 && families.some(family => writtenAddress(node, family) !== undefined))
    if (bare.length > 0) yield undecided(`Kubernetes lists no InternalIP to compare with: ${listOf(bare)}`)
    const unread = facts.nodes.filter(node => families.some(family => isNoAddress(writtenAddress(node, family))))
    if (unread.length > 0) yield undecided(`Calico's address cannot be read: ${listOf(unread)}`)
  },
  examples: addressMismatchExamples,
})

const families = [4, 6] as const
const listOf = (nodes: readonly KubeNode[]) => nodeList(nodes.map(({name}) => name))
const isNoAddress = (written: string | undefined) => written !== undefined && parseCidr(written) === undefined

/** Without networking of its own calico-node neither looks for an address nor uses one (node/pkg/lifecycle/startup). VPP sets none and does. */
function policyOnly(nodeEnv: Collected<NodeEnv>): string | undefined {
  if (!nodeEnv.known || nodeEnv.value.CALICO_NETWORKING_BACKEND?.value !== 'none' || nodeEnv.value.FELIX_DATAPLANEDRIVER) return undefined
  return 'Calico does policy only here (CALICO_NETWORKING_BACKEND none) and uses no addresses of nodes'
}

function argsOf(same: readonly Mismatch[], fix: readonly Fix[]): Args {
  const {place, method, external} = same[0]!
  return {
    nodes: same.map(({node}) => node.name),
    addresses: [...new Set(same.map(({address}) => address))],
    ...(place !== undefined && {place}),
    ...(method && {method: method.text}),
    external,
    ...(same.some(({node}) => node.calicoNode !== undefined) && {inEtcd: true as const}),
    fix,
  }
}

function whereOf(same: readonly Mismatch[]): Where {
  const {method} = same[0]!
  return {
    subjects: same.map(({node}) => ({kind: 'Node', name: node.name})),
    evidence: [...(method ? [`Calico finds its address by ${method.text} (${method.source})`] : []), ...firstLines(same.map(mismatchLine), 4)],
  }
}

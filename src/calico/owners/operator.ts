import type {Fix} from '../../engine/check.ts'
import type {Install} from '../cluster.ts'
import type {Knobs} from '../owner.ts'
import {encapsulationModes, patchInstallation} from './commands.ts'
import {resourceKnobs} from './resources.ts'

/** Installation default owns them; what is changed in the DaemonSet is written over at once. Field names: operator-crds.yaml. */
export const operatorKnobs: Knobs = {
  'as-number': resourceKnobs['as-number'],
  mesh: resourceKnobs.mesh,
  mtu: ({install, value}) => field(install, 'mtu', value === undefined ? undefined : Number(value) || 0, 'Only new pods get the new MTU: recreate the others.'),
  backend: ({install, value}) =>
    field(
      install,
      'bgp',
      value === undefined ? undefined : value === 'bird' ? 'Enabled' : 'Disabled',
      'The operator makes the backend of it: bird with BGP, vxlan without.',
    ),
  encapsulation: ({install, value, pool}) => ({
    text:
      `Set encapsulation${value === undefined ? '' : ` to ${operatorWord(value)}`} of pool ${pool} in Installation default, spec.calicoNetwork.ipPools` +
      `${helm(install, 'ipPools')}; a pool that is not listed there is your own IPPool: change that. Traffic between nodes breaks until every node has followed.`,
    command: 'kubectl edit installation default',
  }),
  autodetection: ({install, value}) =>
    field(
      install,
      'nodeAddressAutodetectionV4',
      value === undefined ? undefined : autodetection(value),
      'calico-node restarts on every node, a few at a time.',
    ),
  dataplane: ({install, value}) =>
    field(install, 'linuxDataplane', value === undefined ? undefined : (dataplanes[value] ?? value), 'eBPF also needs kube-proxy out of the way.'),
  datastore: () => ({
    text: 'The operator runs Calico on the Kubernetes datastore and nothing else. See why it has not set that on this component.',
    command: 'kubectl get tigerastatus && kubectl -n tigera-operator logs deployment/tigera-operator --tail=50',
  }),
  // The list of containers holds other overrides too: a merge patch would drop them.
  memory: ({value}) => ({
    text:
      `Set resources.limits.memory of container calico-node${value === undefined ? '' : ` to ${value}`} in Installation default, ` +
      'spec.calicoNodeDaemonSet.spec.template.spec.containers.',
    command: 'kubectl edit installation default',
  }),
  typha: () => ({
    text: 'The operator makes and scales Typha by itself. See what keeps it from doing so.',
    command: 'kubectl get tigerastatus calico -o yaml && kubectl -n tigera-operator logs deployment/tigera-operator --tail=50',
  }),
  pool: ({install, value, pool}) => ({
    text:
      `The CIDR of a pool cannot be changed: add a pool${value === undefined ? '' : ` with cidr ${value}`} to spec.calicoNetwork.ipPools of Installation default` +
      `${helm(install, 'ipPools')}, set disableNewAllocations: true on ${pool}, recreate the pods, then take the old pool out.`,
    command: 'kubectl edit installation default',
  }),
}

const dataplanes: Readonly<Record<string, string>> = {ebpf: 'BPF', iptables: 'Iptables', nftables: 'Nftables', vpp: 'VPP'}

function field(install: Install, name: string, value: unknown, more: string): Fix {
  const text = `Set spec.calicoNetwork.${name} of Installation default${helm(install, name)}. ${more}`
  return value === undefined ? {text} : {text, command: patchInstallation({calicoNetwork: {[name]: value}})}
}

/** What Helm once wrote, its next upgrade writes again. */
const helm = ({helmRelease}: Install, name: string) =>
  helmRelease === undefined ? '' : `, and value installation.calicoNetwork.${name} of Helm release ${helmRelease}, whose next upgrade writes it again`

function operatorWord(value: string): string {
  const modes = encapsulationModes(value)
  if (!modes) return value
  const [protocol, mode] = modes.ipipMode === 'Never' ? ['VXLAN', modes.vxlanMode] : ['IPIP', modes.ipipMode]
  return mode === 'Never' ? 'None' : mode === 'CrossSubnet' ? `${protocol}CrossSubnet` : protocol
}

/** Exactly one of the fields may be set, so the others are taken away. */
function autodetection(method: string): Record<string, unknown> {
  const none = {firstFound: null, kubernetes: null, interface: null, skipInterface: null, canReach: null, cidrs: null}
  const [name, value = ''] = split(method)
  switch (name) {
    case 'kubernetes-internal-ip':
      return {...none, kubernetes: 'NodeInternalIP'}
    case 'interface':
      return {...none, interface: value}
    case 'skip-interface':
      return {...none, skipInterface: value}
    case 'can-reach':
      return {...none, canReach: value}
    case 'cidr':
      return {...none, cidrs: value.split(',')}
    default:
      return {...none, firstFound: true}
  }
}

function split(method: string): [name: string, value?: string] {
  const at = method.indexOf('=')
  return at < 0 ? [method] : [method.slice(0, at), method.slice(at + 1)]
}

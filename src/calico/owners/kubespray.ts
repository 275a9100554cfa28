import type {Fix} from '../../engine/check.ts'
import type {Knobs} from '../owner.ts'
import {encapsulationModes} from './commands.ts'

const inventory = 'group_vars/k8s_cluster/k8s-net-calico.yml'
const apply = 'ansible-playbook -i inventory/mycluster/hosts.yaml -b cluster.yml'

/** The inventory owns them: the next run of cluster.yml writes everything else over. Names: kubespray roles/network_plugin/calico_defaults. */
export const kubesprayKnobs: Knobs = {
  mtu: ({value}) => variable(`calico_mtu${is(value)}`, 'calico_veth_mtu, if it is set, wins for pods. Only new pods get the new MTU: recreate the others.'),
  backend: ({value}) => variable(`calico_network_backend${is(value)}`),
  encapsulation({value}) {
    const modes = value === undefined ? undefined : encapsulationModes(value)
    const both = modes ? `calico_ipip_mode: ${modes.ipipMode} and calico_vxlan_mode: ${modes.vxlanMode}` : 'calico_ipip_mode and calico_vxlan_mode'
    return variable(both, 'Traffic between nodes breaks until every node has followed.')
  },
  autodetection: ({value}) => variable(`calico_ip_auto_method${value === undefined ? '' : `: "${value}"`}`),
  dataplane: ({value}) => variable(dataplanes[value ?? ''] ?? 'calico_bpf_enabled and calico_nftable_mode'),
  datastore: ({value}) =>
    variable(`calico_datastore${is(value && (value === 'kubernetes' ? 'kdd' : 'etcd'))}`, 'It changes where Calico looks and moves no data.'),
  memory: ({value}) => variable(`calico_node_memory_limit${is(value)}`, 'Its default of 500M is little for clusters with many policies.'),
  typha: ({value}) =>
    variable(value === 'none' ? 'typha_enabled: false' : 'typha_enabled: true and typha_replicas', 'Kubespray makes 1 replica unless told: use 3 or more.'),
  pool: ({value, pool}) =>
    variable(
      `calico_pool_cidr${is(value)}`,
      `It is used when Kubespray first makes the pool; on a living cluster make a new IPPool, disable ${pool} and recreate the pods.`,
    ),
  'as-number': ({value}) => variable(`global_as_num${value === undefined ? '' : `: "${value}"`}`, 'All sessions restart.'),
  mesh: () =>
    variable('peer_with_router, or the hosts of group calico_rr', 'Kubespray turns the node-to-node mesh off when either is in use, and on otherwise.'),
}

const dataplanes: Readonly<Record<string, string>> = {
  ebpf: 'calico_bpf_enabled: true',
  nftables: 'calico_nftable_mode: Enabled',
  iptables: 'calico_bpf_enabled: false and calico_nftable_mode: Disabled',
}

const is = (value: string | undefined) => (value ? `: ${value}` : '')

const variable = (what: string, more = ''): Fix => ({
  text: `Set ${what} in the inventory (${inventory}) and run cluster.yml. ${more}`.trimEnd(),
  command: apply,
})

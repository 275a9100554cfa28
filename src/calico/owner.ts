import type {Fix} from '../engine/check.ts'
import type {Collected} from '../engine/collected.ts'
import type {Flavour, Install} from './cluster.ts'
import {kubesprayKnobs} from './owners/kubespray.ts'
import {manifestKnobs} from './owners/manifest.ts'
import {operatorKnobs} from './owners/operator.ts'
import {pmkKnobs} from './owners/pmk.ts'
import {tkgKnobs} from './owners/tkg.ts'
import {unseenOwnerKnobs} from './owners/unseen.ts'

export type Setting = 'mtu' | 'backend' | 'encapsulation' | 'autodetection' | 'dataplane' | 'datastore' | 'typha' | 'pool' | 'as-number' | 'mesh' | 'memory'
/** How one owner changes a setting. `value` is absent when the finding cannot say which is right. */
export type Knob = (wanted: {readonly install: Install; readonly value: string | undefined; readonly pool: string}) => Fix
export type Knobs = Readonly<Record<Setting, Knob>>

const knobsOf: Readonly<Record<Flavour, Knobs>> = {
  manifest: manifestKnobs,
  canal: manifestKnobs,
  'etcd-manifest': manifestKnobs,
  operator: operatorKnobs,
  kubespray: kubesprayKnobs,
  pmk: pmkKnobs,
  tkg: tkgKnobs,
}

/**
 * The step that changes a setting here, by the knob of who owns it in this install; a change made elsewhere would be undone by the owner.
 *
 * `value` as Calico's documentation writes it: `1440`; `bird`, `vxlan`, `none`; `VXLAN`, `VXLANCrossSubnet`, `IPIP`, `IPIPCrossSubnet`, `None`;
 * `kubernetes-internal-ip`, `interface=eth0`; `iptables`, `nftables`, `ebpf`; `kubernetes`, `etcdv3`; a Typha Service's name or `none`; a CIDR; `64512`;
 * `true`, `false` for the mesh; `1Gi` for the memory limit of calico-node. Without it the step names the knob and has no command that would set something.
 * `pool` is the IP pool's name, for `encapsulation` and `pool`.
 */
export function howToSet(install: Collected<Install>, setting: Setting, value?: string, {pool = '<pool>'}: {readonly pool?: string} = {}): Fix {
  const knobs = install.known ? knobsOf[install.value.flavour] : unseenOwnerKnobs
  return knobs[setting]({install: install.known ? install.value : unseenInstall, value, pool})
}

/** Where the upstream manifest puts everything. */
const unseenInstall: Install = {
  flavour: 'manifest',
  title: 'unknown install',
  namespace: 'kube-system',
  daemonSet: 'calico-node',
  configMap: 'calico-config',
  evidence: [],
  others: [],
}

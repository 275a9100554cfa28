import {addressOf} from './cidr.ts'
import type {Link} from './link.ts'
import {isCalicoLink} from './underlay.ts'

/** The interface that holds an address, and whether it can lead to other nodes. */
export interface Holder {
  readonly name: string
  readonly leadsOut: boolean
}

/** Of several (a Service's address may be a node's too) the one that leads out. */
export function holderOf(links: readonly Link[], address: string): Holder | undefined {
  const holders = links
    .filter(({addresses}) => addresses.some(own => addressOf(own) === address))
    .map(link => ({name: shortName(link), leadsOut: !staysInside(link, links)}))
  return holders.find(({leadsOut}) => leadsOut) ?? holders[0]
}

/** Docker names the bridge of each of its networks br-<12 hex digits>: another name on each node, one cause. */
const shortName = ({name}: Link) => (dockerNetwork.test(name) ? 'br-… (a Docker network)' : name)
const dockerNetwork = /^br-[0-9a-f]{12}$/

/** Bridges of containers and virtual machines, and the pod network's own. A bridge with a NIC as its port is a node's way out; so may lo, dummies and VPNs be. */
function staysInside(link: Link, links: readonly Link[]): boolean {
  if (isCalicoLink(link) || link.kind === 'veth' || containerBridge.test(link.name)) return true
  return link.kind === 'bridge' && !links.some(({master, kind}) => master === link.name && (kind === undefined || kind === 'bond' || kind === 'vlan'))
}
/** As Calico's own first-found leaves out, and others' of the kind (node/pkg/lifecycle/startup/autodetection/filtered.go). */
const containerBridge = /^(docker|cbr\d|virbr|lxcbr|lxdbr|podman|cni-|weave|kube-bridge|br-[0-9a-f]{12}$)/

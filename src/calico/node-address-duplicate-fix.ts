import type {Fix} from '../engine/check.ts'
import {type Collected, unknown} from '../engine/collected.ts'
import {parseCidr} from './cidr.ts'
import type {Install, NodeEnv} from './cluster.ts'
import type {KubeNode} from './kubernetes.ts'
import {autodetectionStep, clearAndRestart, restartOn} from './node-address-fix.ts'
import {addressMethod} from './node-address-method.ts'
import type {Shared} from './node-address-shared.ts'
import {nodeList} from './node-list.ts'
import {shellWord} from './owners/commands.ts'

export interface FixSources {
  readonly install: Collected<Install>
  readonly nodeEnv: Collected<NodeEnv>
}

/**
 * Nodes whose kubelet has stopped reporting: what is left of a machine that was renamed or made anew looks so. NotReady (False) does not count:
 * a node on which calico-node refuses to start because of the conflict is NotReady itself.
 */
export const staleNodes = ({nodes}: Shared): KubeNode[] => (nodes.every(isStale) ? [] : nodes.filter(isStale))
const isStale = ({ready}: KubeNode) => ready === 'Unknown'

/** Nothing where every node is heard of. */
export function staleFix(shared: Shared, {install}: FixSources): Fix[] {
  const stale = staleNodes(shared).map(({name}) => name)
  if (stale.length === 0) return []
  // kube-controllers deletes Calico's own Node in etcd, where it runs and may.
  const own = staleNodes(shared).flatMap(({calicoNode}) => calicoNode ?? [])
  const living = shared.nodes.filter(node => !isStale(node)).map(({name}) => name)
  const restart = install.known && living.length <= 5 ? {command: restartOn(install.value, living)} : {}
  return [
    {
      text: `If the machine of ${nodeList(stale)} is gone or has another name now, delete its Node object; Calico's addresses of it go with it.`,
      command: [
        `kubectl delete node ${stale.map(shellWord).join(' ')}`,
        ...(own.length > 0 ? [`calicoctl delete node ${own.map(shellWord).join(' ')}`] : []),
      ].join(' && '),
    },
    {text: `Then restart calico-node on ${nodeList(living)}: it does not start while another node has its address.`, ...restart},
  ]
}

/** Living nodes with one address: set for all of them, found on an interface that all have, or given to all of them by whoever cloned them. */
export function addressFix(shared: Shared, {install, nodeEnv}: FixSources): Fix[] {
  const family = shared.value.includes(':') ? 6 : 4
  const fixed = nodeEnv.known ? nodeEnv.value[family === 4 ? 'IP' : 'IP6'] : undefined
  if (fixed?.value !== undefined && parseCidr(fixed.value)?.address === shared.value)
    return [{text: `${fixed.source} sets ${family === 4 ? 'IP' : 'IP6'} to ${fixed.value} for every node: set it to autodetect.`}]
  const wrong = shared.nodes.filter(({internalIps}) => !internalIps.some(address => parseCidr(address)?.address === shared.value))
  if (wrong.length < shared.nodes.length - 1) return clonesFix(shared, family, install)
  const again = clearAndRestart(install, wrong, fieldsOf(shared))
  // Told so already: the address is from before that, and only clearing it helps.
  if (addressMethod(family, {nodeEnv, installation: unknown('not-collected')})?.asKubernetes) return [again]
  return [autodetectionStep(install, family, 'kubernetes-internal-ip'), {...again, text: `If an old address stays: ${again.text}`}]
}

const clonesFix = ({nodes, value}: Shared, family: 4 | 6, install: Collected<Install>): Fix[] => [
  {
    text:
      `Kubernetes knows several of these nodes by ${value} too: clones of one machine, or all behind one NAT (10.0.2.15 is VirtualBox's). ` +
      'Give each machine an address, host name and machine-id of its own, and kubelet that address by --node-ip.',
    command: `kubectl get nodes ${nodes
      .slice(0, 5)
      .map(({name}) => shellWord(name))
      .join(' ')} -o wide`,
  },
  (({text, ...command}) => ({text: `Where they have their own address on another NIC, have Calico take that one (interface=<NIC>). ${text}`, ...command}))(
    autodetectionStep(install, family),
  ),
]

/** A tunnel's address and MAC stand in the annotation from then on: they were copied with a Node object, or IPAM gave the address out twice. */
export function tunnelFix(shared: Shared, {install}: FixSources): Fix[] {
  const whose: Fix[] = shared.kind === 'mac' ? [] : [{text: 'See which node the address belongs to.', command: `calicoctl ipam show --ip=${shared.value}`}]
  return [...whose, clearAndRestart(install, shared.nodes, fieldsOf(shared))]
}

const fieldsOf = ({holdings}: Shared) => [...new Set(holdings.map(({field}) => field))]

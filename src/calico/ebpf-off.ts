import type {Fix} from '../engine/check.ts'
import type {Collected} from '../engine/collected.ts'
import type {Flavour, Install} from './cluster.ts'
import {howToSet} from './owner.ts'
import {patchCalico, shellWord} from './owners/commands.ts'

/** The step that takes eBPF off, at the place that asks for it: an environment variable and a node's own resource beat what the owner of the install sets. */
export function ebpfOff(source: string, install: Collected<Install>): Fix {
  const {text, command} = stepAt(source, install)
  return {text: `Or take eBPF off; where kube-proxy was removed, bring it back first. ${text}`, ...(command !== undefined && {command})}
}

function stepAt(source: string, install: Collected<Install>): Fix {
  const resource = /^FelixConfiguration (.+) bpfEnabled$/.exec(source)?.[1]
  if (resource !== undefined && resource !== 'default' && !resource.includes(', '))
    return {text: `${source} asks for it.`, command: patchCalico('felixconfiguration', resource, {bpfEnabled: false})}
  if (resource === 'default' && !(install.known && ownResource.includes(install.value.flavour)))
    return {text: 'Set bpfEnabled in FelixConfiguration default to false.', command: patchCalico('felixconfiguration', 'default', {bpfEnabled: false})}
  if (source.startsWith('env ') && install.known && ownEnvironment.includes(install.value.flavour)) return withoutVariable(install.value)
  return howToSet(install, 'dataplane', 'iptables')
}

/** These write FelixConfiguration default from settings of their own. */
const ownResource: readonly Flavour[] = ['operator', 'kubespray']
/** Nobody writes the DaemonSet of these again. */
const ownEnvironment: readonly Flavour[] = ['manifest', 'canal', 'etcd-manifest']

const withoutVariable = ({namespace, daemonSet}: Install): Fix => ({
  text: `FELIX_BPFENABLED of DaemonSet ${namespace}/${daemonSet} beats every resource: take it out.`,
  command: `kubectl -n ${shellWord(namespace)} set env daemonset/${shellWord(daemonSet)} -c calico-node FELIX_BPFENABLED-`,
})

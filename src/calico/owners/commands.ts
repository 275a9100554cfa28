import type {Install} from '../cluster.ts'
import type {EncapsulationMode} from '../resources.ts'

/** One word of a shell command, a flag of ours among them; whatever it holds, it stays one word. */
export const shellArgument = (word: string): string => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`)

/** A name as one word. Kubernetes allows none that looks like a flag: `kubectl delete node --all` must not come of it. */
export const shellWord = (name: string): string => shellArgument(name.startsWith('-') ? `<${name}>` : name)

const json = (patch: unknown) => shellWord(JSON.stringify(patch))

export const patchConfigMap = ({namespace, configMap = 'calico-config'}: Install, key: string, value: string): string =>
  `kubectl -n ${shellWord(namespace)} patch configmap ${shellWord(configMap)} --type merge -p ${json({data: {[key]: value}})}`

export const restartCalicoNode = ({namespace, daemonSet}: Install): string =>
  `kubectl -n ${shellWord(namespace)} rollout restart daemonset/${shellWord(daemonSet)}`

/** Changing the template restarts the pods by itself. */
export const setCalicoNodeEnv = ({namespace, daemonSet}: Install, name: string, value: string): string =>
  `kubectl -n ${shellWord(namespace)} set env daemonset/${shellWord(daemonSet)} -c calico-node ${shellWord(`${name}=${value}`)}`

export const setCalicoNodeMemory = ({namespace, daemonSet}: Install, limit: string): string =>
  `kubectl -n ${shellWord(namespace)} set resources daemonset/${shellWord(daemonSet)} -c calico-node ${shellArgument(`--limits=memory=${limit}`)}`

export const patchInstallation = (spec: unknown): string => `kubectl patch installation default --type merge -p ${json({spec})}`

/** calicoctl validates and works with every API group and both datastores; kubectl on the v1 CRDs checks nothing. */
export const patchCalico = (kind: string, name: string, spec: unknown): string => `calicoctl patch ${kind} ${shellWord(name)} -p ${json({spec})}`

/** Nobody makes BGPConfiguration default: clusters run without it, and then there is nothing to patch. */
export const setBgpConfiguration = (spec: unknown): string => {
  const resource = {apiVersion: 'projectcalico.org/v3', kind: 'BGPConfiguration', metadata: {name: 'default'}, spec}
  return `${patchCalico('bgpconfiguration', 'default', spec)} || echo ${json(resource)} | calicoctl create -f -`
}

/** An encapsulation as the operator writes it, as the two modes of an IP pool; undefined for words it does not know. */
export function encapsulationModes(value: string): {readonly ipipMode: EncapsulationMode; readonly vxlanMode: EncapsulationMode} | undefined {
  const match = /^(IPIP|VXLAN|None)\s*(CrossSubnet)?$/i.exec(value)
  if (!match) return undefined
  const mode = match[2] ? 'CrossSubnet' : 'Always'
  const protocol = match[1]!.toUpperCase()
  return {ipipMode: protocol === 'IPIP' ? mode : 'Never', vxlanMode: protocol === 'VXLAN' ? mode : 'Never'}
}

import type {Fix} from '../engine/check.ts'
import type {Collected} from '../engine/collected.ts'
import type {Install} from './cluster.ts'
import type {KubeNode} from './kubernetes.ts'
import {type AddressField, addressFields, writtenIn} from './node-address-fields.ts'
import {nodeList} from './node-list.ts'
import {howToSet} from './owner.ts'
import {patchCalico, restartCalicoNode, shellWord} from './owners/commands.ts'

/** How Calico comes by a node's address of this family. The owners' knob is IPv4's; IPv6 has its own of the same kind. */
export function autodetectionStep(install: Collected<Install>, family: 4 | 6, method?: string): Fix {
  const {text, command} = howToSet(install, 'autodetection', method)
  const named = (words: string) => (family === 4 ? words : v6Names.reduce((said, [v4, v6]) => said.replaceAll(v4, v6), words))
  const what = method === undefined ? '' : `Have Calico find its address by ${method}. `
  return {text: `${what}${named(text)}`, ...(command !== undefined && {command: named(command)})}
}
const v6Names: readonly (readonly [v4: string, v6: string])[] = [
  ['IP_AUTODETECTION_METHOD', 'IP6_AUTODETECTION_METHOD'],
  ['nodeAddressAutodetectionV4', 'nodeAddressAutodetectionV6'],
  ['calico_ip_auto_method', 'calico_ip6_auto_method'],
]

/** More nodes than this are restarted with the rest, a few at a time. */
const mostByName = 5

/** calico-node finds out and writes again what is cleared, when it starts. */
export function clearAndRestart(install: Collected<Install>, nodes: readonly KubeNode[], fields: readonly AddressField[]): Fix {
  const names = nodes.map(({name}) => name)
  const own = nodes.flatMap(({calicoNode}) => calicoNode ?? [])
  const clear = own.length > 0 ? clearInEtcd(own, fields) : clearAnnotations(names, fields)
  const written = fields.map(field => writtenIn(nodes[0]!, field))
  const where = own.length > 0 ? `in Calico's own ${nodeList(own)}` : `on ${nodeList(names)}`
  const text = `Clear ${written.join(', ')} ${where} and restart calico-node there: it finds its own and writes it again.`
  if (!install.known) return {text, ...(nodes.length <= mostByName && {command: clear})}
  if (nodes.length > mostByName) return {text, command: restartCalicoNode(install.value)}
  return {text, command: [clear, restartOn(install.value, names)].join(' && ')}
}

const clearAnnotations = (nodes: readonly string[], fields: readonly AddressField[]) =>
  `kubectl annotate node ${nodes.map(shellWord).join(' ')} ${fields.map(field => `${addressFields[field].annotation}-`).join(' ')}`

const clearInEtcd = (nodes: readonly string[], fields: readonly AddressField[]) =>
  nodes.flatMap(node => fields.map(field => patchCalico('node', node, emptyAt(addressFields[field].spec)))).join(' && ')

const emptyAt = (path: readonly string[]): unknown => path.reduceRight<unknown>((inner, name) => ({[name]: inner}), '')

/** Pods keep their label whatever the DaemonSet is called: RKE2's is rke2-canal. */
const appOf = ({flavour}: Install) => (flavour === 'canal' ? 'canal' : 'calico-node')

export const restartOn = (install: Install, nodes: readonly string[]): string =>
  nodes
    .map(node => `kubectl -n ${shellWord(install.namespace)} delete pod -l k8s-app=${appOf(install)} --field-selector spec.nodeName=${shellWord(node)}`)
    .join(' && ')

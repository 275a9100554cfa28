import type {Fix} from '../engine/check.ts'
import type {Collected} from '../engine/collected.ts'
import type {Install} from './cluster.ts'
import {nodeList} from './node-list.ts'
import {howToSet} from './owner.ts'
import {restartCalicoNode, shellWord} from './owners/commands.ts'

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
export function clearAndRestart(install: Collected<Install>, nodes: readonly string[], annotations: readonly string[]): Fix {
  const names = nodes.map(shellWord)
  const clear = `kubectl annotate node ${names.join(' ')} ${annotations.map(annotation => `${annotation}-`).join(' ')}`
  const text = `Clear ${annotations.join(', ')} on ${nodeList(nodes)} and restart calico-node there: it finds its own and writes it again.`
  if (!install.known) return {text, ...(nodes.length <= mostByName && {command: clear})}
  if (nodes.length > mostByName) return {text, command: restartCalicoNode(install.value)}
  return {text, command: [clear, restartOn(install.value, nodes)].join(' && ')}
}

export const restartOn = ({namespace, daemonSet}: Install, nodes: readonly string[]): string =>
  nodes
    .map(node => `kubectl -n ${shellWord(namespace)} delete pod -l k8s-app=${shellWord(daemonSet)} --field-selector spec.nodeName=${shellWord(node)}`)
    .join(' && ')

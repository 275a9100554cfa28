import type {NameKind, Pseudonym} from './pseudonym-names.ts'
import {isVocabulary} from './pseudonym-words.ts'

const list = (text: string): readonly string[] => text.trim().split(/\s+/)
/** Fields whose value is a node, a namespace or a pod, in letters of one case. */
const fields: ReadonlyMap<string, NameKind | 'any'> = new Map([
  ...list(
    `node nodes nodename hostname host kubernetes.io/hostname kubernetesname caliconode nodeswanted spec.nodename kubernetes_node_name calico_node hostip`,
  ).map(key => [key, 'node'] as const),
  ...list('namespace namespaces ns k8s_namespace pod_namespace kubernetes.io/metadata.name projectcalico.org/name projectcalico.org/namespace').map(
    key => [key, 'namespace'] as const,
  ),
  ...list('pod podname pod_name workload').map(key => [key, 'pod'] as const),
  ...list('name metadata.name').map(key => [key, 'any'] as const),
])

/** Does a field of this name say that its value is such a name? */
export function fieldNames(key: string, word: string, {kind}: Pseudonym): boolean {
  const wanted = fields.get(key.toLowerCase())
  if (wanted === 'any') return !isVocabulary(word)
  return wanted === kind || (wanted === 'pod' && kind === 'workload')
}

const assigned = /([A-Za-z][\w./-]{0,60})\\{0,3}["']?[ \t]{0,4}[:=]{1,2}[ \t]{0,4}(?:- )?\\{0,3}["']?$/
const inPath = /(?:^|[^A-Za-z])(nodes|namespaces|pods)\/$/
const spoken = /(?:^|[^A-Za-z])([Nn]ode|[Hh]ost|[Nn]amespace|[Pp]od|NODE)[ \t]\\{0,3}["']?$/
const spokenOf: Readonly<Record<string, NameKind>> = {
  node: 'node',
  nodes: 'node',
  host: 'node',
  namespace: 'namespace',
  namespaces: 'namespace',
  pod: 'pod',
  pods: 'pod',
}

/** Does what stands before a word in a text say that it is such a name: `node: worker`, `"namespace":"web"`, `/namespaces/web/`, `node worker`? */
export function saidBefore(before: string, word: string, pseudonym: Pseudonym): boolean {
  const key = assigned.exec(before)?.[1]
  if (key !== undefined) return fieldNames(key, word, pseudonym) || fieldNames(key.slice(key.lastIndexOf('.') + 1), word, pseudonym)
  const path = inPath.exec(before)?.[1]
  const said = path ?? (isVocabulary(word) ? undefined : spoken.exec(before)?.[1]?.toLowerCase())
  if (said === undefined) return false
  return spokenOf[said] === pseudonym.kind || (spokenOf[said] === 'pod' && pseudonym.kind === 'workload')
}

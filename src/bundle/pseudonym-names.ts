import {keptNamespaces, keptWorkloads} from './pseudonym-words.ts'

/** Names of a cluster, as they were found. */
export interface Names {
  readonly nodes: Set<string>
  /** Other names of nodes (label kubernetes.io/hostname), to the node's. */
  readonly aliases: Map<string, string>
  readonly namespaces: Set<string>
  /** `namespace/pod`. */
  readonly pods: Set<string>
  /** Contexts of kubeconfigs. */
  readonly contexts: Set<string>
  /** Host names of API servers and of etcd; with their domains. */
  readonly hosts: Set<string>
  /** What a cloud calls its machines, accounts and groups. */
  readonly cloudIds: Set<string>
}
export const noNames = (): Names => ({
  nodes: new Set(),
  aliases: new Map(),
  namespaces: new Set(),
  pods: new Set(),
  contexts: new Set(),
  hosts: new Set(),
  cloudIds: new Set(),
})

export type NameKind = 'node' | 'namespace' | 'workload' | 'pod' | 'context' | 'host' | 'cloud id'
export interface Pseudonym {
  readonly kind: NameKind
  readonly name: string
}

/** What the API server and controllers append: `-7d9c6b5f4-x7k2p`, `-x7k2p`, `-0`; letters as apimachinery's rand has them. */
const suffix =
  /(?:-[0-9a-f]{6,10}(?=-[bcdfghjklmnpqrstvwxz2456789]{5}$))?(?:-[bcdfghjklmnpqrstvwxz2456789]{5}|-\d{1,4}|-\d{8,10}(?:-[bcdfghjklmnpqrstvwxz2456789]{5})?)$/

/** `billing` of `billing-7d9c6b5f4-x7k2p`. */
export const workloadOf = (pod: string): string => {
  const base = pod.replace(suffix, '')
  return base === '' ? pod : base
}

/**
 * Every name's pseudonym, numbered in the order of the names themselves, so that lists keep their order. Node names keep their domain apart: `domain` gives
 * its pseudonym.
 */
export function namePseudonyms(names: Names, domain: (name: string) => string): ReadonlyMap<string, Pseudonym> {
  const map = new Map<string, Pseudonym>()
  const add = (name: string, kind: NameKind, pseudonym: string) => {
    if (name !== '' && !map.has(name)) map.set(name, {kind, name: pseudonym})
  }
  addNodes(names, domain, add)
  const namespaces = [...names.namespaces].filter(name => !keptNamespaces.has(name))
  for (const [name, pseudonym] of numbered(namespaces, base(names, 'ns'))) add(name, 'namespace', pseudonym)
  for (const [name, pseudonym] of numbered(names.contexts, base(names, 'context'))) add(name, 'context', pseudonym)
  for (const [name, pseudonym] of numbered(names.cloudIds, base(names, 'cloud'))) add(name, 'cloud id', pseudonym)
  addPods(names, map, add)
  return map
}

type Add = (name: string, kind: NameKind, pseudonym: string) => void

function addNodes(names: Names, domain: (name: string) => string, add: Add): void {
  const shorts = [...new Set([...names.nodes].map(shortOf))]
  const short = new Map(numbered(shorts, base(names, 'node')))
  for (const node of names.nodes) add(node, 'node', short.get(shortOf(node))! + domain(node.slice(shortOf(node).length)))
  for (const [alias, node] of names.aliases) add(alias, 'node', short.get(shortOf(node)) ?? 'node')
  for (const [name, pseudonym] of short) add(name, 'node', pseudonym)
}
/** Up to the first dot; an address as a name has no short form. */
const shortOf = (node: string) => (/^[\d.]+$/.test(node) ? node : node.slice(0, (node.indexOf('.') + 1 || node.length + 1) - 1))

/** Pods of one workload keep one name before what was appended; those of Calico and Kubernetes keep theirs, but for the node's. */
function addPods(names: Names, map: ReadonlyMap<string, Pseudonym>, add: Add): void {
  const pods = [...new Set([...names.pods].map(pod => pod.slice(pod.indexOf('/') + 1)))].sort()
  const own = pods.filter(pod => keptPod(pod, map) === undefined)
  const workloads = [...new Set(own.map(workloadOf))].filter(name => !keptWorkloads.has(name))
  const apps = new Map(numbered(workloads, base(names, 'app')))
  for (const pod of pods) {
    const workload = workloadOf(pod)
    const kept = keptPod(pod, map)
    if (kept !== undefined) add(pod, 'pod', kept)
    else add(pod, 'pod', (apps.get(workload) ?? workload) + pod.slice(workload.length))
  }
  for (const [name, pseudonym] of apps) add(name, 'workload', pseudonym)
}

/** `etcd-node-01` of `etcd-control-1`; a pod of Calico's as it is. */
function keptPod(pod: string, map: ReadonlyMap<string, Pseudonym>): string | undefined {
  if (keptWorkloads.has(workloadOf(pod))) return pod
  for (let at = pod.indexOf('-'); at > 0; at = pod.indexOf('-', at + 1)) {
    const node = map.get(pod.slice(at + 1))
    if (node?.kind === 'node' && keptWorkloads.has(pod.slice(0, at))) return `${pod.slice(0, at)}-${node.name}`
  }
  return undefined
}

function numbered(names: Iterable<string>, word: string): [name: string, pseudonym: string][] {
  const sorted = [...new Set(names)].sort()
  const width = Math.max(2, String(sorted.length).length)
  return sorted.map((name, index) => [name, `${word}-${String(index + 1).padStart(width, '0')}`])
}

/** A word with which none of the cluster's own names begins, so that no pseudonym is another's name. */
function base(names: Names, word: string): string {
  const pods = [...names.pods].map(pod => pod.slice(pod.indexOf('/') + 1))
  const all = [...names.nodes, ...names.aliases.keys(), ...names.namespaces, ...names.contexts, ...names.cloudIds, ...pods]
  const free = [word, `${word}x`, `some-${word}`, `other-${word}`].find(candidate => !all.some(name => name === candidate || name.startsWith(`${candidate}-`)))
  return free ?? `anonymous-${word}`
}

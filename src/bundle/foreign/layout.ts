import type {Hint} from './held.ts'
import type {ResourceName} from './kinds.ts'
import type {TextKind} from './node-texts.ts'

/** Which tool made it, by the names of its files. */
export type Tool = 'cluster-diags' | 'node-diags' | 'cluster-info-dump' | 'must-gather' | 'support-bundle' | 'objects'
export const titles: Readonly<Record<Tool, string>> = {
  'cluster-diags': 'a calicoctl cluster diags archive',
  'node-diags': 'a calicoctl node diags archive',
  'cluster-info-dump': 'a kubectl cluster-info dump',
  'must-gather': 'a must-gather',
  'support-bundle': 'a troubleshoot.sh support bundle',
  objects: 'this set of files',
}

/** What one file is to us. */
export type Role =
  | {readonly kind: 'objects'; readonly hint: Hint}
  | {readonly kind: 'version'}
  /** `hostname` or `date` of the machine it was made on. */
  | {readonly kind: 'hostname'}
  | {readonly kind: 'date'}
  | {readonly kind: 'text'; readonly text: TextKind | 'sniff'; readonly node?: string}
  | {readonly kind: 'skip'}

const signs: readonly (readonly [Tool, RegExp])[] = [
  ['cluster-diags', /^(?:.*\/)?(?:calico-diagnostics[^/]*\/.+|cluster\/(?:crd|kubernetes|version\.ya?ml)(?:\/.*)?)$/],
  ['node-diags', /^(?:.*\/)?diagnostics\/(?:hostname|date|ipv4_(?:addr|route|tables)|ipsets)$/],
  ['must-gather', /^(?:.*\/)?(?:cluster-scoped-resources\/.+|namespaces\/[^/]+\/(?:core|apps)\/.+)$/],
  ['support-bundle', /^(?:.*\/)?cluster-resources\/.+$/],
  ['cluster-info-dump', /^(?:.*\/)?[^/]+\/(?:replication-controllers|replicasets)\.(?:json|ya?ml)$/],
]

/** The first that any file is a sign of, in the order of how sure the sign is. */
export function toolOf(paths: Iterable<string>): Tool {
  const all = [...paths]
  return signs.find(([, sign]) => all.some(path => sign.test(path)))?.[0] ?? 'objects'
}

const skip: Role = {kind: 'skip'}
const structured = /\.(?:json|ya?ml)$/i

/** What a file is, by its path, which an archive's own top folder may precede. */
export function roleOf(tool: Tool, path: string): Role {
  const own = roles[tool](path)
  return own ?? (structured.test(path) ? {kind: 'objects', hint: {}} : sniffed(path))
}

/** Outputs that somebody saved beside: by their content, as far as their size and name allow. */
function sniffed(path: string): Role {
  const name = path.slice(path.lastIndexOf('/') + 1)
  return /bird|protocol|ip[-_.]?(?:a|addr|link)|node[-_.]?status/i.test(name) && !/\.(?:gz|tgz|zip|html?|conf|cfg)$/i.test(name)
    ? {kind: 'text', text: 'sniff'}
    : skip
}

const roles: Readonly<Record<Tool, (path: string) => Role | undefined>> = {
  'cluster-diags': clusterDiags,
  'node-diags': nodeDiags,
  'must-gather': mustGather,
  'support-bundle': supportBundle,
  'cluster-info-dump': clusterInfoDump,
  objects: () => undefined,
}

/** calicoctl: commands/cluster/diags.go. Secrets of tls/ are no business of ours. */
function clusterDiags(path: string): Role | undefined {
  if (/(?:^|\/)cluster\/version\.(?:ya?ml|json)$/.test(path)) return {kind: 'version'}
  const [, folder, name = ''] = /(?:^|\/)cluster\/(crd|kubernetes)\/([^/]+)\.(?:ya?ml|json)$/.exec(path) ?? []
  // A list of a namespaced kind is of all namespaces only where its items say so.
  if (folder !== undefined) return {kind: 'objects', hint: listHint(name, folder === 'crd' || clusterScoped.has(name))}
  const [, node, text] = /(?:^|\/)nodes\/([^/]+)\/(ip-addr|ip-link)\.txt$/.exec(path) ?? []
  if (node !== undefined && text !== undefined) return {kind: 'text', text: 'ip', node}
  return structured.test(path) ? skip : undefined
}

const clusterScoped: ReadonlySet<string> = new Set(['nodes', 'apiservices', 'namespaces', 'servicecidrs'])

/** calicoctl: commands/node/diags.go. */
function nodeDiags(path: string): Role | undefined {
  const [, name = ''] = /(?:^|\/)diagnostics\/([^/]+)$/.exec(path) ?? []
  if (name === 'hostname' || name === 'date') return {kind: name}
  return name === 'ipv4_addr' || name === 'ipv6_addr' ? {kind: 'text', text: 'ip'} : undefined
}

/** oc adm inspect: cluster-scoped objects one file each, namespaced ones one list a namespace. */
function mustGather(path: string): Role | undefined {
  const [, group = '', plural = '', rest = ''] = /(?:^|\/)cluster-scoped-resources\/([^/]+)\/([^/]+?)(?:\.ya?ml|\/(.+))$/.exec(path) ?? []
  if (plural !== '') return {kind: 'objects', hint: {resource: named(group, plural), ...(rest === '' && {all: 'cluster'})}}
  // The pods of a namespace are in its list already, and these are of another moment.
  if (/(?:^|\/)namespaces\/[^/]+\/pods\//.test(path)) return skip
  const [, namespace, of = '', list] = /(?:^|\/)namespaces\/([^/]+)\/([^/]+)\/([^/]+)\.ya?ml$/.exec(path) ?? []
  return namespace !== undefined && list !== undefined ? {kind: 'objects', hint: {resource: named(of, list), all: {namespace}}} : undefined
}

/** troubleshoot.sh: collect/cluster_resources.go, cluster_version.go. */
function supportBundle(path: string): Role | undefined {
  if (/(?:^|\/)cluster-info\/cluster_version\.json$/.test(path)) return {kind: 'version'}
  if (path.endsWith('-errors.json')) return skip
  const [, custom, customNamespace] = /(?:^|\/)custom-resources\/([^/]+?)(?:\/([^/]+))?\.(?:json|ya?ml)$/.exec(path) ?? []
  if (custom !== undefined)
    return {kind: 'objects', hint: {...listHint(custom, true), ...(customNamespace !== undefined && {all: {namespace: customNamespace}})}}
  const [, plural = '', namespace] = /(?:^|\/)cluster-resources\/([a-z-]+)(?:\/([^/]+))?\.(?:json|ya?ml)$/.exec(path) ?? []
  if (plural === '') return undefined
  return {kind: 'objects', hint: namespace === undefined ? listHint(plural, true) : {resource: named(groups.get(plural) ?? '', plural), all: {namespace}}}
}

/** kubectl: pkg/cmd/clusterinfo/clusterinfo_dump.go. Everything is of the folder's namespace but nodes. */
function clusterInfoDump(path: string): Role | undefined {
  if (/(?:^|\/)nodes\.(?:json|ya?ml)$/.test(path)) return {kind: 'objects', hint: listHint('nodes', true)}
  const [, namespace, plural] = /(?:^|\/)([^/]+)\/([a-z]+)\.(?:json|ya?ml)$/.exec(path) ?? []
  const group = groups.get(plural ?? '')
  return namespace !== undefined && plural !== undefined && group !== undefined
    ? {kind: 'objects', hint: {resource: named(group, plural), all: {namespace}}}
    : undefined
}

const groups: ReadonlyMap<string, string> = new Map([
  ['nodes', ''],
  ['pods', ''],
  ['services', ''],
  ['configmaps', ''],
  ['daemonsets', 'apps'],
  ['deployments', 'apps'],
  ['endpointslices', 'discovery.k8s.io'],
  ['servicecidrs', 'networking.k8s.io'],
  ['apiservices', 'apiregistration.k8s.io'],
])

/** `ippools.crd.projectcalico.org`, or a plural of Kubernetes' own. */
function listHint(name: string, all: boolean): Hint {
  const dot = name.indexOf('.')
  const resource = dot < 0 ? {group: groups.get(name) ?? '', plural: name} : {group: name.slice(dot + 1), plural: name.slice(0, dot)}
  return {resource, ...(all && {all: 'cluster' as const})}
}

const named = (folder: string, plural: string): ResourceName => ({group: folder === 'core' ? '' : folder, plural})

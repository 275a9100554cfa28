import {mkdirSync, writeFileSync} from 'node:fs'
import {dirname, join} from 'node:path'
import {dump} from 'js-yaml'
import type {SimulatedCluster} from '../../src/demo/index.ts'
import {ask} from '../demo/ask.ts'
import {tempFolder} from '../helpers/temp-folder.ts'

/** What other tools would have written of a simulated cluster: path → text, in the layouts of each. */
export type Files = Readonly<Record<string, string>>
interface List {
  readonly plural: string
  readonly group: string
  readonly kind: string
  readonly apiVersion: string
  readonly items: readonly any[]
}
export interface Seen {
  readonly lists: readonly List[]
  readonly version: object
}

const core = ['nodes', 'pods', 'services', 'configmaps']
const paths = [
  ...core.map(plural => `/api/v1/${plural}`),
  ...['daemonsets', 'deployments'].map(plural => `/apis/apps/v1/${plural}`),
  '/apis/discovery.k8s.io/v1/endpointslices',
  ...['ippools', 'bgppeers', 'bgpconfigurations', 'felixconfigurations', 'clusterinformations'].map(plural => `/apis/crd.projectcalico.org/v1/${plural}`),
]

/** Everything at once, as the API server itself lists it. */
export async function seenOf(cluster: SimulatedCluster): Promise<Seen> {
  const lists = await Promise.all(paths.map(path => listAt(cluster, path)))
  return {lists: lists.flat(), version: (await ask(cluster, '/version')).json}
}

async function listAt(cluster: SimulatedCluster, path: string): Promise<List[]> {
  const {status, json} = await ask(cluster, path)
  if (status !== 200) return []
  const [, api, group, , plural] = /^\/(api|apis\/([^/]+))\/(v\d)\/(\w+)$/.exec(path)!
  const items = json.items.map((item: any) => ({...item, kind: undefined, apiVersion: undefined}))
  return [{plural: plural!, group: api === 'api' ? '' : group!, kind: json.kind.replace(/List$/, ''), apiVersion: json.apiVersion, items}]
}

/** As `kubectl get -o yaml` prints it: a v1 List, every item with its kind. */
export const kubectlList = (...lists: readonly List[]): object => ({
  apiVersion: 'v1',
  items: lists.flatMap(({kind, apiVersion, items}) => items.map(item => ({...item, apiVersion, kind}))),
  kind: 'List',
  metadata: {resourceVersion: ''},
})
const typedList = ({kind, apiVersion, items}: List, namespace?: string) => ({
  kind: `${kind}List`,
  apiVersion,
  metadata: {resourceVersion: '1'},
  items: namespace === undefined ? items : items.filter(item => item.metadata.namespace === namespace),
})
const yaml = (value: object) => dump(JSON.parse(JSON.stringify(value)), {noRefs: true})
const json = (value: object) => `${JSON.stringify(value, null, 4)}\n`
const namespacesOf = ({lists}: Seen) => [...new Set(lists.flatMap(({items}) => items.flatMap(item => item.metadata.namespace ?? [])))]
const isNamespaced = ({items}: List) => items.some(item => item.metadata.namespace !== undefined)
const files = (entries: readonly (readonly [string, string])[]): Files => Object.fromEntries(entries)

export const kubectlFolder = ({lists}: Seen): Files => files(lists.map(list => [`${list.plural}.yaml`, yaml(kubectlList(list))]))

export function clusterDiags({lists, version}: Seen, texts: Files = {}): Files {
  const top = 'calico-diagnostics-20261121_040000'
  return files([
    [`${top}/cluster/version.yaml`, yaml({clientVersion: {gitVersion: 'v1.30.0'}, serverVersion: version})],
    ...lists.map(
      list =>
        [
          list.group.endsWith('projectcalico.org') ? `${top}/cluster/crd/${list.plural}.${list.group}.yaml` : `${top}/cluster/kubernetes/${list.plural}.yaml`,
          yaml(kubectlList(list)),
        ] as const,
    ),
    [`${top}/tls/kube-system_typha-certs.yaml`, yaml({apiVersion: 'v1', kind: 'Secret', metadata: {name: 'typha-certs'}, data: {'tls.crt': 'AAAA'}})],
    ...Object.entries(texts).map(([path, text]) => [`${top}/${path}`, text] as const),
  ])
}

/** kubectl's own dump knows no ConfigMaps and no resources of Calico's. */
const dumped = ['services', 'daemonsets', 'deployments', 'pods']
export function dumpFolder(seen: Seen): Files {
  const of = (plural: string) => seen.lists.find(list => list.plural === plural)!
  return files([
    ['nodes.json', json(typedList(of('nodes')))],
    ...namespacesOf(seen).flatMap(namespace => [
      [`${namespace}/replication-controllers.json`, json({kind: 'ReplicationControllerList', apiVersion: 'v1', items: []})] as const,
      ...dumped.map(plural => [`${namespace}/${plural}.json`, json(typedList(of(plural), namespace))] as const),
    ]),
    ['kube-system/calico-node-abcde/logs.txt', '{"kind":"NodeList"}\n'],
  ])
}

/** The same on standard output: documents and sections of logs. */
export const dumpStream = (seen: Seen, log = ''): string =>
  Object.entries(dumpFolder(seen))
    .map(([path, text]) => {
      if (!path.endsWith('logs.txt')) return text
      const what = 'logs for container calico-node of pod kube-system/calico-node-abcde'
      return `==== START ${what} ====\n${text}${log}==== END ${what} ====\n`
    })
    .join('')

export function mustGather(seen: Seen): Files {
  const folder = (group: string) => group || 'core'
  const cluster = seen.lists.filter(list => !isNamespaced(list))
  const top = 'must-gather.local.1/quay-io-openshift-sha256-abc'
  return files([
    ...cluster.flatMap(({kind, apiVersion, group, plural, items}) =>
      items.map(
        item => [`${top}/cluster-scoped-resources/${folder(group)}/${plural}/${item.metadata.name}.yaml`, `---\n${yaml({...item, apiVersion, kind})}`] as const,
      ),
    ),
    ...namespacesOf(seen).flatMap(namespace =>
      seen.lists
        .filter(isNamespaced)
        .map(list => [`${top}/namespaces/${namespace}/${folder(list.group)}/${list.plural}.yaml`, `---\n${yaml(typedList(list, namespace))}`] as const),
    ),
    [`${top}/namespaces/kube-system/pods/x/x/logs/current.log`, 'hello\n'],
  ])
}

/** Older ones write bare arrays, younger ones lists. */
export function supportBundle(seen: Seen, bare = false): Files {
  const text = (list: List, namespace?: string) => json(bare ? typedList(list, namespace).items : typedList(list, namespace))
  const calicos = ({group}: List) => group.endsWith('projectcalico.org')
  return files([
    ['sb/version.yaml', yaml({apiVersion: 'troubleshoot.sh/v1beta2', kind: 'SupportBundle'})],
    ['sb/cluster-info/cluster_version.json', json({info: seen.version, string: 'v1.33.5'})],
    ['sb/cluster-resources/pods-errors.json', json(['forbidden'])],
    ...seen.lists.filter(calicos).map(list => [`sb/cluster-resources/custom-resources/${list.plural}.${list.group}.json`, text(list)] as const),
    ...seen.lists.flatMap(list => {
      if (calicos(list)) return []
      if (!isNamespaced(list)) return [[`sb/cluster-resources/${list.plural}.json`, text(list)] as const]
      return namespacesOf(seen).map(namespace => [`sb/cluster-resources/${list.plural}/${namespace}.json`, text(list, namespace)] as const)
    }),
  ])
}

/** A folder of these files, gone after the test. */
export function folderOf(all: Files): string {
  const folder = tempFolder()
  for (const [path, text] of Object.entries(all)) {
    const file = join(folder, path)
    mkdirSync(dirname(file), {recursive: true})
    writeFileSync(file, text)
  }
  return folder
}

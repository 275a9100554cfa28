import {matchesLabels} from '../../calico/label-selector.ts'
import {at, text, textRecordAt} from '../../collectors/fields.ts'
import {type Collected, known, type Unknown, unknown} from '../../engine/collected.ts'
import type {Cluster, ListOptions, Resource} from '../../engine/collector.ts'
import {etcdOfArchive} from './etcd.ts'
import {type Held, podLabels} from './held.ts'
import {keyOf} from './store.ts'

/** What an archive of another tool holds of the API. */
export interface Holdings {
  /** What reports call it: `a calicoctl cluster diags archive`. */
  readonly title: string
  readonly held: ReadonlyMap<string, Held>
  /** /version of the API server, where the tool keeps it. */
  readonly version?: unknown
  /** Files that could not be read, for those who miss something. */
  readonly unread: readonly string[]
}

const [v1, v3] = ['crd.projectcalico.org', 'projectcalico.org']

/**
 * The objects of an archive in place of a cluster, so that the same collectors run. What it does not hold is `not-collected`; only a list of all proves that
 * something is `absent`, and a list of some is partial.
 */
export function archiveCluster(holdings: Holdings): Cluster {
  const nothing = async (): Promise<Unknown> => unknown('not-collected', `${holdings.title} does not hold it`)
  const etcd = etcdOfArchive(holdings)
  return {
    list: async (resource, options) => listIn(holdings, resource, options),
    get: async path => getIn(holdings, path),
    text: nothing,
    can: nothing,
    exec: nothing,
    ...(etcd && {etcd}),
  }
}

function listIn<T>(holdings: Holdings, resource: Resource, {labelSelector = '', project}: ListOptions<T>): Collected<T[]> {
  const {namespace} = resource
  const name = {group: resource.group, plural: resource.resource}
  const found = heldOf(holdings, name)
  const chosen = keyOf(name) !== 'pods.' || podLabels.some(label => labelSelector.startsWith(label))
  if (!found || !chosen) return notHeld(holdings, keyOf(name))
  const partial = whyPartial(holdings, found, namespace)
  const items: T[] = []
  for (const object of found.held.objects.values()) {
    if (namespace !== undefined && text(at(object, 'metadata', 'namespace')) !== namespace) continue
    const item = matchesLabels(textRecordAt(object, 'metadata', 'labels'), labelSelector) ? project(object) : undefined
    if (item !== undefined) items.push(item)
  }
  // Nothing among some is not nothing.
  return items.length === 0 && partial !== undefined
    ? unknown('not-collected', `none among the ${keyOf(name)} that there are: ${partial}`)
    : known(items, partial)
}

interface Found {
  readonly held: Held
  /** From the other of Calico's two groups. */
  readonly instead?: string
}

/** Calico's two groups show the same objects, but for the time of a move from one to the other. */
function heldOf({held}: Holdings, {group, plural}: {group: string; plural: string}): Found | undefined {
  const own = held.get(keyOf({group, plural}))
  if (own || (group !== v1 && group !== v3)) return own && {held: own}
  const other = group === v1 ? v3 : v1
  const others = held.get(keyOf({group: other, plural}))
  return others && {held: others, instead: `they are of ${other}, not of ${group}`}
}

function whyPartial({title, unread}: Holdings, {held, instead}: Found, namespace: string | undefined): string | undefined {
  const whole = held.whole || (namespace !== undefined && held.namespaces.has(namespace))
  const reasons = [
    ...(instead === undefined ? [] : [instead]),
    ...held.doubts,
    ...(whole ? [] : [`${title} holds no list of all of them${namespacesText(held)}`]),
  ]
  return reasons.length === 0 ? undefined : [...reasons, ...unreadText(unread)].join('; ')
}

function namespacesText({namespaces}: Held): string {
  const names = [...namespaces].sort()
  return names.length === 0 ? '' : `, only of namespace ${names.slice(0, 5).join(', ')}${names.length > 5 ? ` and ${names.length - 5} more` : ''}`
}

const unreadText = (unread: readonly string[]) =>
  unread.length === 0 ? [] : [`not read: ${unread.slice(0, 3).join(', ')}${unread.length > 3 ? ` and ${unread.length - 3} more` : ''}`]

const notHeld = ({title, unread}: Holdings, what: string): Unknown =>
  unknown('not-collected', [`${title} does not hold ${what.replace(/\.$/, '')}`, ...unreadText(unread)].join('; '))

/** `/apis/GROUP/VERSION[/namespaces/NAMESPACE]/PLURAL/NAME`, and `/api/v1` for the core group. */
const objectPath = /^\/(?:api|apis\/([^/]+))\/[^/]+(?:\/namespaces\/([^/]+))?\/([^/]+)\/([^/]+)$/

function getIn(holdings: Holdings, path: string): Collected<any> {
  if (path === '/version') return holdings.version === undefined ? notHeld(holdings, 'the version of Kubernetes') : known(holdings.version)
  if (path === '/apis') return groupsIn(holdings)
  const [, group = '', namespace = '', plural = '', name = ''] = objectPath.exec(path) ?? []
  const id = `${decodeURIComponent(namespace)}/${decodeURIComponent(name)}`
  const what = `${plural} ${id.replace(/^\//, '')}`
  const found = heldOf(holdings, {group, plural})
  if (!found) return notHeld(holdings, what)
  const object = found.held.objects.get(id)
  const partial = whyPartial(holdings, found, namespace === '' ? undefined : decodeURIComponent(namespace))
  if (object === undefined) return partial === undefined ? unknown('absent', `${holdings.title} lists no ${what}`) : notHeld(holdings, what)
  return known(object, found.instead)
}

/** By the objects that are there: others may be served too, so none is no answer. */
function groupsIn(holdings: Holdings): Collected<unknown> {
  const groups = [v1, v3].filter(group => [...holdings.held.keys()].some(key => key.endsWith(`.${group}`) && key.split('.').slice(1).join('.') === group))
  if (groups.length === 0) return notHeld(holdings, "which of Calico's API groups are served")
  return known({groups: groups.map(name => ({name}))}, `concluded from the objects that ${holdings.title} holds`)
}

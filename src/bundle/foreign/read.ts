import {at, text as textField} from '../../collectors/fields.ts'
import {collect} from '../../engine/collect.ts'
import {known} from '../../engine/collected.ts'
import type {Collector} from '../../engine/collector.ts'
import {SourceError} from '../../engine/errors.ts'
import type {FactName} from '../../engine/facts.ts'
import {accessOf, planOf} from '../../engine/plan.ts'
import type {Snapshot} from '../../engine/snapshot.ts'
import {documentsIn} from './documents.ts'
import {archiveCluster, type Holdings} from './door.ts'
import type {ForeignFile, ForeignFiles} from './files.ts'
import {type Role, roleOf, type Tool, titles, toolOf} from './layout.ts'
import {type NodeTexts, nodeTexts} from './node-texts.ts'
import {largestText, nodeIn, textKindOf} from './sniff.ts'
import {keyOf, objectStore, type Store} from './store.ts'
import {textOf} from './text-of.ts'
import {atTime, timeInName, timeOf} from './time.ts'

/** What we read besides our own bundles, for those who gave something else. */
export const whatIsRead =
  'It reads bundles of calico-doctor bundle collect, calicoctl cluster diags and node diags, kubectl cluster-info dump, must-gather, troubleshoot.sh support bundles, ' +
  'and YAML or JSON of kubectl get: as .tar.gz, .tar, folder, file, or - for stdin.'

/** What was found on the way through the files. */
interface Reading {
  readonly tool: Tool
  readonly store: Store
  readonly texts: NodeTexts
  readonly unread: string[]
  /** Saved outputs whose node is known once all objects are. */
  readonly later: {readonly path: string; readonly text: string}[]
  /** Of the youngest file, in ms. */
  youngest: number
  /** Characters of all files so far. */
  read: number
  /** Characters of the saved outputs. */
  textsKept: number
  version?: unknown
  hostname?: string
  declared: string | undefined
  isDump?: true
}

/**
 * A snapshot out of what another tool collected: its objects go through our own collectors, its saved outputs through our own readers. What it does not hold is
 * `not-collected`. Nothing is written; each file is read once and let go. Throws SourceError, one sentence, when there is nothing in it that we know.
 */
export async function readForeign(name: string, files: ForeignFiles, collectors: readonly Collector[]): Promise<Snapshot> {
  const facts = collectors.flatMap(collector => Object.keys(collector.facts) as FactName[])
  const plan = planOf(facts, collectors)
  const tool = files.single ? 'objects' : toolOf(files.paths)
  const reading: Reading = {
    tool,
    store: objectStore(accessOf(plan)),
    texts: nodeTexts(),
    unread: [],
    later: [],
    youngest: 0,
    declared: undefined,
    read: 0,
    textsKept: 0,
  }
  for await (const file of files.each()) await readFile(file, files.single ? {kind: 'objects', hint: {}} : roleOf(tool, file.path), reading)
  placeTexts(reading)
  assertSomething(name, reading)
  const title = reading.isDump ? titles['cluster-info-dump'] : tool === 'objects' ? files.title : titles[tool]
  const holdings: Holdings = {title, held: reading.store.held, unread: reading.unread, version: reading.version}
  const takenAt = timeOf({declared: reading.declared ?? timeInName(name, files.paths), youngest: reading.youngest, newest: reading.store.newest()})
  const nodes = nodesByText(reading)
  const snapshot = await collect(plan, {
    collectors,
    cluster: archiveCluster(holdings),
    door: reading.texts.door(title),
    ...(nodes && {nodes: nodes.map(node => ({name: node}))}),
    source: {kind: 'bundle', tool: tool === 'objects' && !reading.isDump ? 'YAML, JSON or saved outputs' : title.replace(/^an? /, '')},
    settings: {exec: 'none', checks: [], nodes: []},
    concurrency: 20,
    nodeTimeoutMs: 60_000,
    signal: new AbortController().signal,
  })
  return atTime(
    nodes && tool !== 'node-diags' ? {...snapshot, nodesWanted: known(nodes, `${title} holds no list of nodes: only these have saved outputs`)} : snapshot,
    takenAt,
  )
}

/** Where there is no list of nodes, those that something was saved of. */
function nodesByText({store, texts}: Reading): readonly string[] | undefined {
  const nodes = texts.nodes()
  return store.held.has(keyOf({group: '', plural: 'nodes'})) || nodes.length === 0 ? undefined : nodes
}

async function readFile(file: ForeignFile, role: Role, reading: Reading): Promise<void> {
  reading.youngest = Math.max(reading.youngest, file.mtime?.getTime() || 0)
  if (role.kind === 'skip') return
  const structured = role.kind === 'objects' || role.kind === 'version'
  if (reading.read > mostRead) return noteUnread(reading, `${file.path} (there is too much before it)`)
  const read = await textOf(file.body(), structured ? undefined : largestText)
  reading.read += read.text.length
  const own = read.text.trim()
  if (structured && read.damaged) noteUnread(reading, `${file.path} (not UTF-8)`)
  else if (structured) readObjects(file.path, read, role, reading)
  else if (role.kind === 'hostname') reading.hostname = own.split('\n', 1)[0]!.slice(0, 253)
  else if (role.kind === 'date') reading.declared ??= isoOf(own.slice(0, 100))
  else if (hasRoom(file.path, read.text, reading)) keepText(file.path, role, read.text, reading)
}

/** As much as an archive may inflate to. */
const mostRead = 2 * 1024 ** 3

/** Some are named; of a hundred thousand nobody wants to hear. */
function noteUnread({unread}: Reading, what: string): void {
  if (unread.length < 1_000) unread.push(what)
}

/** Characters of saved outputs that may be held at once: what each of 5,000 nodes says of its interfaces. */
const mostTexts = 128 * 1024 ** 2

function hasRoom(path: string, text: string, reading: Reading): boolean {
  const fits = reading.textsKept + text.length <= mostTexts
  if (fits) reading.textsKept += text.length
  else noteUnread(reading, `${path} (there is more than can be held at once)`)
  return fits
}

function keepText(path: string, role: Extract<Role, {kind: 'text'}>, text: string, {texts, later}: Reading): void {
  if (role.text !== 'sniff' && role.node !== undefined) texts.add(role.node, role.text, text)
  else if (textKindOf(path, text)) later.push({path, text})
}

function readObjects(path: string, {text, cut}: {text: string; cut: boolean}, role: Role, reading: Reading): void {
  const {values, broken} = documentsIn(text, cut, reading.store.shrink)
  if (broken > 0 || cut) noteUnread(reading, `${path} (${cut ? 'too large, cut' : values.length > 0 ? 'in part' : 'neither YAML nor JSON'})`)
  if (/^==== START logs for container /m.test(text)) reading.isDump = true
  const hint = role.kind === 'objects' ? role.hint : {}
  let objects = 0
  for (const value of values) {
    const version = versionIn(value)
    if (version !== undefined) reading.version ??= version
    else if (reading.store.add(value, hint)) objects++
  }
  if (objects === 0 && text.length <= largestText && hasRoom(path, text, reading)) keepText(path, {kind: 'text', text: 'sniff'}, text, reading)
}

/** `kubectl version -o yaml` has `serverVersion`, troubleshoot.sh's cluster_version.json `info`. */
const versionIn = (value: unknown): unknown =>
  [at(value, 'serverVersion'), at(value, 'info')].find(version => textField(at(version, 'gitVersion')) !== undefined)

function placeTexts({later, hostname, store, texts}: Reading): void {
  const nodes = store.held.get(keyOf({group: '', plural: 'nodes'}))?.objects.values() ?? []
  const names = [...nodes].flatMap(node => textField(at(node, 'metadata', 'name')) ?? [])
  const knownNames = hostname !== undefined ? [hostname] : names
  for (const {path, text} of later) {
    const kind = textKindOf(path, text)
    const node = kind && nodeIn(path, knownNames)
    if (kind && node !== undefined) texts.add(node, kind, text, true)
  }
}

function assertSomething(name: string, {store, texts, unread}: Reading): void {
  if (store.held.size > 0 || texts.nodes().length > 0) return
  const why = unread.length > 0 ? ` (not read: ${unread.slice(0, 3).join(', ')}${unread.length > 3 ? ` and ${unread.length - 3} more` : ''})` : ''
  throw new SourceError(`${name} holds nothing that calico-doctor can judge${why}.`, whatIsRead)
}

const isoOf = (text: string): string | undefined => (Number.isNaN(Date.parse(text)) ? undefined : new Date(Date.parse(text)).toISOString())

import type {Snapshot} from '../engine/snapshot.ts'
import {type Anonymizer, anonymizer} from './anonymize.ts'
import {type Harvest, harvestSnapshot, harvestText} from './anonymize-harvest.ts'
import {anonymizeJson} from './anonymize-json.ts'
import {patternOf} from './anonymize-snapshot.ts'
import {type ArchiveEntry, archiveEntries, refused} from './archive.ts'
import {bytesOf} from './body.ts'
import type {BundleFile} from './contents.ts'
import {strikeText} from './credentials-in-text.ts'
import type {FileOrigin, Manifest, ManifestHead} from './manifest.ts'
import {manifestFrom} from './manifest-from.ts'
import {noNames} from './pseudonym-names.ts'

/** Written anew from the snapshot rather than changed. */
const madeAnew: ReadonlySet<string> = new Set(['snapshot.json', 'report.json', 'report.html', 'manifest.json'])
/** One file is held at a time; a manifest of 200,000 files is 60 MB. */
const largestFile = 64 * 1024 ** 2

export interface OpenedBundle {
  readonly anonymizer: Anonymizer
  readonly manifest: Manifest | undefined
}

export interface OpenOptions {
  /** Random, of this bundle alone. */
  readonly key: Uint8Array
  /** Adds names that were had elsewhere. */
  readonly more?: ((harvest: Harvest) => void) | undefined
}

/** Reads a bundle once for the names in it. Throws SourceError for a hostile or damaged one. */
export async function openForAnonymizing(file: string, snapshot: Snapshot, {key, more}: OpenOptions): Promise<OpenedBundle> {
  const harvest: Harvest = {names: noNames(), speakers: new Set(), blockSizes: {4: 26, 6: 122}}
  more?.(harvest)
  harvestSnapshot(snapshot, harvest)
  let manifest: Manifest | undefined
  for await (const entry of archiveEntries(file)) {
    if (entry.name === 'manifest.json') manifest = manifestFrom(await textOf(file, entry))
    else if (!madeAnew.has(entry.name)) harvestText(await textOf(file, entry), harvest)
  }
  return {anonymizer: anonymizer(harvest, key), manifest}
}

/** Every other file of the bundle, one at a time: credentials struck out, names and addresses replaced, in its path and in what is told of it too. */
export async function* anonymizedFiles(file: string, {anonymizer, manifest}: OpenedBundle): AsyncGenerator<BundleFile & {readonly struckOut: boolean}> {
  const origins = new Map(manifest?.files.map(({path, ...origin}) => [path, origin]))
  for await (const entry of archiveEntries(file)) {
    if (madeAnew.has(entry.name)) continue
    const before = await textOf(file, entry)
    const clean = strikeText(before)
    const text = anonymizer.text(clean)
    const struckOut = clean !== before
    const {redacted = false, ...origin} = origins.get(entry.name) ?? {source: '', truncated: false}
    yield {
      ...originOf(origin, anonymizer),
      path: pathOf(entry.name, anonymizer),
      struckOut,
      ...((redacted || struckOut) && {redacted: true}),
      text: () => [text],
    }
  }
}

async function textOf(file: string, {name, body}: ArchiveEntry): Promise<string> {
  const bytes = await bytesOf(body, largestFile)
  if (!bytes) throw refused(file, `its ${name.slice(0, 100)} is larger than ${largestFile / 1024 ** 2} MiB`)
  return bytes.toString()
}

/** What a manifest says of a file is text of whoever wrote it, but for the numbers. */
function originOf({source, node, at, ms, exit, truncated}: Omit<FileOrigin, 'path'>, anonymizer: Anonymizer): Omit<FileOrigin, 'path'> {
  return {
    source: anonymizer.text(source),
    ...(node !== undefined && {node: anonymizer.name(node)}),
    ...(typeof at === 'string' && !Number.isNaN(Date.parse(at)) && {at}),
    ...(typeof ms === 'number' && {ms}),
    ...(typeof exit === 'number' && {exit}),
    truncated: truncated === true,
  }
}

/** `nodes/worker-1/x.txt`; a name that is no safe part of a path stands with `%xx`. */
function pathOf(path: string, anonymizer: Anonymizer): string {
  const [folder, node, ...rest] = path.split('/')
  if (folder !== 'nodes' || node === undefined || rest.length === 0) return anonymizer.text(path)
  return [folder, anonymizer.name(decoded(node)).replaceAll(/[^\w.%-]/g, '_'), anonymizer.text(rest.join('/'))].join('/')
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}

/** What the manifest tells beside files and nodes, names replaced. */
export function anonymizedHead(manifest: Manifest, anonymizer: Anonymizer): Omit<ManifestHead, 'end'> {
  const {files: _files, end: _end, arguments: argv, ...rest} = manifest
  return {...anonymizeJson(rest, anonymizer), arguments: anonymizedArguments(argv, anonymizer)}
}

/** Flags whose values are paths, people and patterns of one's own. */
const own = /^(?:-f|-o|--(?:file|kubeconfig|context|cluster|user|as|as-group|ssh-user|ssh-option|node|bundle|etcd-[a-z-]+))$/
function anonymizedArguments(argv: readonly string[], anonymizer: Anonymizer): string[] {
  return argv.map((word, index) => {
    const [flag, value] =
      word.startsWith('--') && word.includes('=') ? [word.slice(0, word.indexOf('=')), word.slice(word.indexOf('=') + 1)] : [argv[index - 1] ?? '', word]
    if (!own.test(flag)) return anonymizer.text(word)
    const hidden = flag === '--node' ? patternOf(value, anonymizer) : '(left-out)'
    return word === value ? hidden : `${flag}=${hidden}`
  })
}

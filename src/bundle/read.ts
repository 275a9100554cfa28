import {createReadStream} from 'node:fs'
import {lstat} from 'node:fs/promises'
import {SourceError} from '../engine/errors.ts'
import type {Snapshot} from '../engine/snapshot.ts'
import {type ArchiveLimits, archiveEntries, archiveLimits, refused} from './archive.ts'
import {bytesOf} from './body.ts'
import {bundleSchema} from './manifest.ts'
import {snapshotFrom} from './snapshot-shape.ts'

export interface ReadLimits extends ArchiveLimits {
  /** Bytes of snapshot.json: it is parsed in memory. */
  readonly snapshotBytes: number
}
const readLimits: ReadLimits = {...archiveLimits, snapshotBytes: 256 * 1024 ** 2}

/** What an archive turned out to be: a bundle of ours, or somebody else's. */
type Archive = {readonly snapshot: Snapshot; readonly paths?: never} | {readonly snapshot?: never; readonly paths: readonly string[]; readonly link?: string}
/** So many names tell whose archive it is. */
const namesKept = 100_000

/**
 * The snapshot in a bundle, its shape held to what the engine relies on. Nothing is extracted. Throws SourceError, one sentence, for whatever else it is given:
 * no bundle, a cut or hostile one, one of a newer version.
 */
export async function readBundle(file: string, limits: Partial<ReadLimits> = {}): Promise<Snapshot> {
  const {snapshot, ...other} = await readArchive(file, limits)
  if (snapshot) return snapshot
  if ('link' in other && other.link !== undefined) throw refused(file, other.link)
  throw new SourceError(`${file} holds no snapshot.json, so it is no bundle of calico-doctor.`, 'calico-doctor bundle collect makes one.')
}

/** A bundle's snapshot, as `readBundle` reads it, or the names in an archive that is none of ours: only such a one may hold links. */
export async function readArchive(file: string, limits: Partial<ReadLimits> = {}): Promise<Archive> {
  const all = {...readLimits, ...limits}
  let text: string | undefined
  let link: string | undefined
  let schema: unknown
  const paths: string[] = []
  const onLink = (why: string) => {
    link ??= why
    if (text !== undefined) throw refused(file, why)
  }
  // To the end, for a bundle that is cut off or hostile further on is not believed either.
  for await (const {name, body} of archiveEntries(file, all, {onLink})) {
    if (paths.length < namesKept) paths.push(name)
    if (name === 'manifest.json') schema = schemaOf(await bytesOf(body, largestManifest))
    if (name !== 'snapshot.json') continue
    if (text !== undefined) throw refused(file, 'it holds snapshot.json twice')
    if (link !== undefined) throw refused(file, link)
    text = await textOf(file, body, all.snapshotBytes)
  }
  if (text === undefined) return {paths, ...(link !== undefined && {link})}
  assertNotNewer(file, schema)
  return {snapshot: snapshotIn(file, text)}
}

/** A manifest of 200,000 files is 60 MB; what is larger is not read. */
const largestManifest = 64 * 1024 ** 2

/** Of a manifest that is none, nothing is believed. */
function schemaOf(manifest: Buffer | undefined): unknown {
  try {
    return (JSON.parse(manifest?.toString() ?? 'null') as {schema?: unknown} | null)?.schema
  } catch {
    return undefined
  }
}

function assertNotNewer(file: string, schema: unknown): void {
  if (typeof schema === 'number' && schema > bundleSchema)
    throw new SourceError(
      `${file} was made by a newer calico-doctor (schema ${schema}; this one reads up to ${bundleSchema}).`,
      'Use a calico-doctor at least as new as the one that made it.',
    )
}

/** The snapshot of a bundle that somebody unpacked; undefined where there is none. */
export async function readUnpacked(file: string): Promise<Snapshot | undefined> {
  const found = await lstat(file).catch(() => undefined)
  if (!found?.isFile()) return undefined
  return snapshotIn(file, await textOf(file, createReadStream(file), readLimits.snapshotBytes))
}

async function textOf(file: string, body: AsyncIterable<Uint8Array>, maxBytes: number): Promise<string> {
  const bytes = await bytesOf(body, maxBytes)
  if (!bytes) throw refused(file, `its snapshot.json is larger than ${Math.floor(maxBytes / 1024 ** 2)} MiB`)
  try {
    return new TextDecoder('utf-8', {fatal: true}).decode(bytes)
  } catch (cause) {
    throw new SourceError(`The snapshot.json in ${file} is not UTF-8.`, 'Collect it anew, or copy it again.', {cause})
  }
}

/** The text of a snapshot.json, held to its shape. Throws SourceError. */
export function snapshotIn(file: string, text: string): Snapshot {
  const json = jsonOf(file, text)
  assertNotNewer(file, (json as {schema?: unknown} | null)?.schema)
  const {snapshot, wrong} = snapshotFrom(json)
  if (snapshot) return snapshot
  throw new SourceError(`The snapshot.json in ${file} has another shape than calico-doctor writes: ${wrong}.`, 'Collect it anew.')
}

function jsonOf(file: string, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new SourceError(`The snapshot.json in ${file} is no JSON.`, 'Collect it anew, or copy it again.', {cause})
  }
}

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

/**
 * The snapshot in a bundle, its shape held to what the engine relies on. Nothing is extracted. Throws SourceError, one sentence, for whatever else it is given:
 * no bundle, a cut or hostile one, one of a newer version.
 */
export async function readBundle(file: string, limits: Partial<ReadLimits> = {}): Promise<Snapshot> {
  const all = {...readLimits, ...limits}
  let text: string | undefined
  // To the end, for a bundle that is cut off or hostile further on is not believed either.
  for await (const {name, body} of archiveEntries(file, all)) {
    if (name !== 'snapshot.json') continue
    if (text !== undefined) throw refused(file, 'it holds snapshot.json twice')
    text = await textOf(file, body, all.snapshotBytes)
  }
  if (text !== undefined) return parsed(file, text)
  throw new SourceError(`${file} holds no snapshot.json, so it is no bundle of calico-doctor.`, 'calico-doctor bundle collect makes one.')
}

async function textOf(file: string, body: ReadableStream<Uint8Array>, maxBytes: number): Promise<string> {
  const bytes = await bytesOf(body, maxBytes)
  if (!bytes) throw refused(file, `its snapshot.json is larger than ${Math.floor(maxBytes / 1024 ** 2)} MiB`)
  try {
    return new TextDecoder('utf-8', {fatal: true}).decode(bytes)
  } catch (cause) {
    throw new SourceError(`The snapshot.json in ${file} is not UTF-8.`, 'Collect it anew, or copy it again.', {cause})
  }
}

function parsed(file: string, text: string): Snapshot {
  const json = jsonOf(file, text)
  const schema = (json as {schema?: unknown} | null)?.schema
  if (typeof schema === 'number' && schema > bundleSchema)
    throw new SourceError(
      `${file} was made by a newer calico-doctor (schema ${schema}; this one reads up to ${bundleSchema}).`,
      'Use a calico-doctor at least as new as the one that made it.',
    )
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

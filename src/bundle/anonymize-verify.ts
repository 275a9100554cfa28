import type {ProbeOutput} from '../engine/collector.ts'
import {SourceError} from '../engine/errors.ts'
import {type Packed, unpack} from '../engine/packed.ts'
import type {Leftover, Search} from './anonymize-search.ts'
import {archiveEntries} from './archive.ts'
import {bytesOf} from './body.ts'

export interface Found extends Leftover {
  /** Path in the bundle. */
  readonly path: string
}

/** Told by us, and so with fields of our own naming. */
const ofJson: ReadonlySet<string> = new Set(['snapshot.json', 'manifest.json'])
const ourWords: ReadonlySet<string> = new Set(['report.json', 'report.html', 'manifest.json'])
/** So much of a file's text is looked at once; what lies across two pieces is in both. */
const overlap = 1_024

/** The first original that is left in a bundle: in any file, in any path, in packed answers too. */
export async function leftoverIn(file: string, search: Search, snapshotBytes = 256 * 1024 ** 2): Promise<Found | undefined> {
  let found: Found | undefined
  for await (const {name, body} of archiveEntries(file)) {
    const inPath = found ? undefined : search(name)
    if (inPath) found = {...inPath, path: name}
    const inOurs: Search = (text, where) => search(text, {...where, ourWords: ourWords.has(name)})
    const inText = found ? undefined : await (ofJson.has(name) ? inJson(body, inOurs, snapshotBytes) : inStream(body, inOurs))
    if (inText) found = {...inText, path: name}
  }
  return found
}

async function inStream(body: ReadableStream<Uint8Array>, search: Search): Promise<Leftover | undefined> {
  const decoder = new TextDecoder()
  let held = ''
  let found: Leftover | undefined
  for await (const chunk of body) {
    if (found) continue
    held += decoder.decode(chunk, {stream: true})
    if (held.length < 65_536) continue
    found = search(held)
    held = held.slice(-overlap)
  }
  return found ?? search(held + decoder.decode())
}

async function inJson(body: ReadableStream<Uint8Array>, search: Search, maxBytes: number): Promise<Leftover | undefined> {
  const bytes = await bytesOf(body, maxBytes)
  if (!bytes)
    throw new SourceError(`What was written of the snapshot or the manifest is larger than ${Math.floor(maxBytes / 1024 ** 2)} MiB, and cannot be searched.`)
  return inValue(JSON.parse(bytes.toString()), '', search)
}

/** Each text behind the name of its field, as that can tell that a word is a name. */
function inValue(value: unknown, key: string, search: Search): Leftover | undefined {
  if (typeof value === 'string') return search(value, {key})
  if (typeof value !== 'object' || value === null) return undefined
  if (!Array.isArray(value) && typeof (value as Packed).packed === 'string') return inValue({...unpack(value as ProbeOutput & Packed)}, key, search)
  for (const [own, part] of Object.entries(value)) {
    const found = inValue(part, Array.isArray(value) ? key : own, search) ?? (Array.isArray(value) || /^[A-Za-z]+$/.test(own) ? undefined : search(own))
    if (found) return found
  }
  return undefined
}

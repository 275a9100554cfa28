import {once} from 'node:events'
import {type ArchiveEntry, archiveEntries} from '../bundle/archive.ts'
import {bytesOf} from '../bundle/body.ts'
import {manifestFrom} from '../bundle/manifest-from.ts'
import {UsageError} from '../engine/errors.ts'
import {nearest} from '../engine/nearest.ts'
import {printable} from '../reporters/printable.ts'
import type {Screen} from '../reporters/screen.ts'
import {contentsPage} from './bundle-text.ts'
import {interruptible} from './interrupt.ts'

type Out = Pick<NodeJS.WriteStream, 'write' | 'isTTY'> & NodeJS.EventEmitter

/** Prints what is in a bundle, or one file of it as it is (escaped for a terminal). Throws SourceError for what is no bundle, UsageError for a path that is not in it. */
export async function showBundle(file: string, path: string | undefined, screen: Screen, out: Out = process.stdout): Promise<void> {
  await interruptible(() => (path === undefined ? list(file, screen, out) : print(file, path, out)))
}

async function list(file: string, screen: Screen, out: Out): Promise<void> {
  const files: {path: string; size: number}[] = []
  let manifest: ReturnType<typeof manifestFrom>
  for await (const entry of archiveEntries(file)) {
    files.push({path: entry.name, size: entry.size})
    if (entry.name === 'manifest.json') manifest = manifestFrom(await manifestText(entry))
  }
  await write(out, contentsPage(manifest, files, screen))
}

/** A manifest of 200,000 files is 60 MB; what is larger is not read. */
const largestManifest = 64 * 1024 ** 2
const manifestText = async ({body}: ArchiveEntry) => (await bytesOf(body, largestManifest))?.toString() ?? ''

async function print(file: string, path: string, out: Out): Promise<void> {
  const names: string[] = []
  for await (const entry of archiveEntries(file)) {
    if (entry.name === path) {
      await copy(entry, out)
      return
    }
    names.push(entry.name)
  }
  const near = nearest(path, names)
  throw new UsageError(
    `${file} holds no ${path}`,
    near.length > 0 ? `Did you mean ${near.join(' or ')}?` : `calico-doctor bundle show ${file} lists what it holds.`,
  )
}

async function copy({body}: ArchiveEntry, out: Out): Promise<void> {
  if (!out.isTTY) {
    for await (const chunk of body) await write(out, chunk)
    return
  }
  const decoder = new TextDecoder()
  for await (const chunk of body) await write(out, escaped(decoder.decode(chunk, {stream: true})))
}

/** Line by line, nothing left out. */
const escaped = (text: string) => text.split('\n').map(printableLine).join('\n')
const printableLine = (line: string) =>
  line
    .split('\t')
    .map(part => printable(part, {max: 1e9, longestWord: 1e9}))
    .join('\t')

async function write(out: Out, chunk: string | Uint8Array): Promise<void> {
  if (!out.write(chunk)) await once(out, 'drain')
}

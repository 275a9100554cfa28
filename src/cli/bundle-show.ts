import {once} from 'node:events'
import {type ArchiveEntry, archiveEntries} from '../bundle/archive.ts'
import {bytesOf} from '../bundle/body.ts'
import {manifestFrom} from '../bundle/manifest-from.ts'
import {UsageError} from '../engine/errors.ts'
import {nearest} from '../engine/nearest.ts'
import {printable} from '../reporters/printable.ts'
import type {Screen} from '../reporters/screen.ts'
import {contentsPage, folderPage, type Listed} from './bundle-text.ts'
import {interruptible} from './interrupt.ts'

type Out = Pick<NodeJS.WriteStream, 'write' | 'isTTY'> & NodeJS.EventEmitter

/** Prints what is in a bundle or in a folder of it, or one file as it is (escaped for a terminal). Throws SourceError for what is no bundle, UsageError for a path that is not in it. */
export async function showBundle(file: string, path: string | undefined, screen: Screen, out: Out = process.stdout): Promise<void> {
  await interruptible(() => (path === undefined ? list(file, screen, out) : print(file, path, screen, out)))
}

/** As far as it goes: what is cut off or hostile further on is said, after what came before. */
async function list(file: string, screen: Screen, out: Out): Promise<void> {
  const files: Listed[] = []
  let manifest: ReturnType<typeof manifestFrom>
  // A pipe takes whole lines.
  const width = out.isTTY ? screen.width : 10_000
  try {
    for await (const entry of archiveEntries(file)) {
      files.push({path: entry.name, size: entry.size})
      if (entry.name === 'manifest.json') manifest = manifestFrom(await manifestText(entry))
    }
  } catch (error) {
    if (files.length > 0) await write(out, contentsPage(manifest, files, {...screen, width}, 'This is not all of it: it could not be read to its end.'))
    throw error
  }
  await write(out, contentsPage(manifest, files, {...screen, width}))
}

/** A manifest of 200,000 files is 60 MB; what is larger is not read. */
const largestManifest = 64 * 1024 ** 2
const manifestText = async ({body}: ArchiveEntry) => (await bytesOf(body, largestManifest))?.toString() ?? ''

async function print(file: string, asked: string, screen: Screen, out: Out): Promise<void> {
  const path = asked
    .replace(/^(?:\.\/+)+/, '')
    .replace(/^\.$/, '')
    .replace(/\/+$/, '')
  const files: Listed[] = []
  for await (const entry of archiveEntries(file)) {
    if (entry.name === path) {
      await copy(entry, out)
      return
    }
    files.push({path: entry.name, size: entry.size})
  }
  const below = path === '' ? files : files.filter(({path: name}) => name.startsWith(`${path}/`))
  if (below.length === 0) throw notThere(file, path, files)
  await write(out, folderPage(below, screen))
}

function notThere(file: string, path: string, files: readonly Listed[]): UsageError {
  const near = nearest(
    path,
    files.map(({path: name}) => name),
  )
  return new UsageError(
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

import {createHash} from 'node:crypto'
import {dirname} from 'node:path'
import {Readable} from 'node:stream'
import {pipeline} from 'node:stream/promises'
import {createGzip} from 'node:zlib'
import {createTarPacker, type TarPackController} from 'modern-tar'
import {type Aside, cannotWrite} from './aside.ts'
import type {BundleFile} from './contents.ts'
import type {FileOrigin, Manifest, ManifestFile} from './manifest.ts'

/**
 * Writes the files and then `manifest.json` as one .tar.gz, synced to disk but still without its final name. Memory holds one piece of one file.
 * Throws SourceError when the disk is full or cannot be written.
 */
export async function writeArchive(aside: Aside, files: Iterable<BundleFile>, manifest: Omit<Manifest, 'files' | 'end'>): Promise<Manifest> {
  const {readable, controller} = createTarPacker()
  const out = writeOut(aside, readable)
  try {
    const [written] = await Promise.all([packAll(controller, files, manifest), out])
    return written
  } catch (error) {
    const cause = await out.then(() => error).catch((reason: unknown) => reason)
    throw isOfSystem(cause) ? cannotWrite(dirname(aside.path), cause) : cause
  }
}

/** `flush` syncs before the file is closed. */
async function writeOut({handle}: Aside, readable: ReadableStream<Uint8Array>): Promise<void> {
  await pipeline(Readable.fromWeb(readable), createGzip(), handle.createWriteStream({flush: true}))
}

const isOfSystem = (error: unknown) => error instanceof Error && 'syscall' in error

async function packAll(controller: TarPackController, files: Iterable<BundleFile>, manifest: Omit<Manifest, 'files' | 'end'>): Promise<Manifest> {
  try {
    const packed: ManifestFile[] = []
    for (const file of files) packed.push(await packFile(controller, file))
    const whole: Manifest = {...manifest, end: new Date().toISOString(), files: packed}
    await packFile(controller, {path: 'manifest.json', source: '', truncated: false, text: () => [`${JSON.stringify(whole, null, 2)}\n`]})
    controller.finalize()
    return whole
  } catch (error) {
    controller.error(error)
    throw error
  }
}

async function packFile(controller: TarPackController, {text, ...origin}: BundleFile): Promise<ManifestFile> {
  const {size, sha256} = measured(text)
  const writer = controller.add({name: origin.path, size, mode: 0o644, ...mtimeOf(origin)}).getWriter()
  for (const piece of text()) if (piece !== '') await writer.write(encoder.encode(piece))
  await writer.close()
  return {...origin, size, sha256}
}

function measured(text: BundleFile['text']): Pick<ManifestFile, 'size' | 'sha256'> {
  const hash = createHash('sha256')
  let size = 0
  for (const piece of text()) {
    hash.update(piece)
    size += Buffer.byteLength(piece)
  }
  return {size, sha256: hash.digest('hex')}
}

const mtimeOf = ({at}: FileOrigin) => (at === undefined ? {} : {mtime: new Date(at)})
const encoder = new TextEncoder()

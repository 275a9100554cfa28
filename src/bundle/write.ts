import {createHash} from 'node:crypto'
import {once} from 'node:events'
import type {WriteStream} from 'node:fs'
import {dirname} from 'node:path'
import {pipeline} from 'node:stream/promises'
import {setTimeout as pause} from 'node:timers/promises'
import {createGzip, deflateRawSync, type Gzip} from 'node:zlib'
import {archiveLimits} from './archive.ts'
import {type Aside, cannotWrite} from './aside.ts'
import type {BundleFile} from './contents.ts'
import {fileLines} from './file-lines.ts'
import {type ManifestFile, type ManifestHead, manifestPieces} from './manifest.ts'
import {type Room, roomFor} from './room.ts'
import {tarEnd, tarHeader, tarPadding} from './tar.ts'

/** A .tar.gz that grows file by file. Memory holds one piece of one file, and what deflate has in hand. */
export interface Archive {
  /** Appends one file after those that were given before it; undefined when there is no room for it. Of one path given twice the second gets a number. */
  add(file: BundleFile): Promise<ManifestFile | undefined>
  /** Appends it whether there is room or not. */
  addAnyway(file: BundleFile): Promise<ManifestFile>
  /** Compressed bytes that have left for the disk. */
  readonly written: number
}
export interface WriteOptions {
  /** Compressed bytes of the whole file. */
  readonly maxBytes?: number
  /** Every file passes here before it is measured and written, `manifest.json` too. */
  readonly pass?: (file: BundleFile) => BundleFile
}
/** Adds all files but the manifest, and says what it tells beside them. */
export type Fill = (archive: Archive) => Promise<Omit<ManifestHead, 'end'>>
export interface Written {
  readonly manifest: ManifestHead
  /** How many, the manifest too, and their bytes before compression. */
  readonly files: number
  readonly bytes: number
}

/**
 * Writes what `fill` adds, and last the manifest, as one .tar.gz, synced to disk but still without its final name.
 * Throws SourceError when the disk is full or cannot be written.
 */
export async function writeArchive(aside: Aside, fill: Fill, options: WriteOptions = {}): Promise<Written> {
  const gzip = createGzip({chunkSize: 65_536})
  // `flush` syncs before the file is closed.
  const sink = aside.handle.createWriteStream({flush: true})
  const out = pipeline(gzip, sink)
  try {
    // Whoever fills may be waiting for a cluster when the disk is full.
    const written = await Promise.race([filled({gzip, sink}, fill, options), out.then(() => new Promise<never>(() => {}))])
    await out
    return written
  } catch (error) {
    gzip.destroy()
    await out.catch(() => {})
    throw isOfSystem(error) ? cannotWrite(dirname(aside.path), error) : error
  }
}

const isOfSystem = (error: unknown) => error instanceof Error && 'syscall' in error

interface Streams {
  readonly gzip: Gzip
  readonly sink: WriteStream
}

async function filled(streams: Streams, fill: Fill, {maxBytes = Number.POSITIVE_INFINITY, pass = file => file}: WriteOptions): Promise<Written> {
  const files = fileLines()
  const named = uniqueNames()
  const room = roomFor({maxBytes, ...archiveLimits})
  const inTurn = oneAtATime()
  const add = (given: BundleFile, anyway: boolean) =>
    inTurn(async () => {
      const {text, ...origin} = pass(given)
      const measure = await measured(text)
      if (!anyway && !(await fits(streams, room, text, measure.size))) return undefined
      const file = {...origin, path: named(origin.path), ...measure}
      await writeFile(streams.gzip, file, text)
      room.took(file.size)
      files.add(file)
      return file
    })
  const addAnyway = async (file: BundleFile) => (await add(file, true))!
  const head = await fill({
    add: file => add(file, false),
    addAnyway,
    get written() {
      return streams.sink.bytesWritten
    },
  })
  const manifest = {...head, end: new Date().toISOString()}
  const lines = files.lines
  await addAnyway({path: 'manifest.json', source: '', truncated: false, text: () => manifestPieces(manifest, lines())})
  await toGzip(streams.gzip, tarEnd)
  streams.gzip.end()
  return {manifest, files: files.count, bytes: files.bytes}
}

/** Files come from many tasks at once; a tar is one after another. */
function oneAtATime(): <T>(work: () => Promise<T>) => Promise<T> {
  let turn: Promise<unknown> = Promise.resolve()
  return work => {
    const done = turn.then(work)
    turn = done.catch(() => {})
    return done
  }
}

/** `a/b.txt`, then `a/b-2.txt`: two answers to one question are both kept. */
function uniqueNames(): (path: string) => string {
  const counts = new Map<string, number>()
  return path => {
    const count = (counts.get(path) ?? 0) + 1
    counts.set(path, count)
    return count === 1 ? path : path.replace(/(\.\w+)?$/, `-${count}$1`)
  }
}

/** Surely, when it fits as it is; else what deflate makes of it decides. */
async function fits({gzip, sink}: Streams, room: Room, text: BundleFile['text'], size: number): Promise<boolean> {
  if (!room.readable(size)) return false
  if (room.holds(sink.bytesWritten + pending({gzip, sink}), size)) return true
  await new Promise<void>(resolve => gzip.flush(() => resolve()))
  const packed = deflateRawSync([...text()].join('')).length
  return room.holds(sink.bytesWritten + pending({gzip, sink}), packed)
}

const pending = ({gzip, sink}: Streams) => gzip.writableLength + gzip.readableLength + sink.writableLength

async function writeFile(gzip: Gzip, {path, size, at}: ManifestFile, text: BundleFile['text']): Promise<void> {
  await toGzip(gzip, tarHeader({name: path, size, mtime: at === undefined ? new Date() : new Date(at)}))
  for (const chunk of inChunks(text())) await toGzip(gzip, Buffer.from(chunk))
  if (size % 512 > 0) await toGzip(gzip, tarPadding(size))
}

/** Waits for the disk, so that nothing piles up. */
async function toGzip(gzip: Gzip, bytes: Buffer): Promise<void> {
  if (!gzip.write(bytes)) await once(gzip, 'drain')
}

const chunkChars = 65_536
/** Few large pieces rather than many small ones, and none so large that encoding it doubles what is held. */
function* inChunks(pieces: Iterable<string>): Generator<string> {
  let held = ''
  for (const piece of pieces) {
    held += piece
    while (held.length >= chunkChars) {
      const end = isLeadSurrogate(held, chunkChars - 1) ? chunkChars - 1 : chunkChars
      yield held.slice(0, end)
      held = held.slice(end)
    }
  }
  if (held !== '') yield held
}

/** Half a character must not be encoded without its other half. */
const isLeadSurrogate = (text: string, at: number) => (text.charCodeAt(at) & 0xfc00) === 0xd800

/** With pauses, in which garbage can be collected: a snapshot is made anew for it, piece by piece. */
async function measured(text: BundleFile['text']): Promise<Pick<ManifestFile, 'size' | 'sha256'>> {
  const hash = createHash('sha256')
  let [size, chunks] = [0, 0]
  for (const chunk of inChunks(text())) {
    hash.update(chunk)
    size += Buffer.byteLength(chunk)
    if (++chunks % chunksAtOnce === 0) await pause(0)
  }
  return {size, sha256: hash.digest('hex')}
}
const chunksAtOnce = 16

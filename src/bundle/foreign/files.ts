import {createReadStream, type Dirent} from 'node:fs'
import {constants, type FileHandle, open, readdir, stat} from 'node:fs/promises'
import {basename, join} from 'node:path'
import {SourceError} from '../../engine/errors.ts'
import {archiveEntries, archiveLimits, refused} from '../archive.ts'

/** One file of another tool's archive, folder or stream. */
export interface ForeignFile {
  /** As in the archive; relative to the folder. */
  readonly path: string
  /** When it was written, where that is known. */
  readonly mtime?: Date
  readonly body: () => AsyncIterable<Uint8Array>
}
export interface ForeignFiles {
  /** Names of all, before any is read. */
  readonly paths: readonly string[]
  readonly each: () => AsyncIterable<ForeignFile>
  /** What to call it where no tool's layout is known. */
  readonly title: string
  /** One stream, whatever it is called. */
  readonly single: boolean
}

/** Symbolic links are left out, never followed: calicoctl's archives have folders of them. */
export const filesOfArchive = (file: string, paths: readonly string[]): ForeignFiles => ({
  paths,
  title: 'this archive',
  single: false,
  async *each() {
    for await (const {name, mtime, body} of archiveEntries(file, archiveLimits, {onLink: () => {}})) yield {path: name, ...(mtime && {mtime}), body: () => body}
  },
})

/** Plain files only: no link is followed, no pipe and no device is opened. Throws SourceError for a folder that is too large. */
export async function filesOfFolder(folder: string): Promise<ForeignFiles> {
  const paths: string[] = []
  await walk(folder, '', paths, 0)
  return {
    paths: paths.sort(),
    title: 'this folder',
    single: false,
    async *each() {
      for (const path of paths) yield* openFile(folder, path)
    },
  }
}

export const filesOfFile = (file: string): ForeignFiles => ({
  paths: [basename(file)],
  title: 'this file',
  single: true,
  async *each() {
    const {mtime} = await stat(file)
    yield {path: basename(file), mtime, body: () => createReadStream(file)}
  },
})

export const filesOfStream = (stream: AsyncIterable<Uint8Array>): ForeignFiles => ({
  paths: ['stdin'],
  title: 'what came on stdin',
  single: true,
  async *each() {
    yield {path: 'stdin', body: () => stream}
  },
})

/** No tool's folders are as deep. */
const deepest = 40

async function walk(root: string, under: string, paths: string[], depth: number): Promise<void> {
  if (depth > deepest) throw refused(root, `it holds folders in folders, more than ${deepest} deep`)
  for (const entry of await entriesOf(root, join(root, under))) {
    const path = under === '' ? entry.name : `${under}/${entry.name}`
    if (entry.isDirectory()) await walk(root, path, paths, depth + 1)
    else if (entry.isFile()) paths.push(path)
    if (paths.length > archiveLimits.entries) throw refused(root, `it holds more than ${archiveLimits.entries} files`)
  }
}

async function entriesOf(root: string, folder: string): Promise<Dirent[]> {
  try {
    return await readdir(folder, {withFileTypes: true})
  } catch (cause) {
    // What may not be read below is missing; the folder itself is the user's word.
    if (folder === join(root, '')) throw new SourceError(`The folder ${root} cannot be read: ${(cause as Error).message}.`, undefined, {cause})
    return []
  }
}

/** Opened so that a link or a pipe that took the file's place meanwhile is neither followed nor waited for. */
async function* openFile(folder: string, path: string): AsyncGenerator<ForeignFile> {
  const handle = await open(join(folder, path), constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch(() => undefined)
  if (!handle) return
  try {
    const found = await handle.stat()
    if (found.isFile())
      yield {path, mtime: found.mtime, body: () => (found.size > smallFile ? handle.createReadStream({autoClose: false}) : atOnce(handle, found.size))}
  } finally {
    await handle.close()
  }
}

/** A stream for each of 100,000 small files is most of what they cost. */
const smallFile = 256 * 1024

async function* atOnce(handle: FileHandle, size: number): AsyncGenerator<Uint8Array> {
  if (size === 0) return
  const {buffer, bytesRead} = await handle.read(Buffer.alloc(size), 0, size, 0)
  yield buffer.subarray(0, bytesRead)
}

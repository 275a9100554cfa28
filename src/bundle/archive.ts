import {createReadStream} from 'node:fs'
import {open, stat} from 'node:fs/promises'
import {createGunzip} from 'node:zlib'
import {createTarDecoder, type ParsedTarEntry} from 'modern-tar'
import {SourceError} from '../engine/errors.ts'
import {nameOf} from './entry-name.ts'

/** What an archive may cost us. */
export interface ArchiveLimits {
  /** Bytes of the whole archive once inflated. */
  readonly totalBytes: number
  readonly entries: number
  /** Inflated bytes for each compressed one, above `ratioFrom` inflated bytes: text comes to 30, deflate itself ends at 1,030. */
  readonly ratio: number
  readonly ratioFrom: number
}
export const archiveLimits: ArchiveLimits = {totalBytes: 2 * 1024 ** 3, entries: 200_000, ratio: 200, ratioFrom: 64 * 1024 ** 2}

export interface ArchiveEntry {
  /** Relative, without `..`. */
  readonly name: string
  /** Bytes, as the header says. */
  readonly size: number
  /** As the header says. */
  readonly mtime?: Date
  /** Read to its end or not at all. */
  readonly body: ReadableStream<Uint8Array>
}

export interface ArchiveOptions {
  /** Told of links, which are left out then; without it an archive with a link is refused. */
  readonly onLink?: (why: string) => void
}

/**
 * The plain files of a .tar.gz or .tar, one after another; nothing is written anywhere. Throws SourceError, one sentence, for what is no archive, is cut off, is
 * larger than the limits, or holds what no bundle does: links, devices, absolute names, names that lead outside.
 */
export async function* archiveEntries(file: string, limits: ArchiveLimits = archiveLimits, options: ArchiveOptions = {}): AsyncGenerator<ArchiveEntry> {
  await assertFile(file)
  const bytes = (await formatOf(file)) === 'tar' ? plainBytes(file, limits) : inflated(file, limits)
  const entries = ReadableStream.from(bytes).pipeThrough(createTarDecoder({strict: true}))
  try {
    let count = 0
    for await (const entry of entries) {
      if (++count > limits.entries) throw refused(file, `it holds more than ${limits.entries} files`)
      yield* plainFile(file, entry, options)
    }
  } catch (error) {
    throw error instanceof SourceError ? error : unreadable(file, error)
  }
}

async function* plainFile(file: string, {header, body}: ParsedTarEntry, {onLink}: ArchiveOptions): AsyncGenerator<ArchiveEntry> {
  const name = nameOf(header)
  const isLink = header.type === 'link' || header.type === 'symlink'
  if ('refused' in name) {
    if (!isLink || !onLink) throw refused(file, name.refused)
    onLink(name.refused)
  } else if (header.type === 'file')
    yield {name: name.path, size: header.size, ...(header.mtime && {mtime: header.mtime}), body: ReadableStream.from(sound(file, body))}
  // Read to its end rather than cancelled: modern-tar 0.8.6 forgets the body of the next entry when one that has wholly arrived is cancelled, and hangs.
  if (!body.locked) for await (const _ of body);
}

/** Whoever reads the body of an entry meets the end of an archive that is cut off. */
async function* sound(file: string, body: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* body
  } catch (error) {
    throw error instanceof SourceError ? error : unreadable(file, error)
  }
}

/** By its first bytes: a file's name says nothing. */
export async function formatOf(file: string): Promise<'gzip' | 'tar' | 'zip' | 'other'> {
  const handle = await open(file, 'r').catch((cause: unknown) => {
    throw unreadable(file, cause)
  })
  try {
    const {buffer, bytesRead} = await handle.read(Buffer.alloc(512), 0, 512, 0)
    if (buffer[0] === 0x1f && buffer[1] === 0x8b) return 'gzip'
    if (buffer.subarray(0, 4).equals(Buffer.from('PK\x03\x04', 'latin1'))) return 'zip'
    // POSIX says `ustar\0`, GNU tar `ustar `.
    return bytesRead === 512 && buffer.toString('latin1', 257, 262) === 'ustar' ? 'tar' : 'other'
  } finally {
    await handle.close()
  }
}

async function* plainBytes(file: string, {totalBytes}: ArchiveLimits): AsyncGenerator<Uint8Array> {
  let bytes = 0
  for await (const chunk of createReadStream(file) as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > totalBytes) throw refused(file, `it is larger than ${Math.floor(totalBytes / 1024 ** 2)} MiB`)
    yield chunk
  }
}

async function* inflated(file: string, {totalBytes, ratio, ratioFrom}: ArchiveLimits): AsyncGenerator<Uint8Array> {
  const input = createReadStream(file)
  const gunzip = createGunzip()
  input.on('error', error => gunzip.destroy(error))
  let bytes = 0
  try {
    for await (const chunk of input.pipe(gunzip) as AsyncIterable<Buffer>) {
      bytes += chunk.length
      if (bytes > totalBytes) throw refused(file, `it inflates to more than ${Math.floor(totalBytes / 1024 ** 2)} MiB`)
      if (bytes > ratioFrom && bytes > ratio * input.bytesRead) throw refused(file, `it inflates to more than ${ratio} times its size`)
      yield chunk
    }
  } finally {
    input.destroy()
    gunzip.destroy()
  }
}

async function assertFile(file: string): Promise<void> {
  const found = await stat(file).catch((cause: NodeJS.ErrnoException) => {
    throw new SourceError(`The bundle ${file} cannot be read: ${cause.code === 'ENOENT' ? 'no such file' : cause.message}.`, undefined, {cause})
  })
  if (!found.isFile()) throw new SourceError(`${file} is no file.`, 'A bundle is one .tar.gz, as calico-doctor bundle collect writes it.')
}

export const refused = (file: string, why: string): SourceError =>
  new SourceError(`${file} is not read: ${why}.`, 'No bundle of calico-doctor is like that; look where it comes from.')

function unreadable(file: string, cause: unknown): SourceError {
  return new SourceError(`${file} cannot be read: ${reasonOf(cause)}.`, 'Collect it anew, or copy it again.', {cause})
}

function reasonOf(error: unknown): string {
  const code = (error as NodeJS.ErrnoException | undefined)?.code
  const message = error instanceof Error ? error.message : String(error)
  if (code === 'Z_BUF_ERROR' || message.includes('truncated')) return 'it is cut off'
  if (code?.startsWith('Z_')) return message.includes('incorrect header') ? 'it is no .tar.gz' : 'it is damaged'
  if (code === 'EACCES') return 'permission denied'
  return code === undefined ? 'it is no .tar.gz, or it is damaged' : message
}

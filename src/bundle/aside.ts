import {type FileHandle, link, open, rename, rm} from 'node:fs/promises'
import {dirname, join, resolve} from 'node:path'
import {SourceError} from '../engine/errors.ts'

/** A file that gets its final name only when it is complete. */
export interface Aside {
  readonly handle: FileHandle
  readonly path: string
  /** After the content was synced: gives it its name. Throws SourceError when a file of that name came up meanwhile. */
  finish(file: string): Promise<void>
  /** Nothing stays behind. */
  discard(): Promise<void>
}

/** Opens it in the folder of the final file, for only within one file system a rename is whole or not at all. Throws SourceError when that cannot be. */
export async function openAside(folder: string): Promise<Aside> {
  const path = join(resolve(folder), `.calico-doctor-${process.pid}-${Date.now()}.part`)
  const handle = await open(path, 'wx', 0o600).catch((error: unknown) => {
    throw cannotWrite(folder, error)
  })
  const discard = async () => {
    await handle.close().catch(() => {})
    await rm(path, {force: true})
  }
  return {handle, path, discard, finish: file => finish(path, file)}
}

/** A hard link refuses to replace; file systems without links get a rename. */
async function finish(path: string, file: string): Promise<void> {
  try {
    await link(path, file)
    await rm(path)
  } catch (error) {
    if (codeOf(error) === 'EEXIST') throw alreadyThere(file)
    await rename(path, file).catch((cause: unknown) => {
      throw cannotWrite(file, cause)
    })
  }
  await syncFolder(dirname(file))
}

/** So that the name outlives a power cut; some file systems cannot. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => undefined)
  await handle?.sync().catch(() => {})
  await handle?.close()
}

export const alreadyThere = (file: string): SourceError => new SourceError(`${file} exists already.`, 'Give another name with -f, or move it away.')

const full: ReadonlySet<string | undefined> = new Set(['ENOSPC', 'EDQUOT', 'EFBIG'])

/** What the disk says, as one sentence. */
export function cannotWrite(file: string, cause: unknown): SourceError {
  if (cause instanceof SourceError) return cause
  const code = codeOf(cause)
  if (full.has(code))
    return new SourceError(`No room to write to ${file}: ${reasons[code!]}.`, 'Nothing was kept. Name a place with more room with -f.', {cause})
  const reason = reasons[code ?? ''] ?? (cause instanceof Error ? cause.message : String(cause))
  return new SourceError(`${file} cannot be written: ${reason}.`, 'Name another place with -f.', {cause})
}

const codeOf = (error: unknown) => (error as NodeJS.ErrnoException | undefined)?.code
const reasons: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'your quota is used up',
  EFBIG: 'files may not grow that large here (ulimit -f)',
  ENOENT: 'no such folder',
  ENOTDIR: 'part of the path is no folder',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'the file system is read-only',
}

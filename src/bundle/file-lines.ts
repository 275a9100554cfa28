import {deflateRawSync, inflateRawSync} from 'node:zlib'
import type {ManifestFile} from './manifest.ts'

/** What the manifest will tell of each file, kept small: sixty thousand files as objects are 30 MB. */
export interface FileLines {
  add(file: ManifestFile): void
  /** Their number, and their bytes before compression. */
  readonly count: number
  readonly bytes: number
  /** JSON, a line each, in the order in which they came. */
  lines(): Generator<string>
}

const together = 256

export function fileLines(): FileLines {
  const packed: Buffer[] = []
  let open: string[] = []
  let [count, bytes] = [0, 0]
  return {
    add(file) {
      open.push(JSON.stringify(file))
      count++
      bytes += file.size
      if (open.length < together) return
      packed.push(deflateRawSync(open.join('\n')))
      open = []
    },
    get count() {
      return count
    },
    get bytes() {
      return bytes
    },
    *lines() {
      for (const batch of packed) yield* inflateRawSync(batch).toString().split('\n')
      yield* open
    },
  }
}

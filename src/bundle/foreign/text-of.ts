/** So much of a file is read: everything of a cluster of 1,000 nodes, as `kubectl get -A -o json` prints it, is 100 MB. */
export const largestFile = 160 * 1024 ** 2

export interface TextRead {
  readonly text: string
  /** There was more than `maxBytes`. */
  readonly cut: boolean
  /** Not every byte was UTF-8. */
  readonly damaged: boolean
}

/** The beginning of a stream as text, UTF-8 or, where its mark says so, UTF-16 as PowerShell writes it. Stops reading once it has enough. */
export async function textOf(body: AsyncIterable<Uint8Array>, maxBytes: number = largestFile): Promise<TextRead> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of body) {
    chunks.push(chunk.length + bytes > maxBytes ? chunk.subarray(0, maxBytes - bytes) : chunk)
    bytes += chunk.length
    if (bytes > maxBytes) break
  }
  const all = Buffer.concat(chunks)
  const utf16 = all[0] === 0xff && all[1] === 0xfe
  const text = new TextDecoder(utf16 ? 'utf-16le' : 'utf-8').decode(all)
  return {text, cut: bytes > maxBytes, damaged: text.includes('\uFFFD') && !wasThere(all)}
}

/** U+FFFD itself in UTF-8: somebody else's damage, which is text like any other. */
const wasThere = (bytes: Buffer) => bytes.includes(Buffer.from([0xef, 0xbf, 0xbd]))

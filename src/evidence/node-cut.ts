/** Bytes of UTF-8 that a text may have at least are its characters, and at most three for each. */
const fits = (text: string, maxBytes: number) => text.length * 3 <= maxBytes || Buffer.byteLength(text) <= maxBytes

export interface Cut {
  readonly text: string
  readonly truncated: boolean
}

/** A text of at most so many bytes, cut between lines: its beginning, or what is newest in it. One line that is too long is all cut: half of one may be half of a credential. */
export function cutToBytes(text: string, maxBytes: number, keep: 'first' | 'last'): Cut {
  if (fits(text, maxBytes)) return {text, truncated: false}
  const bytes = Buffer.from(text)
  return {text: (keep === 'first' ? firstLines(bytes, maxBytes) : lastLines(bytes, maxBytes)).toString(), truncated: true}
}

const newline = 10
const firstLines = (bytes: Buffer, maxBytes: number) => bytes.subarray(0, bytes.subarray(0, maxBytes).lastIndexOf(newline) + 1)

function lastLines(bytes: Buffer, maxBytes: number): Buffer {
  // The newline before the part tells that it begins with a line.
  const before = bytes.indexOf(newline, bytes.length - maxBytes - 1)
  return before < 0 ? Buffer.alloc(0) : bytes.subarray(before + 1)
}

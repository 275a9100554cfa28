/** What an archive may still take. */
export interface Room {
  /** Is there room for so many compressed bytes beside those that are written? */
  holds(written: number, more: number): boolean
  /** May it grow by so many bytes before compression and still be read by us? */
  readable(bytes: number): boolean
  took(bytes: number): void
}

/** The manifest tells every file, and log.txt every task: so much of them compressed, of which half is the sha256. */
const toldBytes = 120
const endBytes = 8_192

/** `maxBytes` compressed; the other limits are those of our own reader, who refuses what is larger. */
export function roomFor({maxBytes, totalBytes, entries}: {maxBytes: number; totalBytes: number; entries: number}): Room {
  let files = 0
  let inflated = 0
  return {
    holds: (written, more) => written + more + endBytes + toldBytes * files <= maxBytes,
    readable: bytes => files + 3 <= entries && inflated + bytes + 2_048 + 1_024 * files <= totalBytes,
    took: bytes => {
      files++
      inflated += bytes + 1_024
    },
  }
}

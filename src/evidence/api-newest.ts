/** Keeps the newest of what comes, in any order, within so many bytes; never holds more than twice as much. */
export interface Newest<T> {
  /** `at` in milliseconds; `size` in bytes. */
  add(item: T, at: number, size: number): void
  /** Newest first. */
  kept(): T[]
  /** How many came. */
  readonly seen: number
}

interface Entry<T> {
  readonly item: T
  readonly at: number
  readonly size: number
}

export function newestWithin<T>(maxBytes: number): Newest<T> {
  let entries: Entry<T>[] = []
  let [bytes, seen] = [0, 0]
  const shrink = () => {
    entries = firstWithin(
      entries.toSorted((a, b) => b.at - a.at),
      maxBytes,
    )
    bytes = entries.reduce((sum, {size}) => sum + size, 0)
  }
  return {
    add(item, at, size) {
      seen++
      entries.push({item, at, size})
      bytes += size
      if (bytes > 2 * maxBytes) shrink()
    },
    kept() {
      shrink()
      return entries.map(({item}) => item)
    },
    get seen() {
      return seen
    },
  }
}

function firstWithin<T>(entries: readonly Entry<T>[], maxBytes: number): Entry<T>[] {
  let room = maxBytes
  const over = entries.findIndex(({size}) => {
    room -= size
    return room < 0
  })
  return over < 0 ? [...entries] : entries.slice(0, over)
}

import {getHeapStatistics, setFlagsFromString} from 'node:v8'
import {runInNewContext} from 'node:vm'

export interface Garbage {
  readonly lookEveryMs: number
  /** Bytes that may come together. */
  readonly growth: number
}
const often: Garbage = {lookEveryMs: 10, growth: 8 * 1024 ** 2}

/**
 * While it runs, garbage is collected whenever `growth` came together. V8 lets the heap double first, and buffers outside of it grow by 64 MiB: on a machine with
 * much memory a bundle of a thousand nodes would take 350 MB for the 80 it needs. One collection takes some 30 ms, and there are a few in a second of hard
 * work. V8's own optimize-for-size saves another tenth, and is not taken back. Returns what ends it.
 */
export function keepHeapSmall({lookEveryMs, growth}: Garbage = often): () => void {
  setFlagsFromString('--optimize-for-size')
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  let least = heldBytes()
  const timer = setInterval(() => {
    const now = heldBytes()
    least = Math.min(least, now)
    if (now - least < growth) return
    collect()
    least = heldBytes()
  }, lookEveryMs)
  timer.unref()
  return () => clearInterval(timer)
}

function heldBytes(): number {
  const {used_heap_size: heap, external_memory: outside} = getHeapStatistics()
  return heap + outside
}

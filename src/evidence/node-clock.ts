import type {Limits} from '../engine/collector.ts'

/** The time that one node may cost in all, shared by its tasks. */
export interface NodeClock {
  /** Runs work within what is left of the node's time. */
  within<T>(node: string | undefined, work: (signal: AbortSignal) => Promise<T>): Promise<T>
  isOver(node: string | undefined): boolean
}

/** A node's time begins with its first task. A task of no node has the overall time alone. */
export function nodeClock(totalMs: number, signal: NonNullable<Limits['signal']>): NodeClock {
  const began = new Map<string, number>()
  const over = new Set<string>()
  const leftMs = (node: string) => totalMs - (performance.now() - (began.get(node) ?? performance.now()))
  return {
    isOver: node => node !== undefined && (over.has(node) || leftMs(node) <= 0),
    async within(node, work) {
      if (node === undefined) return work(signal)
      began.set(node, began.get(node) ?? performance.now())
      const stop = new AbortController()
      const end = () => stop.abort(signal.reason)
      const late = () => {
        over.add(node)
        stop.abort(new Error('the time of this node was over'))
      }
      const timer = setTimeout(late, leftMs(node))
      signal.addEventListener('abort', end, {once: true})
      if (signal.aborted) end()
      try {
        return await work(stop.signal)
      } finally {
        clearTimeout(timer)
        signal.removeEventListener('abort', end)
      }
    },
  }
}

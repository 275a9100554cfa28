import {appetite} from './appetite.ts'
import {budgetOf} from './budget.ts'
import {nodeClock} from './node-clock.ts'
import {type RunNotes, type RunResult, runNotes} from './run-notes.ts'
import type {EvidenceFile, EvidenceTask} from './task.ts'

export interface RunOptions {
  /** One exec or request. */
  readonly nodeTimeoutMs: number
  /** All that is asked of one node. */
  readonly nodeTotalMs: number
  /** Tasks at once. */
  readonly concurrency: number
  /** What tasks in flight may hold together. */
  readonly memoryBytes: number
  /** Ends the asking; what was not asked by then is left out. */
  readonly signal: AbortSignal
  /** How long tasks may take to wind up once it ended. */
  readonly graceMs: number
  /** Takes a file at once, so that nobody holds it longer; false when there is no room for more. */
  readonly keep: (file: EvidenceFile) => Promise<boolean>
  readonly onProgress?: (progress: EvidenceProgress) => void
}
export interface EvidenceProgress {
  readonly done: number
  readonly wanted: number
  /** Of the time that was estimated for all, what the done ones stood for: 0 to 1. */
  readonly part: number
}

/** A task that stalls gives its slot to the next after so long, and is still waited for. */
const stallMs = 5_000

/**
 * Runs the tasks in their order, some at a time, and gives each file away as it comes. Never throws for what a cluster does; rejects when `keep` does.
 * What the end of the time, of the room or of one node's time cuts off is named.
 */
export async function runEvidence(tasks: readonly EvidenceTask[], options: RunOptions): Promise<RunResult> {
  const notes = runNotes(tasks, options)
  const failure = Promise.withResolvers<never>()
  const over = Promise.race([windUp(options), failure.promise])
  over.catch(() => {})
  const keep = (file: EvidenceFile) => options.keep(file).catch(failing(failure.reject))
  const runOne = taskRunner(notes, {...options, keep})
  const [slots, memory, wanted] = [budgetOf(options.concurrency), budgetOf(options.memoryBytes), appetite()]
  const running = new Set<Promise<void>>()
  for (const task of tasks) {
    const shares = await Promise.race([Promise.all([slots.take(1), memory.take(wanted.of(task))]), over])
    if (!shares || notes.stop() !== undefined) break
    const stalled = setTimeout(shares[0].release, stallMs)
    const done = runOne(task)
      .then(bytes => wanted.learn(task, bytes))
      .finally(() => {
        clearTimeout(stalled)
        shares.forEach(share => share.release())
        running.delete(done)
      })
    running.add(done)
  }
  await Promise.race([Promise.all(running), over])
  return notes.close()
}

/** Runs one task and says how many bytes its largest file had. */
function taskRunner(notes: RunNotes, {nodeTimeoutMs, nodeTotalMs, signal, keep}: RunOptions): (task: EvidenceTask) => Promise<number> {
  const clock = nodeClock(nodeTotalMs, signal)
  return async task => {
    const note = notes.begin(task)
    if (clock.isOver(task.node)) return note.end('node-time')
    const visit = async (within: AbortSignal) => {
      for await (const evidence of task.run({timeoutMs: nodeTimeoutMs, maxBytes: task.maxBytes, signal: within})) {
        if (notes.closed) return true
        if ('missed' in evidence) note.missed(evidence.missed)
        else if (!(await note.keep(evidence.file, keep))) return false
      }
      return true
    }
    const hadRoom = await clock.within(task.node, visit).catch((error: unknown) => note.failed(error))
    if (!hadRoom) return note.end('size')
    return note.end(clock.isOver(task.node) ? 'node-time' : undefined)
  }
}

/** Ends the whole run by it; the task that was at it ends, too. */
const failing = (fail: (error: unknown) => void) => (error: unknown) => {
  fail(error)
  throw error
}

/** Some time after the end of the asking, for what does not notice it. */
function windUp({signal, graceMs}: RunOptions): Promise<undefined> {
  return new Promise(resolve => {
    const later = () => void setTimeout(resolve, graceMs, undefined).unref()
    if (signal.aborted) later()
    else signal.addEventListener('abort', later, {once: true})
  })
}

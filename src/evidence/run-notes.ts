import type {Missed} from '../bundle/manifest.ts'
import type {LeftOutItem, LeftOutWhy} from './left-out.ts'
import type {RunOptions} from './run.ts'
import type {EvidenceFile, EvidenceTask} from './task.ts'

type Cut = Exclude<LeftOutWhy, 'silent'>
export interface TaskOutcome {
  readonly what: string
  readonly ms: number
  /** Of the files it gave, before compression. */
  readonly bytes: number
  readonly files: number
  readonly missed: number
  readonly ended: 'whole' | LeftOutWhy
}
export interface RunResult {
  /** In the order in which tasks ended. */
  readonly outcomes: readonly TaskOutcome[]
  readonly missed: readonly Missed[]
  readonly leftOut: readonly LeftOutItem[]
}
export interface TaskNote {
  missed(missed: Missed): void
  /** Gives it away; false when there was no room. */
  keep(file: EvidenceFile, keep: RunOptions['keep']): Promise<boolean>
  /** A fault of ours costs this task and no other. */
  failed(error: unknown): true
  /** Says how many bytes its largest file had. */
  end(cut: Cut | undefined): number
}
export interface RunNotes {
  begin(task: EvidenceTask): TaskNote
  /** Why no further task is begun. */
  stop(): LeftOutWhy | undefined
  /** What ends later is not in the bundle. */
  readonly closed: boolean
  close(): RunResult
}

export const leftOutText: Readonly<Record<Cut, string>> = {
  sample: 'healthy, and others were asked for comparison (--sample-nodes)',
  size: 'no room within --max-size',
  time: 'the time (--timeout) was over',
  'node-time': "this node's share of the time was over (8 × --node-timeout)",
  interrupted: 'interrupted',
}

interface Ledger {
  readonly outcomes: TaskOutcome[]
  readonly missed: Missed[]
  readonly leftOut: LeftOutItem[]
  leave(why: Cut, of: Pick<LeftOutItem, 'what' | 'node'>): void
}

/** What became of each task. */
export function runNotes(tasks: readonly EvidenceTask[], {signal, onProgress}: Pick<RunOptions, 'signal' | 'onProgress'>): RunNotes {
  const leftOut: LeftOutItem[] = []
  const leave: Ledger['leave'] = (why, of) => void leftOut.push({why, detail: leftOutText[why], ...of})
  const ledger: Ledger = {outcomes: [], missed: [], leftOut, leave}
  const open = new Set(tasks)
  const msOfAll = tasks.reduce((sum, {estimate}) => sum + estimate.ms + 1, 0)
  let [full, closed, msDone] = [false, false, 0]
  const aborted = () => (signal.aborted ? endOf(signal) : undefined)
  const ended = (task: EvidenceTask, outcome: Omit<TaskOutcome, 'ended'>, cut: Cut | undefined = aborted()) => {
    if (closed) return
    open.delete(task)
    // What had no room was named file by file.
    if (cut !== undefined && cut !== 'size') leave(cut, whatOf(task))
    full ||= cut === 'size'
    ledger.outcomes.push({...outcome, ended: cut ?? 'whole'})
    msDone += task.estimate.ms + 1
    onProgress?.({done: ledger.outcomes.length, wanted: tasks.length, part: msDone / msOfAll})
  }
  return {
    begin: task => taskNote(task, ledger, (outcome, cut) => ended(task, outcome, cut)),
    stop: () => (full ? 'size' : aborted()),
    get closed() {
      return closed
    },
    close() {
      closed = true
      for (const task of open) leave(full ? 'size' : (aborted() ?? 'time'), whatOf(task))
      return ledger
    },
  }
}

function taskNote(task: EvidenceTask, {missed, leave}: Ledger, ended: (outcome: Omit<TaskOutcome, 'ended'>, cut: Cut | undefined) => void): TaskNote {
  const started = performance.now()
  let [bytes, largest, files, misses] = [0, 0, 0, 0]
  const miss = (item: Missed) => {
    misses++
    missed.push(item)
  }
  return {
    missed: miss,
    failed(error) {
      const detail = `calico-doctor itself failed: ${error instanceof Error ? error.message : String(error)}`
      miss({...nodeOf(task), source: task.what, why: 'failed', detail})
      return true
    },
    async keep(file, keep) {
      const kept = await keep(file)
      if (!kept) leave('size', {what: file.path, ...nodeOf(file)})
      files += kept ? 1 : 0
      bytes += file.text.length
      largest = Math.max(largest, file.text.length)
      return kept
    },
    end(cut) {
      ended({what: task.what, ms: Math.round(performance.now() - started), bytes, files, missed: misses}, cut)
      return largest
    },
  }
}

const nodeOf = ({node}: {readonly node?: string}) => (node === undefined ? {} : {node})
const whatOf = (task: EvidenceTask) => ({what: task.what, ...nodeOf(task)})
const endOf = ({reason}: AbortSignal): 'interrupted' | 'time' => (reason instanceof Error && reason.name === 'Interrupted' ? 'interrupted' : 'time')

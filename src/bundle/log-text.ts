import type {TaskOutcome} from '../evidence/run-notes.ts'

export interface Phase {
  readonly name: string
  /** Since the start. */
  readonly atMs: number
  readonly ms: number
}
export interface LogOf {
  /** ISO 8601. */
  readonly start: string
  readonly phases: readonly Phase[]
  /** Every source of the look with what it took. */
  readonly sources: string
  readonly outcomes: readonly TaskOutcome[]
}

/** `log.txt`: our own doings, for who asks why it took so long or what was asked when. */
export function logText({start, phases, sources, outcomes}: LogOf): string {
  const columns = (ms: number, bytes: number) => `${String(ms).padStart(7)} ms ${String(bytes).padStart(9)} B`
  return [
    `Start ${start}`,
    ...phases.map(({name, atMs, ms}) => `  at ${String(atMs).padStart(7)} ms, ${String(ms).padStart(7)} ms: ${name}`),
    '',
    sources.trimEnd(),
    '',
    'Raw evidence, in the order in which it was had; bytes before compression',
    ...outcomes.map(
      ({what, ms, bytes, files, missed, ended}) =>
        `  ${columns(ms, bytes)}  ${oneLine(what)}: ${files} files, ${missed} missed${ended === 'whole' ? '' : `, cut: ${ended}`}`,
    ),
    '',
  ].join('\n')
}

/** Names come from a cluster and may hold anything. */
const oneLine = (text: string) => text.replaceAll(/[\x00-\x1f\x7f-\x9f]/g, '?')

/** Phases of the work, in turn. */
export function stopwatch(): {readonly phases: readonly Phase[]; next(name: string): void; end(): readonly Phase[]} {
  const started = performance.now()
  const phases: Phase[] = []
  let [name, since] = ['', started]
  const end = () => {
    const now = performance.now()
    if (name !== '') phases.push({name, atMs: Math.round(since - started), ms: Math.round(now - since)})
    name = ''
    since = now
    return phases
  }
  return {
    phases,
    end,
    next(following) {
      end()
      name = following
    },
  }
}

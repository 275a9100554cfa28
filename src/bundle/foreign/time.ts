import {record} from '../../collectors/fields.ts'
import {known} from '../../engine/collected.ts'
import type {Snapshot, Take} from '../../engine/snapshot.ts'

interface Signs {
  /** By the tool itself: ISO 8601. */
  readonly declared: string | undefined
  /** Of the youngest file, in ms, 0 where no file tells; a copy has the time of copying. */
  readonly youngest: number
  /** The youngest time in an object. */
  readonly newest: string | undefined
}

/** `calico-diagnostics-20261121_061147`: UTC (calicoctl: commands/cluster/diags.go). */
export function timeInName(name: string, paths: readonly string[]): string | undefined {
  const [, y, mo, d, h, mi, s] = /calico-diagnostics-(\d{4})(\d\d)(\d\d)_(\d\d)(\d\d)(\d\d)/.exec([name, paths[0]].join('\n')) ?? []
  const time = Date.parse(`${y}-${mo}-${d}T${h}:${mi}:${s}Z`)
  return Number.isNaN(time) ? undefined : new Date(time).toISOString()
}

/** When it was collected: what the tool says, else the youngest file, never before the youngest object and never in the future. ISO 8601. */
export function timeOf({declared, youngest, newest}: Signs): string {
  const newestMs = Date.parse(newest ?? '')
  const found = declared === undefined ? youngest : Date.parse(declared)
  const time = Math.max(found, Number.isNaN(newestMs) ? 0 : newestMs)
  return new Date(time > 0 ? Math.min(time, Date.now()) : Date.now()).toISOString()
}

/** The look of now, set back to when the archive was made: ages are counted from there. */
export function atTime(snapshot: Snapshot, takenAt: string): Snapshot {
  const back = (take: Take): Take => ({
    ...take,
    at: takenAt,
    ms: 0,
    data: take.data.known ? known(setBack(take.data.value, takenAt), take.data.partial) : take.data,
  })
  const evidence = Object.fromEntries(Object.entries(snapshot.evidence).map(([source, takes]) => [source, takes.map(back)]))
  return {...snapshot, takenAt, durationMs: 0, evidence}
}

/** Collectors that need our clock keep it as `at` of what they saw. */
function setBack(value: unknown, takenAt: string): unknown {
  const seen = record(value)
  return seen && typeof seen.at === 'string' && Object.hasOwn(seen, 'at') ? {...seen, at: takenAt} : value
}

import type {Check} from '../engine/check.ts'
import type {FactTable} from '../engine/facts.ts'
import {type Report, report} from '../engine/report.ts'
import type {Snapshot} from '../engine/snapshot.ts'

/** Judging may take so much of the time, and is done less often where it would take more: a mesh of a thousand nodes has a million sessions. */
const shareOfTime = 0.2

/** Judges again and again. */
export class Judge {
  readonly why: Readonly<Record<string, string>>
  latest: Report | undefined
  readonly #checks: readonly Check[]
  readonly #version: string
  #notBefore = 0

  constructor({checks, version}: {readonly checks: readonly Check[]; readonly version: string}) {
    this.#checks = checks
    this.#version = version
    this.why = Object.fromEntries(checks.map(({id, why}) => [id, why]))
  }

  /** undefined when it was judged a moment ago, and judging takes long. */
  again(snapshot: Snapshot, table: FactTable): Report | undefined {
    const started = performance.now()
    if (started < this.#notBefore) return undefined
    this.latest = report(snapshot, table, this.#checks, {version: this.#version})
    this.#notBefore = started + (performance.now() - started) / shareOfTime
    return this.latest
  }
}

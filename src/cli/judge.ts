import {Flags} from '@oclif/core'
import type {Check} from '../engine/check.ts'
import {exitCode} from '../engine/exit-code.ts'
import {type Report, report} from '../engine/report.ts'
import type {Source} from '../engine/snapshot.ts'
import {render} from '../reporters/index.ts'
import {ofBundle} from './bundle-fault.ts'
import {type LookFlags, look} from './look.ts'
import {version} from './package.ts'
import {screen} from './screen.ts'

export const judgeFlags = {
  output: Flags.option({
    char: 'o',
    description:
      'table: all that was looked at; short: problems only; json and yaml: for machines; markdown: to paste into an issue; html: one file to keep, send or print',
    options: ['table', 'short', 'json', 'yaml', 'markdown', 'html'] as const,
    default: 'table' as const,
    helpGroup: 'OUTPUT',
  })(),
  only: Flags.string({
    description: 'only these checks: id, category or glob (repeatable)',
    helpValue: 'CHECK',
    multiple: true,
    multipleNonGreedy: true,
    helpGroup: 'CHECKS',
  }),
  skip: Flags.string({
    description: 'not these checks: id, category or glob (repeatable)',
    helpValue: 'CHECK',
    multiple: true,
    multipleNonGreedy: true,
    helpGroup: 'CHECKS',
  }),
  'fail-on': Flags.option({
    description: 'the least severity that makes the exit code 1',
    options: ['error', 'warning', 'info'] as const,
    default: 'error' as const,
    helpGroup: 'CHECKS',
  })(),
  'min-coverage': Flags.integer({
    description: 'percent that must have been seen; less makes the exit code 3',
    default: 90,
    min: 0,
    max: 100,
    helpGroup: 'CHECKS',
  }),
}
export interface JudgeFlags {
  readonly output: 'table' | 'short' | 'json' | 'yaml' | 'markdown' | 'html'
  readonly 'fail-on': 'error' | 'warning' | 'info'
  readonly 'min-coverage': number
  readonly 'no-color'?: boolean
  readonly bundle?: string | undefined
}

/** One look and its verdicts. */
export async function judge(flags: LookFlags, checks: readonly Check[], sourceKind: Source['kind'] = 'live'): Promise<Report> {
  const {snapshot, table} = await look(flags, {checks, sourceKind})
  return ofBundle(flags.bundle, () => report(snapshot, table, checks, {version}))
}

/** The exit code is set before anything is formatted. */
export function printReport(judged: Report, flags: JudgeFlags): void {
  process.exitCode = exitCode(judged, {failOn: flags['fail-on'], minCoverage: flags['min-coverage']})
  const page = ofBundle(flags.bundle, () => render(judged, flags.output, screen(flags)))
  process.stdout.write(`${page.trimEnd()}\n`)
}
